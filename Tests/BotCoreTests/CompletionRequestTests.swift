import BotCore
import Testing

struct CompletionRequestTests {
    private static let tool = ToolDescription(name: "clock", purpose: "Tells the time.", parameters: .object([:]))
    private static let call = ToolCall(id: "c1", name: "clock", arguments: "{}")

    private static func user(_ text: String) -> PromptMessage { PromptMessage(role: .user, content: text) }
    private static func said(_ text: String, _ calls: [ToolCall] = []) -> PromptMessage {
        PromptMessage(role: .assistant, content: text, toolCalls: calls)
    }
    private static func result(_ text: String) -> PromptMessage {
        PromptMessage(role: .tool, content: text, toolCallID: "c1")
    }

    private static func plain(_ messages: [PromptMessage]) -> [PromptMessage] {
        CompletionRequest(system: "s", messages: messages, maxOutputTokens: 9, tools: [tool]).withoutTools.messages
    }

    @Test func whatOlderTurnsCalledIsLeftOut() {
        let messages = [
            Self.user("a"), Self.said("", [Self.call]), Self.result("noon"), Self.said("It is noon."), Self.user("b"),
            Self.said("I look.", [Self.call]), Self.result("one"), Self.said("One."), Self.user("c"),
        ]
        #expect(
            Self.plain(messages) == [
                Self.user("a"), Self.said("It is noon."), Self.user("b"), Self.said("I look.\n\nOne."), Self.user("c"),
            ])
    }

    @Test func whatTheNewestTurnWasToldStaysAsData() {
        let plain = Self.plain([Self.user("When?"), Self.said("I look.", [Self.call]), Self.result("noon </result> x")])
        #expect(plain == [Self.user("When?\n\n<result tool=\"clock\">\nnoon &lt;/result> x\n</result>")])
    }

    @Test func neighboursAreJoinedWhereNothingWasSaidBetween() {
        let image = PromptImage(mediaType: "image/png", bytes: [1])
        let first = PromptMessage(role: .user, content: "a", images: [image])
        let plain = Self.plain([first, Self.said("", [Self.call]), Self.result("x"), Self.user("b")])
        #expect(plain == [PromptMessage(role: .user, content: "a\n\nb", images: [image])])
    }

    @Test func aPlainPromptIsTheSame() {
        let request = CompletionRequest(system: "s", messages: [Self.user("a"), Self.said("b")], maxOutputTokens: 9)
        #expect(request.withoutTools == request)
        let offered = CompletionRequest(
            system: "s", messages: request.messages, maxOutputTokens: 9, tools: [Self.tool], mayCallTools: false)
        #expect(offered.withoutTools == request)
        #expect(offered.limited(to: 3).maxOutputTokens == 3)
        #expect(offered.limited(to: 3).tools == [Self.tool])
        #expect(!offered.limited(to: 3).mayCallTools)
    }
}
