import BotCore
import BotSessions

/// `search_history`: finds older messages of the chat that the turn belongs to, and of no other.
struct SearchHistoryTool: Tool {
    private static let limit = 12

    let sessions: SessionManager

    let description = ToolDescription(
        name: "search_history",
        purpose: """
            Finds older messages of this conversation by their words. Use it when the person asks about something that was said \
            before and that you are not shown.
            """,
        parameters: .object([
            "type": .string("object"),
            "properties": .object([
                "words": .object([
                    "type": .string("string"),
                    "description": .string(
                        "Words that the messages hold, in the language in which they were written; what stands in double "
                            + "quotes has to stand so in a message"),
                ])
            ]),
            "required": .array([.string("words")]),
        ]))

    func run(_ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String {
        let words = try arguments.text("words")
        let found: [FoundMessage]
        do throws(StoreError) {
            found = try await sessions.search(words, in: turn.session.id, limit: Self.limit + 1)
        } catch {
            throw ToolFailure("the history cannot be searched now")
        }
        // The question itself is no find.
        let older = found.filter { $0.seq < turn.message.seq }.prefix(Self.limit)
        if older.isEmpty { return "nothing was found; other words may find it" }
        return older.map { "\($0.at.minute) UTC, \(Self.who($0)): \($0.excerpt)" }.joined(separator: "\n")
    }

    private static func who(_ message: FoundMessage) -> String {
        guard message.role == .user else { return "you" }
        let name = DisplayName.cleaned(message.speaker ?? "")
        return name.isEmpty ? "the person" : name
    }
}
