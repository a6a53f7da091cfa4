import BotCore
import Testing

@testable import BotSessions

/// Invariant 5: each tool call is directly followed by exactly its results.
struct PromptShapeTests {
    private func message(
        _ seq: Int64, _ role: Role, _ text: String = "x", calls: [String] = [], of call: String? = nil,
        model: String? = nil
    ) -> SessionMessage {
        SessionMessage(
            session: SessionID(1), seq: seq, epoch: 1, role: role, text: text, speaker: nil, tokens: 1,
            tokenizer: "characters", model: model, createdAt: Timestamp(rawValue: 0), metadata: [:],
            toolCalls: calls.map { ToolCall(id: $0, name: "find", arguments: "{}") }, toolCallID: call)
    }

    /// The entries as `role seq`, interrupted calls with an exclamation mark.
    private func entries(_ messages: [SessionMessage], languageModel: Bool = true) -> [String] {
        PromptShape.entries(of: messages[...], languageModel: languageModel).map {
            "\($0.role) \(messages[$0.index].seq)" + ($0.call == nil ? "" : "!")
        }
    }

    @Test func resultsFollowTheirCallsInTheOrderOfTheCalls() {
        let messages = [
            message(1, .user), message(2, .assistant, "", calls: ["a", "b"]), message(3, .tool, of: "b"),
            message(4, .tool, of: "a"), message(5, .assistant),
        ]
        #expect(entries(messages) == ["user 1", "assistant 2", "tool 4", "tool 3", "assistant 5"])
    }

    @Test func aCallWithoutResultIsInterrupted() {
        let messages = [message(1, .user), message(2, .assistant, calls: ["a", "b"]), message(3, .tool, of: "b")]
        #expect(entries(messages) == ["user 1", "assistant 2", "tool 2!", "tool 3"])
    }

    @Test func aResultWithoutCallAndASecondResultAreLeftOut() {
        let messages = [
            message(1, .user), message(2, .tool, of: "a"), message(3, .assistant, calls: ["a"]),
            message(4, .tool, of: "a"), message(5, .tool, of: "a"), message(6, .tool, of: "z"), message(7, .tool),
        ]
        #expect(entries(messages) == ["user 1", "assistant 3", "tool 4"])
    }

    @Test func aLateResultMovesToItsCall() {
        let messages = [
            message(1, .user), message(2, .assistant, calls: ["a"]), message(3, .user), message(4, .tool, of: "a"),
        ]
        #expect(entries(messages) == ["user 1", "assistant 2", "tool 4", "user 3"])
    }

    @Test func theSameIdInALaterMessageIsAnotherCall() {
        let messages = [
            message(1, .user), message(2, .assistant, calls: ["a"]), message(3, .tool, of: "a"),
            message(4, .assistant, calls: ["a"]), message(5, .tool, of: "a"),
        ]
        #expect(entries(messages) == ["user 1", "assistant 2", "tool 3", "assistant 4", "tool 5"])
    }

    @Test func emptySystemAndOfflineMessagesAreNotShown() {
        let messages = [
            message(1, .system), message(2, .user), message(3, .assistant, model: "offline"), message(4, .user, ""),
            message(5, .assistant, ""), message(6, .user),
        ]
        #expect(entries(messages) == ["user 2", "user 6"])
        #expect(entries(messages, languageModel: false) == ["user 2", "assistant 3", "user 6"])
    }
}
