import BotCore
import Foundation

/// What a message of the outbox carries beside its text, as the column `extras` holds it. Whatever is added here later must
/// be optional: rows that an older version has stored lack it.
struct PayloadExtras: Codable, Equatable {
    var file: ReplyFile?
    var buttons: [ReplyButton]?

    /// The column of a payload; nil when there is nothing beside the text.
    static func encode(_ payload: RenderedChunk) throws -> String? {
        let extras = PayloadExtras(
            file: payload.file, buttons: payload.buttons.isEmpty ? nil : payload.buttons)
        if extras == PayloadExtras() { return nil }
        return String(decoding: try JSONEncoder().encode(extras), as: UTF8.self).storable
    }

    static func decode(_ text: String?) throws -> PayloadExtras {
        guard let text else { return PayloadExtras() }
        return try JSONDecoder().decode(PayloadExtras.self, from: Data(text.utf8))
    }
}
