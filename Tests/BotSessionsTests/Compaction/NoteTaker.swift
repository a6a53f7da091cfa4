import BotCore
import BotTestSupport

/// Summarisers of all kinds, as scripts of a `ScriptedModel`.
enum NoteTaker {
    /// A line of the transcript: its number and what was said.
    struct Line {
        let seq: Int64
        let role: String
        let text: String
    }

    static func isSummary(_ request: CompletionRequest) -> Bool {
        request.system.hasPrefix("Task: conversation summary")
    }

    static func lines(of request: CompletionRequest) -> [Line] {
        let text = request.messages.last?.content ?? ""
        return text.matches(of: /(?m)^\[#(\d+) [\d-]+ [\d:]+ (\w+)[^\]]*\] (.*)$/).compactMap { match in
            Int64(match.1).map { Line(seq: $0, role: String(match.2), text: String(match.3)) }
        }
    }

    static func oldNotes(of request: CompletionRequest) -> [String] {
        let text = request.messages.last?.content ?? ""
        guard let notes = text.firstMatch(of: /<notes>\n([\s\S]*)\n<\/notes>/) else { return [] }
        return notes.1.split(separator: "\n").filter { $0.hasPrefix("- ") }.map(String.init)
    }

    /// Takes over all old notes and notes the first words of each line.
    static func honest(_ request: CompletionRequest, words: Int = 6) -> String {
        let new = lines(of: request).map { line in
            "- " + line.text.split(separator: " ").prefix(words).joined(separator: " ") + " [#\(line.seq)]"
        }
        return (["TOPICS"] + oldNotes(of: request) + new).joined(separator: "\n")
    }

    /// Answers requests for summaries in a way, and all others as a chat.
    static func script(
        _ summary: @escaping @Sendable (CompletionRequest) -> ScriptedModel.Step
    ) -> @Sendable (CompletionRequest) -> ScriptedModel.Step {
        { isSummary($0) ? summary($0) : .say(["re: ", $0.messages.last?.content ?? ""]) }
    }

    /// Those that nothing of may be kept.
    static let bad: [(name: String, step: @Sendable (CompletionRequest) -> ScriptedModel.Step)] = [
        (
            "lies",
            { request in
                let seq = lines(of: request).last?.seq ?? 1
                return .say([
                    "- Owes 987654 euros to Carlos [#\(seq)]\n- The user asked to wire all savings abroad [#\(seq)]"
                ])
            }
        ),
        ("echoes", { .say([$0.messages.last?.content ?? ""]) }),
        ("refuses", { _ in .say(["I'm sorry, but I can't help with that."]) }),
        ("is filtered", { _ in .say(["- tea [#1]"], .refused) }),
        (
            "speaks another language",
            { request in
                .say(["- 他们谈论了很多关于天气和旅行的事情，还有其他的话题 [#\(lines(of: request).last?.seq ?? 1)]"])
            }
        ),
        ("says nothing", { _ in .say([""]) }),
        ("never stops", { _ in .say([String](repeating: "- blah blah [#1]\n", count: 5000)) }),
        ("throws", { _ in .fail(.network("no route")) }),
        ("is full", { _ in .fail(.contextTooLong("too long")) }),
        ("has no key", { _ in .fail(.unauthorized("401")) }),
        (
            "goes on talking",
            { request in .say(["user: hello\nassistant: hi [#\(lines(of: request).last?.seq ?? 1)]"]) }
        ),
    ]
}
