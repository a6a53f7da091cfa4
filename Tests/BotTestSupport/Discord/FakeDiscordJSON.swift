import BotCore
import FoundationEssentials

extension JSONValue {
    subscript(key: String) -> JSONValue? { members?[key] }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    var isTrue: Bool { self == .bool(true) }

    /// The value as JSON text.
    var text: String {
        // A JSON value always encodes.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }

    init(text: String) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

    static func texts(_ members: [String: String]) -> [String: JSONValue] { members.mapValues { .string($0) } }
}
