import BotCore
import BotTestSupport
import Testing

/// Streams of every dialect that break off at any byte, over the wire.
@Suite(.timeLimit(.minutes(5)))
struct BrokenStreamTests {
    private static let words = "Grüße, 漢字"

    private static let answer: ModelAnswer = {
        var answer = ModelAnswer(words, pieceLength: 5, ending: .whole(finish: "tool_calls"))
        answer.reasoning = ["hm"]
        answer.toolCalls = [
            ToolCall(id: "call_0", name: "f", arguments: "{}"),
            ToolCall(id: "call_1", name: "g", arguments: #"{"y":"漢"}"#),
        ]
        return answer
    }()

    @Test(
        "what had come is kept, no call of a tool is half, and nothing is whole that is not",
        arguments: ModelAPI.allCases)
    func breaksAtAnyByte(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            let whole = Self.answer
            var (broken, kept, finished) = (0, 0, 0)
            for count in 0...whole.stream(as: api).count {
                var answer = whole
                answer.breaksAfter = count
                fixture.server.script(answer)
                let (pieces, result) = await fixture.ask()
                let shown = pieces.joined()
                switch result {
                case .failure(let error):
                    #expect(ErrorClass(error) == .network && shown.isEmpty, "after \(count) bytes")
                    broken += 1
                case .success(let completion) where completion.finishReason == .cut:
                    #expect(
                        completion.text == shown && !shown.isEmpty && Self.words.hasPrefix(shown)
                            && completion.toolCalls.isEmpty, "after \(count) bytes")
                    kept += 1
                case .success(let completion):
                    #expect(
                        completion.text == Self.words && shown == Self.words && completion.toolCalls == whole.toolCalls
                            && completion.finishReason == .toolCalls, "after \(count) bytes")
                    finished += 1
                }
            }
            #expect(broken > 50 && kept > 50 && finished > 0)
        }
    }
}
