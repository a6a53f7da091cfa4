import BotCore

/// Something that a model may have done for its answer. The built-in ones only look things up: none runs a program, reads a file or asks the
/// network.
protocol Tool: Sendable {
    var description: ToolDescription { get }

    /// Does it once; returns what the model is told. It is bounded in time by its caller.
    func run(_ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String
}

/// Why a tool gave no result: the words are for the model, which may try again in another way.
struct ToolFailure: Error, Equatable {
    let words: String

    init(_ words: String) { self.words = words }
}

/// The arguments of a call, as far as they are what was asked for.
struct ToolArguments: Sendable, Equatable {
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) { self.members = members }

    /// A text that must be there and hold something.
    func text(_ name: String) throws(ToolFailure) -> String {
        guard let text = try optionalText(name) else { throw ToolFailure("the argument \(name) is missing") }
        return text
    }

    /// A text that may be left out; nil for one without anything in it.
    func optionalText(_ name: String) throws(ToolFailure) -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text): return text.allSatisfy(\.isWhitespace) ? nil : text
        // Models like to send numbers where a text is asked for.
        case .integer(let number): return "\(number)"
        case .number(let number): return "\(number)"
        case .bool, .array, .object: throw ToolFailure("the argument \(name) is not a text")
        }
    }
}
