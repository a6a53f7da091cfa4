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

    /// Tool calls; nil for none.
    static func encode(_ calls: [ToolCall]) throws -> String? {
        if calls.isEmpty { return nil }
        return String(decoding: try encoder.encode(calls), as: UTF8.self)
    }

    static func decodeTools(_ text: String?) throws -> [ToolCall] {
        guard let text else { return [] }
        return try JSONDecoder().decode([ToolCall].self, from: Data(text.utf8))
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
