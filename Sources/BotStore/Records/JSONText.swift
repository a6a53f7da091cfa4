import BotCore
import Foundation

/// JSON columns. Keys are sorted, so that equal values are equal texts.
enum JSONText {
    static func encode(_ members: [String: JSONValue]) throws -> String {
        // Most sessions and messages have none.
        if members.isEmpty { return "{}" }
        return String(decoding: try encoder.encode(members), as: UTF8.self)
    }

    static func decode(_ text: String) throws -> [String: JSONValue] {
        if text == "{}" { return [:] }
        return try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
    }

    static func encode(_ event: InboundEvent) throws -> Data { try encoder.encode(event) }

    static func decodeEvent(_ data: Data) throws -> InboundEvent {
        try JSONDecoder().decode(InboundEvent.self, from: data)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
