import BotCore
import BotHTTP
import BotModels
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(3)))
struct OpenAIProviderTests {
    @Test func streamsTheAnswerInPieces() async throws {
        try await ProviderFixture.with { fixture in
            var answer = ModelAnswer("Grüße, 漢字 and 👩🏽‍🚀!", pieceLength: 3)
            answer.usage = TokenUsage(promptTokens: 12, completionTokens: 7, cachedTokens: 4)
            fixture.server.script(answer)
            let (pieces, result) = await fixture.ask()
            #expect(pieces == ["Grü", "ße,", " 漢字", " an", "d 👩🏽‍🚀", "!"])
            #expect(
                result.value
                    == Completion(
                        text: "Grüße, 漢字 and 👩🏽‍🚀!", finishReason: .stop,
                        usage: TokenUsage(promptTokens: 12, completionTokens: 7, cachedTokens: 4), model: "fake/m"))
        }
    }

    @Test func asksInTheWordsOfTheProtocol() async throws {
        try await ProviderFixture.with { fixture in
            _ = await fixture.ask()
            let call = try #require(fixture.server.calls.first)
            #expect(call.authorization == "Bearer sk-secret")
            #expect(call.model == "m")
            #expect(call.messages.map(\.role) == [.system, .user, .assistant, .user])
            #expect(call.system == "Be brief.")
            #expect(call.question == "How are you?")
            #expect(call.body["stream"] == .bool(true))
            #expect(call.body["stream_options"] == .object(["include_usage": .bool(true)]))
            #expect(call.body["max_tokens"] == .integer(99))
            #expect(call.body["max_completion_tokens"] == nil)
        }
    }

    @Test func sendsNoAuthorizationWithoutAKey() async throws {
        try await ProviderFixture.with(key: nil) { fixture in
            _ = await fixture.ask()
            #expect(fixture.server.calls.first?.authorization == .some(nil))
        }
    }

    @Test func takesAnAnswerThatIsNotStreamed() async throws {
        try await ProviderFixture.with { fixture in
            var answer = ModelAnswer("All at once")
            answer.isStreamed = false
            fixture.server.script(answer)
            let (pieces, result) = await fixture.ask()
            #expect(pieces == ["All at once"])
            #expect(result.value?.finishReason == .stop)
            #expect(result.value?.usage?.promptTokens == 10)
        }
    }

    @Test func keepsReasoningToItself() async throws {
        try await ProviderFixture.with { fixture in
            var answer = ModelAnswer("42")
            answer.reasoning = ["Let me think", " about it"]
            fixture.server.script(answer)
            let (pieces, result) = await fixture.ask()
            #expect(pieces == ["42"])
            #expect(result.value?.text == "42")
        }
    }

    @Test(arguments: [("length", FinishReason.length), ("content_filter", .refused), ("tool_calls", .stop)])
    func tellsWhyTheAnswerEnded(word: String, reason: FinishReason) async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(ModelAnswer("text", ending: .whole(finish: word)))
            #expect(await fixture.ask().result.value?.finishReason == reason)
        }
    }

    // MARK: - What breaks

    @Test(arguments: [
        ModelAnswer.Ending.cut(after: 2), .unfinished(after: 2),
        .failed(after: 2, error: #"{"message":"overloaded","type":"server_error"}"#),
    ])
    func keepsWhatHadComeWhenTheStreamBreaks(ending: ModelAnswer.Ending) async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(ModelAnswer("12345678", pieceLength: 2, gap: .milliseconds(1), ending: ending))
            let result = await fixture.ask().result
            #expect(result.value?.text == "1234")
            #expect(result.value?.finishReason == .cut)
        }
    }

    @Test(arguments: [
        (ModelAnswer.Ending.cut(after: 0), ErrorClass.network), (.unfinished(after: 0), .network),
        (.failed(after: 0, error: #"{"message":"overloaded","type":"server_error"}"#), .unavailable),
        (.failed(after: 0, error: #"{"message":"slow down","code":429}"#), .rateLimited),
        (.failed(after: 0, error: #"{"message":"slow down","type":"rate_limit_exceeded"}"#), .rateLimited),
        (.failed(after: 0, error: #"{"message":"prompt is too long: 9 tokens","code":400}"#), .contextTooLong),
        (.failed(after: 0, error: #""something broke""#), .unavailable),
        (.whole(finish: "stop"), .emptyAnswer),
    ])
    func throwsWhenNoTextHadCome(ending: ModelAnswer.Ending, expected: ErrorClass) async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(ModelAnswer("", ending: ending))
            let (pieces, result) = await fixture.ask()
            #expect(result.errorClass == expected)
            #expect(pieces.isEmpty)
        }
    }

    @Test func aServerThatIsNotThereIsANetworkError() async throws {
        let http = HTTPClient()
        defer { http.shutdown() }
        let settings = OpenAISettings(name: "gone", apiKey: nil, baseURL: "http://127.0.0.1:1/v1", model: "m")
        let provider = OpenAIProvider(
            settings: settings, http: http, time: SystemTime(), logger: ProviderFixture.logger)
        do {
            _ = try await provider.complete(ProviderFixture.request) { _ in }
            Issue.record("it answered")
        } catch {
            #expect(ErrorClass(error) == .network)
        }
    }

    @Test func silenceEndsAtTheDeadlineOfTheFirstToken() async throws {
        let time = ManualTime()
        try await ProviderFixture.with(time: time) { fixture in
            fixture.server.script(.silence)
            async let asked = fixture.ask()
            await fixture.server.waitForCalls(1)
            await time.waitForSleepers()
            time.advance(by: .seconds(60))
            await time.waitForSleepers()
            #expect(time.nextWake == .seconds(60))
            time.advance(by: .seconds(60))
            #expect(await asked.result.errorClass == .timedOut)
            await fixture.server.waitUntilAbandoned(0)
        }
    }

    @Test func aPauseAfterTextEndsAtTheIdleDeadline() async throws {
        let time = ManualTime()
        try await ProviderFixture.with(time: time) { fixture in
            fixture.server.script(ModelAnswer("Well then", pieceLength: 5, ending: .stalled(after: 1)))
            let (arrived, arrival) = AsyncStream.makeStream(of: String.self)
            async let completion = fixture.provider.complete(ProviderFixture.request) { arrival.yield($0) }
            for await piece in arrived {
                #expect(piece == "Well ")
                break
            }
            await time.waitForSleepers()
            time.advance(by: .seconds(60))
            let answer = try await completion
            #expect(answer.text == "Well ")
            #expect(answer.finishReason == .cut)
        }
    }

    @Test func cancellingClosesTheConnectionAtOnce() async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(ModelAnswer("Well then", pieceLength: 5, ending: .stalled(after: 1)))
            await withTaskGroup { group in
                group.addTask { await fixture.ask().result.errorClass }
                await fixture.server.waitForCalls(1)
                group.cancelAll()
                #expect(await group.next() == .cancelled)
            }
            await fixture.server.waitUntilAbandoned(0)
        }
    }

    // MARK: - Refusals over the wire

    @Test(arguments: [
        (401, #"{"error":{"message":"Incorrect API key provided: sk-secret."}}"#, ErrorClass.unauthorized),
        (429, #"{"error":{"message":"quota","code":"insufficient_quota"}}"#, .quotaExceeded),
        (404, #"{"error":{"message":"model \"x\" not found, try pulling it first"}}"#, .unknownModel),
        (400, #"{"error":{"message":"too long","code":"context_length_exceeded"}}"#, .contextTooLong),
        (502, "<html>Bad gateway</html>", .unavailable),
    ])
    func sortsRefusals(status: Int, body: String, expected: ErrorClass) async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(.error(status, body))
            let result = await fixture.ask().result
            #expect(result.errorClass == expected)
            #expect(!"\(result)".contains("sk-secret"))
        }
    }

    @Test func handsOnHowLongToWait() async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(.error(429, "{}", headers: [("Retry-After", "7")]))
            guard case .failure(.rateLimited(let wait, _)) = await fixture.ask().result else {
                Issue.record("not limited")
                return
            }
            #expect(wait == .seconds(7))
        }
    }

    // MARK: - Dialects and models

    @Test func learnsWhichParametersAServerRefuses() async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.script(
                .error(400, #"{"error":{"message":"Unrecognized argument: stream_options"}}"#),
                .error(400, #"{"error":{"message":"Use 'max_completion_tokens' instead of 'max_tokens'"}}"#),
                ModelAnswer("Fine"), ModelAnswer("Again"))
            #expect(await fixture.ask().result.value?.text == "Fine")
            #expect(await fixture.ask().result.value?.text == "Again")
            let calls = fixture.server.calls
            #expect(calls.count == 4)
            #expect(calls[1].body["stream_options"] == nil)
            #expect(calls[2].body["max_completion_tokens"] == .integer(99))
            #expect(calls[2].body["max_tokens"] == nil)
            // What was learnt is remembered.
            #expect(calls[3].body == calls[2].body)
        }
    }

    @Test func givesUpOnAServerThatRefusesEverything() async throws {
        try await ProviderFixture.with { fixture in
            fixture.server.setFallback { _ in
                .error(400, #"{"error":{"message":"no stream_options, no max_completion_tokens"}}"#)
            }
            #expect(await fixture.ask().result.errorClass == .badRequest)
            #expect(fixture.server.calls.count == 3)
        }
    }

    @Test func takesTheBestKnownModelWhenNoneIsNamed() async throws {
        try await ProviderFixture.with(model: "") { fixture in
            fixture.server.setModels(["text-embedding-3-large", "llama3.2:3b", "gpt-4o-mini", "gpt-4o"])
            #expect(await fixture.ask().result.value?.model == "fake/gpt-4o")
            #expect(fixture.provider.name == "fake/gpt-4o")
            #expect(fixture.server.calls.first?.model == "gpt-4o")
        }
    }

    @Test(arguments: [[], ["text-embedding-3-large"]])
    func saysWhenThereIsNoModel(models: [String]) async throws {
        try await ProviderFixture.with(model: "") { fixture in
            fixture.server.setModels(models)
            #expect(await fixture.ask().result.errorClass == .unknownModel)
            #expect(fixture.server.calls.isEmpty)
        }
    }
}
