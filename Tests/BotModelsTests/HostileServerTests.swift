import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotModels

/// Servers that send what no sane one does.
@Suite(.timeLimit(.minutes(5)))
struct HostileServerTests {
    private static let largest = "9223372036854775807"

    /// Streams with one line that tells counts.
    private static func usage(_ prompt: String, _ completion: String, _ cached: String) -> [([AnswerEvent], String)] {
        let openAI = """
            data: {"usage":{"prompt_tokens":\(prompt),"completion_tokens":\(completion),\
            "prompt_tokens_details":{"cached_tokens":\(cached)}}}\n\n
            """
        let anthropic = """
            data: {"type":"message_start","message":{"usage":{"input_tokens":\(prompt),\
            "cache_creation_input_tokens":\(cached),"cache_read_input_tokens":\(cached),"output_tokens":\(completion)}}}\n\n
            """
        let ollama = """
            {"done":true,"prompt_eval_count":\(prompt),"eval_count":\(completion)}\n
            """
        let decoders: [(any AnswerDecoder, String)] = [
            (OpenAIAnswerDecoder(), openAI), (AnthropicAnswerDecoder(), anthropic), (OllamaAnswerDecoder(), ollama),
        ]
        return decoders.map { decoder, text in
            var decoder = decoder
            return ((try? decoder.feed(Array(text.utf8))) ?? [], text)
        }
    }

    @Test(arguments: [largest, "-\(largest)", "-1", "1e300", "1099511627777", "1.5", "\"7\""])
    func countsThatCannotBeAreNone(count: String) {
        for (events, text) in Self.usage(count, count, count) {
            var answer = AnswerCollector()
            _ = answer.take(events)
            #expect(answer.usage == nil, "\(text)")
        }
        for (events, text) in Self.usage("3", count, count) {
            var answer = AnswerCollector()
            _ = answer.take(events)
            #expect(answer.usage == TokenUsage(promptTokens: 3, completionTokens: 0), "\(text)")
        }
    }

    @Test(arguments: [0, -1, .min] as [Int64])
    func windowsThatCannotBeAreUnknown(count: Int64) async throws {
        try await ProviderFixture.with(.anthropic, model: "fake-model") { fixture in
            fixture.server.setFacts(["max_input_tokens": .integer(count), "max_tokens": .integer(count)])
            #expect(await fixture.provider.traits() == ModelTraits(contextWindow: KnownModels.cautiousWindow))
        }
    }

    @Test func idsOfCallsAreUnique() {
        var answer = AnswerCollector()
        _ = answer.take([
            .toolCall(place: 0, id: "call_2", name: "f", arguments: ""),
            .toolCall(place: 1, id: "call_2", name: "g", arguments: ""),
            .toolCall(place: 2, id: nil, name: "h", arguments: ""),
            .toolCall(place: .max, id: nil, name: "i", arguments: ""),
            .toolCall(place: .min, id: "call_1", name: "e", arguments: ""),
        ])
        #expect(answer.toolCalls.map(\.name) == ["e", "f", "g", "h", "i"])
        #expect(Set(answer.toolCalls.map(\.id)).count == 5)
    }

    /// Each piece costs the same, however many came before.
    @Test(arguments: [("", " "), ("<think>", "\u{301}"), ("<think>a", "\u{301}")])
    func piecesWithoutEndAreTakenInLinearTime(beginning: String, piece: String) {
        var filter = ReasoningFilter()
        let took = ContinuousClock().measure {
            _ = filter.take(beginning)
            for _ in 0..<20_000 { _ = filter.take(piece) }
        }
        #expect(took < .seconds(3))
    }

    @Test(arguments: [(#"{"x":""#, 3 << 20), (#"data: {"x":""#, 1_000_000)])
    func bytesWithoutEndAreTakenInLinearTime(beginning: String, count: Int) throws {
        var decoder = OpenAIAnswerDecoder()
        let piece = [UInt8](repeating: 0x61, count: 32)
        let clock = ContinuousClock()
        let start = clock.now
        _ = try decoder.feed(Array(beginning.utf8))
        for _ in 0..<(count / piece.count) { _ = try decoder.feed(piece) }
        #expect(clock.now - start < .seconds(2))
    }

    @Test func theLongestWindowIsNoTrap() {
        #expect(OllamaDialect(neededContext: .max).contextLength > 1 << 30)
    }

    @Test func aCodeIsCappedAndHidesTheKeyToo() {
        let code = "sk-secret" + String(repeating: "x", count: 5000)
        let error = ModelErrorClassifier(key: Secret("sk-secret"), now: Timestamp(rawValue: 0)).error(
            status: 400, headers: HTTPHeaders([]), body: Array(#"{"error":{"message":"m","code":"\#(code)"}}"#.utf8))
        #expect(!"\(error)".contains("sk-secret"))
        #expect("\(error)".count < 1000)
    }
}
