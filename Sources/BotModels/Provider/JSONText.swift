import BotCore
import Foundation

/// JSON as it goes over the wire: the same value always gives the same bytes, so that providers' prompt caches hit.
enum JSONText {
    static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts, whole numbers and finite ones always encode.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
    }

    static func text(_ value: JSONValue) -> String { String(decoding: bytes(value), as: UTF8.self) }

    /// The object in a text; nil when the text is not JSON, or another value.
    static func object(in text: String) -> [String: JSONValue]? {
        // What a model wrote may be anything.
        try? JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
    }

    /// Nil when the bytes are not such a value.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
        // Whoever asks says what it means that they are not.
        try? JSONDecoder().decode(type, from: Data(bytes))
    }
}
