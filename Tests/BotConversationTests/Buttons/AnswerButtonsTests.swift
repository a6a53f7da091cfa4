import BotCore
import Testing

@testable import BotConversation

@Suite struct AnswerButtonsTests {
    private static let turn = TurnID(7)
    private static let retry = [ReplyButton(label: "Retry", action: .retry(turn))]
    private static let more = [ReplyButton(label: "Continue", action: .resume(turn))]

    private static func buttons(
        _ generated: TurnGeneration.Outcome?, _ interruption: Interruption? = nil, soFar: String = ""
    ) -> [ReplyButton]? {
        let answer = AnswerSoFar(current: soFar)
        guard case .end(let end) = TurnOutcome.of(generated, interruption: interruption, soFar: answer) else {
            return nil
        }
        return AnswerButtons.of(end, turn: turn)
    }

    @Test(
        "T43: Continue stands only under an answer that reached its longest length",
        arguments: [
            ("All.", .stop, []), ("Half", .length, more), ("Half", .refused, []), ("Half", .cut, retry),
            ("", .length, retry), ("", .stop, retry), ("", .refused, []),
        ] as [(String, FinishReason, [ReplyButton])])
    func completions(text: String, reason: FinishReason, wanted: [ReplyButton]) {
        let completion = Completion(text: text, finishReason: reason, usage: nil, model: "m")
        #expect(Self.buttons(.finished(completion)) == wanted)
    }

    @Test(
        "T43: Retry stands under what failed, unless it would fail again",
        arguments: [
            (.network("down"), retry), (.timedOut("slow"), retry), (.rateLimited(retryAfter: nil, "slow"), retry),
            (.unavailable(retryAfter: nil, "down"), retry), (.unauthorized("key"), retry),
            (.emptyAnswer("none"), retry),
            (.onlyReasoning("none"), retry), (.contextTooLong("long"), []), (.badRequest("bad"), []),
        ] as [(ModelError, [ReplyButton])])
    func failures(error: ModelError, wanted: [ReplyButton]) { #expect(Self.buttons(.failed(error)) == wanted) }

    @Test("T43: what was broken off can be tried again, what the person stopped needs no button")
    func interruptions() {
        #expect(Self.buttons(.failed(.network("cut")), soFar: "Half") == Self.retry)
        #expect(Self.buttons(nil, .deadline, soFar: "Half") == Self.retry)
        #expect(Self.buttons(nil, .deadline) == Self.retry)
        #expect(Self.buttons(nil, .stop, soFar: "Half") == [])
        #expect(Self.buttons(nil, .stop) == [])
    }

    @Test("T43: only the last message of an answer carries the buttons")
    func lastMessage() {
        let chunks = [RenderedChunk(text: "one"), RenderedChunk(text: "two", markup: "x")]
        #expect(
            chunks.adding(Self.retry) == [chunks[0], RenderedChunk(text: "two", markup: "x", buttons: Self.retry)])
        #expect(chunks.adding([]) == chunks)
        #expect([RenderedChunk]().adding(Self.retry).isEmpty)
        #expect(chunks.adding(Self.retry)[1].plain == RenderedChunk(text: "two", buttons: Self.retry))
    }
}
