import BotCore
import Foundation

/// `MessageEntity` of the Bot API as the bot sends it; offset and length count UTF-16 code units.
struct MessageEntity: Codable, Sendable, Hashable {
    enum Kind: String, Codable, Sendable, CaseIterable {
        case bold, italic, underline, strikethrough, spoiler, code, pre, blockquote
        case link = "text_link"
    }

    var type: Kind
    var offset: Int
    var length: Int
    /// Only of links.
    var url: String?
    /// Only of `pre`.
    var language: String?

    var end: Int { offset + length }

    /// The entity in a text that has as many code units more before it.
    func moved(by units: Int) -> MessageEntity {
        var moved = self
        moved.offset += units
        return moved
    }
}

/// A text with its formatting.
struct FormattedText: Sendable, Equatable {
    var text = ""
    /// By offset, the longer first.
    var entities: [MessageEntity] = []
    /// UTF-16 ranges that are not to be cut beside links: bare addresses, short code and formulas. In order.
    var unbreakable: [Range<Int>] = []

    var renderedChunk: RenderedChunk {
        guard !entities.isEmpty else { return RenderedChunk(text: text) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Entities are numbers and strings, which always encode; without them the text would still arrive.
        let markup = (try? encoder.encode(entities)).map { String(decoding: $0, as: UTF8.self) }
        return RenderedChunk(text: text, markup: markup)
    }
}

extension RenderedChunk {
    /// The entities that `markup` holds; nil when there are none.
    var telegramEntities: [MessageEntity]? {
        guard let markup else { return nil }
        // A markup of another platform or version is left out: the text arrives plain.
        return try? JSONDecoder().decode([MessageEntity].self, from: Data(markup.utf8))
    }
}
