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

    /// The elements of an array; none of anything else.
    var list: [JSONValue] { if case .array(let list) = self { list } else { [] } }

    var isTrue: Bool { self == .bool(true) }

    /// The value as JSON text.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A JSON value always encodes.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }

    init(text: String) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

    /// The value that a text holds as JSON; an empty object when it is none.
    static func parsed(_ text: String) -> JSONValue { (try? JSONValue(text: text)) ?? .object([:]) }

    static func texts(_ members: [String: String]) -> [String: JSONValue] { members.mapValues { .string($0) } }
}
