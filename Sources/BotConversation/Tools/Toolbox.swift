import BotCore
import Foundation

/// The tools that models may call, and the calling of them.
struct Toolbox: Sendable {
    /// How long one call may take.
    private static let deadline = Duration.seconds(20)
    /// The longest result that a model is told, in bytes of UTF-8: some 1,500 tokens.
    static let longestResult = 6_000
    /// The longest arguments that are read, in bytes of UTF-8.
    static let longestArguments = 8_000

    /// What the model is told about them, in the same order each time.
    let descriptions: [ToolDescription]
    private let tools: [String: any Tool]
    private let time: any TimeSource

    init(_ tools: [any Tool], time: any TimeSource) {
        descriptions = tools.map(\.description)
        self.tools = Dictionary(uniqueKeysWithValues: tools.map { ($0.description.name, $0) })
        self.time = time
    }

    /// Calls a tool once, and returns what the model is told: never longer than the limit, and never an error of the program.
    func result(of call: ToolCall, in turn: Turn) async -> String {
        do throws(ToolFailure) {
            guard let tool = tools[call.name] else {
                throw ToolFailure(
                    "there is no such tool; there are \(descriptions.map(\.name).joined(separator: ", "))")
            }
            let arguments = try Self.arguments(of: call)
            return Self.capped(try await run(tool, arguments, in: turn))
        } catch {
            return "error: \(Self.capped(error.words))"
        }
    }

    private func run(_ tool: any Tool, _ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String {
        let results = await withTaskGroup(of: Result<String, ToolFailure>.self) { [time] group in
            group.addTask {
                do throws(ToolFailure) {
                    return .success(try await tool.run(arguments, in: turn))
                } catch { return .failure(error) }
            }
            group.addTask {
                // Ends early when the tool has ended: that comes first then.
                try? await time.sleep(for: Self.deadline)
                return .failure(ToolFailure("it took too long"))
            }
            let first = await group.next()
            group.cancelAll()
            return first
        }
        return try (results ?? .failure(ToolFailure("it did not run"))).get()
    }

    private static func arguments(of call: ToolCall) throws(ToolFailure) -> ToolArguments {
        guard call.arguments.utf8.count <= longestArguments else { throw ToolFailure("the arguments are too long") }
        let text = call.arguments.allSatisfy(\.isWhitespace) ? "{}" : call.arguments
        // Whatever a model writes that is no JSON object is told to it in the same words.
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), let members = value.members
        else { throw ToolFailure("the arguments are not a JSON object") }
        return ToolArguments(members)
    }

    private static func capped(_ text: String) -> String {
        guard text.utf8.count > longestResult else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longestResult)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return text[..<end] + " [cut here: the result was too long]"
    }
}
