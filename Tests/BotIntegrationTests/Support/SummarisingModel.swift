import BotCore
import BotSessions
import BotTestSupport

/// What a fake model answers in tests of the session engine: summaries to requests for one, else what the test says.
///
/// Summaries are made beside the replies, so scripted answers could reach the wrong request: only what depends on the request is safe.
enum SummarisingModel {
    static let opening = "Task: conversation summary"

    /// Answers requests for summaries with lines that cite their sources, and all others by the function.
    static func serve(
        _ model: FakeModelServer, _ reply: @escaping @Sendable (FakeModelServer.Call) -> String = { _ in "Noted." }
    ) {
        model.setFallback { call in
            ModelAnswer(isSummary(call) ? notes(of: call.question ?? "") : reply(call))
        }
    }

    static func isSummary(_ call: FakeModelServer.Call) -> Bool { call.system?.hasPrefix(opening) == true }

    /// The calls that were not for a summary.
    static func replies(_ calls: [FakeModelServer.Call]) -> [FakeModelServer.Call] { calls.filter { !isSummary($0) } }

    /// The old notes, and a line for each new message that states a fact.
    private static func notes(of material: String) -> String {
        var lines: [String] = []
        for line in material.split(separator: "\n") {
            if line.hasPrefix("- ") { lines.append(String(line)) }
            guard line.hasPrefix("[#"), let end = line.firstIndex(of: "]"), line.contains(" user") else { continue }
            let number = line.dropFirst(2).prefix(while: \.isNumber)
            let text = line[line.index(after: end)...].drop(while: \.isWhitespace)
            if text.hasPrefix("my ") || text.contains(": my ") { lines.append("- \(text.prefix(80)) [#\(number)]") }
            if text.hasPrefix("filler"), lines.isEmpty { lines.append("- filler talk [#\(number)]") }
        }
        return "PEOPLE & FACTS\n" + lines.prefix(12).joined(separator: "\n")
    }
}

extension CompactionMetrics {
    /// Whether no summary is due or being made.
    var isIdle: Bool { waiting == 0 && running == 0 }
}

extension RunningApp {
    /// The session of a chat, as the API shows it; the only one when there is one.
    func session(_ index: Int = 0) async throws -> JSONValue { try await ask("/api/sessions").data[index] }

    /// Lets much be said in a session, in messages of about 100 tokens that state no fact.
    func fill(_ session: JSONValue, with count: Int, from first: Int = 1) async throws {
        for number in first..<(first + count) {
            let role: JSONValue = number.isMultiple(of: 2) ? "assistant" : "user"
            let words = (1...60).map { "w\((number * 61 + $0 * 17) % 997)" }.joined(separator: " ")
            let data: JSONValue = .object(["role": role, "content": .string("filler \(number) \(words)")])
            let added = try await act("addMessage", ["sessionId": session["id"], "data": data])
            guard added.status == 200 else { throw StoreError.failed(added.text) }
        }
    }
}
