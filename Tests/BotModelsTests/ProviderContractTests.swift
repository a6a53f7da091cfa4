import BotCore
import BotHTTP
import BotModels
import BotTestSupport
import Testing

/// What every dialect keeps, over the wire.
@Suite(.timeLimit(.minutes(5)))
struct ProviderContractTests {
    private static let apis = ModelAPI.allCases
    private static let tool = ToolDescription(
        name: "look_up", purpose: "Looks a word up.",
        parameters: .object([
            "type": .string("object"), "properties": .object(["word": .object(["type": .string("string")])]),
        ]))

    @Test(arguments: apis)
    func streamsTheAnswerInPieces(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            let gate = Gate(isOpen: false)
            var answer = ModelAnswer("Grüße, 漢字 and 👩🏽‍🚀!", pieceLength: 3)
            answer.usage = TokenUsage(promptTokens: 12, completionTokens: 7, cachedTokens: api == .ollama ? 0 : 4)
            answer.hold = (1, gate)
            fixture.server.script(answer)
            var pieces: [String] = []
            let completion = try await fixture.provider.complete(ProviderFixture.request) {
                pieces.append($0)
                gate.set(open: true)
            }
            // The first piece was there before the second was written.
            #expect(pieces.first == "Grü")
            #expect(pieces.joined() == answer.text)
            #expect(
                completion
                    == Completion(text: answer.text, finishReason: .stop, usage: answer.usage, model: "fake/m"))
        }
    }

    @Test(arguments: apis)
    func asksWithTheWholeConversation(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            _ = await fixture.ask()
            let call = try #require(fixture.server.calls.first)
            #expect(call.api == api)
            #expect(call.model == "m")
            #expect(call.messages.map(\.role) == [.system, .user, .assistant, .user])
            #expect(call.system == "Be brief.")
            #expect(call.messages.map(\.content).suffix(3) == ["Hello", "Hi", "How are you?"])
            #expect(call.body["stream"] == .bool(true))
            #expect(call.body["tools"] == nil)
        }
    }

    @Test(arguments: apis)
    func theSameRequestHasTheSameBytes(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            _ = await fixture.ask()
            _ = await fixture.ask()
            let bodies = fixture.server.calls.map(\.bytes)
            #expect(bodies.count == 2)
            #expect(bodies.first == bodies.last)
        }
    }

    @Test(arguments: apis)
    func sendsNoKeyWhereThereIsNone(api: ModelAPI) async throws {
        try await ProviderFixture.with(api, key: nil) { fixture in
            _ = await fixture.ask()
            let call = try #require(fixture.server.calls.first)
            #expect(call.authorization == nil)
            #expect(call.apiKey == nil)
        }
    }

    @Test(arguments: apis)
    func keepsReasoningToItself(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            var answer = ModelAnswer("42")
            answer.reasoning = ["Let me think", " about it"]
            fixture.server.script(answer)
            let (pieces, result) = await fixture.ask()
            #expect(pieces.joined() == "42")
            #expect(result.value?.text == "42")
        }
    }

    @Test(arguments: apis)
    func keepsReasoningBetweenTagsToItself(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            fixture.server.script(ModelAnswer("\n<think>\nSix by seven?\n</think>\n\nIt is 42.", pieceLength: 3))
            let (pieces, result) = await fixture.ask()
            #expect(pieces.joined() == "It is 42.")
            #expect(result.value?.text == "It is 42.")
        }
    }

    @Test(arguments: apis)
    func tellsOfAnAnswerThatIsAllReasoning(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            var thoughtful = ModelAnswer("", ending: .whole(finish: "length"))
            thoughtful.reasoning = ["Let me think"]
            fixture.server.script(thoughtful, ModelAnswer("<think>and on", ending: .whole(finish: "length")))
            #expect(await fixture.ask().result.errorClass == .onlyReasoning)
            #expect(await fixture.ask().result.errorClass == .onlyReasoning)
        }
    }

    @Test(arguments: apis, [("stop", FinishReason.stop), ("length", .length), ("content_filter", .refused)])
    func tellsWhyTheAnswerEnded(api: ModelAPI, end: (word: String, reason: FinishReason)) async throws {
        // Ollama has no filter.
        guard api != .ollama || end.reason != .refused else { return }
        try await ProviderFixture.with(api) { fixture in
            fixture.server.script(ModelAnswer("text", ending: .whole(finish: end.word)))
            #expect(await fixture.ask().result.value?.finishReason == end.reason)
        }
    }

    @Test(arguments: apis)
    func aRefusalWithoutAWordIsARefusal(api: ModelAPI) async throws {
        guard api != .ollama else { return }
        try await ProviderFixture.with(api) { fixture in
            fixture.server.script(ModelAnswer("", ending: .whole(finish: "content_filter")))
            let completion = await fixture.ask().result.value
            #expect(completion?.finishReason == .refused)
            #expect(completion?.text == "")
        }
    }

    // MARK: - Tools and images

    @Test(arguments: apis)
    func offersToolsAndTakesCalls(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            var answer = ModelAnswer("I look.", ending: .whole(finish: "tool_calls"))
            answer.toolCalls = [
                ToolCall(id: "call_0", name: "look_up", arguments: #"{"word":"漢字"}"#),
                ToolCall(id: "call_1", name: "look_up", arguments: #"{"word":"b"}"#),
            ]
            fixture.server.script(answer)
            let request = CompletionRequest(
                system: "", messages: [PromptMessage(role: .user, content: "What is that?")], maxOutputTokens: 9,
                tools: [Self.tool])
            let completion = try #require(await fixture.ask(request).result.value)
            #expect(completion.text == "I look.")
            #expect(completion.finishReason == .toolCalls)
            #expect(completion.toolCalls == answer.toolCalls)
            let offered = fixture.server.calls.first?.body["tools"]
            guard case .array(let tools)? = offered, case .object(let first)? = tools.first else {
                Issue.record("no tools: \(String(describing: offered))")
                return
            }
            let described = api == .anthropic ? first : first["function"]?.members
            #expect(described?["name"] == .string("look_up"))
            #expect(described?[api == .anthropic ? "input_schema" : "parameters"] == Self.tool.parameters)
        }
    }

    @Test(arguments: apis)
    func forbidsCallsInTheWayOfTheAPI(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            let request = CompletionRequest(
                system: "", messages: [PromptMessage(role: .user, content: "Well?")], maxOutputTokens: 9,
                tools: [Self.tool], mayCallTools: false)
            _ = await fixture.ask(request)
            _ = await fixture.ask(request.limited(to: 9, mayCallTools: true))
            let bodies = fixture.server.calls.map(\.body)
            switch api {
            case .openAI: #expect(bodies.map { $0["tool_choice"] } == [.string("none"), nil])
            case .anthropic: #expect(bodies.map { $0["tool_choice"] } == [.object(["type": .string("none")]), nil])
            case .ollama: #expect(bodies.map { $0["tools"] == nil } == [true, false])
            }
            // The description of the tools stays, where prompt caches begin with it.
            if api != .ollama { #expect(bodies[0]["tools"] == bodies[1]["tools"]) }
        }
    }

    @Test(arguments: apis)
    func sendsCallsWithTheirResults(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            let calls = [
                ToolCall(id: "call:0", name: "look_up", arguments: #"{"word":"a"}"#),
                ToolCall(id: "call:1", name: "look_up", arguments: "broken"),
            ]
            let request = CompletionRequest(
                system: "",
                messages: [
                    PromptMessage(role: .user, content: "What is that?"),
                    PromptMessage(role: .assistant, content: "", toolCalls: calls),
                    PromptMessage(role: .tool, content: "a letter", toolCallID: "call:0"),
                    PromptMessage(role: .tool, content: "no such word", toolCallID: "call:1"),
                    PromptMessage(role: .user, content: "Well?"),
                ], maxOutputTokens: 9, tools: [Self.tool])
            _ = await fixture.ask(request)
            let messages = try #require(fixture.server.calls.first?.messages)
            #expect(messages.map(\.role) == [.user, .assistant, .tool, .tool, .user])
            #expect(messages[1].toolCalls.map(\.name) == ["look_up", "look_up"])
            #expect(messages[1].toolCalls.map(\.arguments) == [#"{"word":"a"}"#, "{}"])
            #expect(messages[2].content == "a letter")
            // Each result names its call, in the way of the API.
            let named = messages[2...3].map(\.toolCallID)
            switch api {
            case .openAI: #expect(named == ["call:0", "call:1"])
            case .anthropic: #expect(named == ["call_0", "call_1"])
            case .ollama: #expect(named == ["look_up", "look_up"])
            }
        }
    }

    @Test(arguments: apis)
    func sendsImages(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            let image = PromptImage(mediaType: "image/png", bytes: [0, 1, 2, 253, 254, 255])
            let message = PromptMessage(role: .user, content: "What is on it?", images: [image])
            _ = await fixture.ask(CompletionRequest(system: "", messages: [message], maxOutputTokens: 9))
            let sent = try #require(fixture.server.calls.first?.messages.first)
            #expect(sent.content == "What is on it?")
            #expect(sent.images.map(\.bytes) == [image.bytes])
            if api != .ollama { #expect(sent.images.map(\.mediaType) == ["image/png"]) }
        }
    }

    // MARK: - What breaks

    @Test(
        arguments: apis,
        [
            ModelAnswer.Ending.cut(after: 2), .unfinished(after: 2),
            .failed(after: 2, error: #"{"message":"overloaded","type":"server_error"}"#),
        ])
    func keepsWhatHadComeWhenTheStreamBreaks(api: ModelAPI, ending: ModelAnswer.Ending) async throws {
        try await ProviderFixture.with(api) { fixture in
            fixture.server.script(ModelAnswer("12345678", pieceLength: 2, gap: .milliseconds(1), ending: ending))
            let result = await fixture.ask().result
            #expect(result.value?.text == "1234")
            #expect(result.value?.finishReason == .cut)
        }
    }

    @Test(
        arguments: apis,
        [
            (ModelAnswer.Ending.cut(after: 0), ErrorClass.network), (.unfinished(after: 0), .network),
            (.failed(after: 0, error: #"{"message":"overloaded","type":"server_error"}"#), .unavailable),
            (.failed(after: 0, error: #"{"message":"slow down","code":429}"#), .rateLimited),
            (.failed(after: 0, error: #"{"message":"slow down","type":"rate_limit_exceeded"}"#), .rateLimited),
            (.failed(after: 0, error: #"{"message":"prompt is too long: 9 tokens","code":400}"#), .contextTooLong),
            (.failed(after: 0, error: #""something broke""#), .unavailable),
            (.whole(finish: "stop"), .emptyAnswer),
        ])
    func throwsWhenNoTextHadCome(api: ModelAPI, end: (ending: ModelAnswer.Ending, expected: ErrorClass)) async throws {
        try await ProviderFixture.with(api) { fixture in
            fixture.server.script(ModelAnswer("", ending: end.ending))
            let (pieces, result) = await fixture.ask()
            #expect(result.errorClass == end.expected)
            #expect(pieces.isEmpty)
        }
    }

    @Test func aServerThatIsNotThereIsANetworkError() async throws {
        let http = HTTPClient()
        defer { http.shutdown() }
        let settings = ChatServerSettings(name: "gone", apiKey: nil, baseURL: "http://127.0.0.1:1/v1", model: "m")
        let provider = ChatProvider(
            settings: settings, http: http, time: SystemTime(), logger: ProviderFixture.logger)
        do {
            _ = try await provider.complete(ProviderFixture.request) { _ in }
            Issue.record("it answered")
        } catch {
            #expect(ErrorClass(error) == .network)
        }
    }

    @Test(arguments: apis)
    func silenceEndsAtTheDeadlineOfTheFirstToken(api: ModelAPI) async throws {
        let time = ManualTime()
        try await ProviderFixture.with(api, time: time) { fixture in
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

    @Test(arguments: apis)
    func aPauseAfterTextEndsAtTheIdleDeadline(api: ModelAPI) async throws {
        let time = ManualTime()
        try await ProviderFixture.with(api, time: time) { fixture in
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

    @Test(arguments: apis)
    func cancellingClosesTheConnectionAtOnce(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
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
}
