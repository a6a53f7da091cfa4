import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ToolTests {
    private static func sum(_ expression: String = "6*7", id: String = "call_1") -> ToolCall {
        ToolCall(id: id, name: "calculator", arguments: "{\"expression\": \"\(expression)\"}")
    }

    private func fixture(store: InMemoryStore = InMemoryStore()) -> EngineFixture {
        let fixture = EngineFixture(store: store)
        fixture.model.know(ModelTraits(callsTools: true))
        return fixture
    }

    /// What tools have returned since the question of a request.
    private static func results(_ request: CompletionRequest) -> [String] {
        request.messages.reversed().prefix { $0.role != .user }.filter { $0.role == .tool }.map(\.content).reversed()
    }

    @Test func aModelIsToldWhatAToolReturned() async throws {
        try await fixture().run { f in
            f.model.script { request in
                let results = Self.results(request)
                return results.isEmpty
                    ? .call([Self.sum()], saying: "Let me see.") : .say(["It is \(results.joined())."])
            }
            try await f.engine.accept([.message("6 times 7?")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["Let me see.\n\nIt is 42."])
            #expect(
                try await f.log(in: "42") == [
                    "user: 6 times 7?", "assistant: Let me see.", "tool: 42", "assistant: It is 42.",
                ])
            let requests = f.model.requests
            #expect(
                requests.map { $0.tools.map(\.name) }
                    == Array(repeating: ["current_time", "search_history", "calculator"], count: 2))
            #expect(requests[1].messages.map(\.role) == [.user, .assistant, .tool])
            #expect(requests[1].messages[2].toolCallID == requests[1].messages[1].toolCalls.first?.id)
            let session = try #require(try await f.session(in: "42"))
            #expect(session.toolCalls == 1)
            let usage = try await f.store.usage(of: session.id, askedBy: nil, at: f.time.now)
            #expect(usage.reduce(0) { $0 + $1.requests } == 2)
            // What was said in the next turn is sent with the calls and results, in the shape that providers want.
            f.model.script { .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("thanks")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests[2].messages.map(\.role) == [.user, .assistant, .tool, .assistant, .user])
        }
    }

    @Test func severalToolsAreCalledAtOnce() async throws {
        try await fixture().run { f in
            f.model.script { request in
                let results = Self.results(request)
                return results.isEmpty
                    ? .call([Self.sum("1+1"), Self.sum("2+2"), ToolCall(id: "x", name: "nothing", arguments: "{}")])
                    : .say([results.joined(separator: " / ")])
            }
            try await f.engine.accept([.message("go")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(
                f.delivery.texts == [
                    "2 / 4 / error: there is no such tool; there are current_time, search_history, calculator"
                ])
            #expect(try await f.session(in: "42")?.toolCalls == 3)
        }
    }

    @Test func aModelThatOnlyCallsToolsIsMadeToAnswer() async throws {
        try await fixture().run { f in
            f.model.script { request in
                request.mayCallTools ? .call([Self.sum("\(request.messages.count)")]) : .say(["Enough."])
            }
            try await f.engine.accept([.message("go")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["Enough."])
            #expect(f.model.requests.count == 9)
            #expect(f.model.requests.last?.tools.isEmpty == false)
            // Nothing of the turn is pushed out of the context.
            #expect(f.model.requests.last?.messages.filter { $0.role == .tool }.count == 8)
        }
    }

    @Test func aModelThatIgnoresThatIsGivenUp() async throws {
        try await fixture().run { f in
            f.model.script { _ in .call([Self.sum()]) }
            try await f.engine.accept([.message("go")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts.count == 1)
            #expect(f.delivery.texts[0].hasPrefix("The model has looked things up again and again"))
            #expect(f.model.requests.count == 4)
        }
    }

    @Test func aModelThatCallsNoToolsIsOfferedNone() async throws {
        try await fixture().run { f in
            f.model.script { Self.results($0).isEmpty ? .call([Self.sum()]) : .say(["42"]) }
            try await f.engine.accept([.message("6*7?")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.know(ModelTraits(callsTools: false))
            f.model.script { .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("thanks")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let request = try #require(f.model.requests.last)
            #expect(request.tools.isEmpty)
            #expect(request.messages.map(\.role) == [.user, .assistant, .user])
        }
    }

    @Test func aServerThatRefusesToolsIsAskedWithoutThem() async throws {
        try await fixture().run { f in
            f.model.script { $0.tools.isEmpty ? .say(["fine"]) : .fail(.badRequest("tools are not supported")) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["fine"])
            #expect(f.model.requests.count == 2)
        }
    }

    @Test func toolsCanBeSwitchedOff() async throws {
        let model = ScriptedModel()
        model.know(ModelTraits(callsTools: true))
        let settings = ConversationSettings(tools: false, version: "1")
        try await EngineFixture(model: model, settings: settings).run { f in
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.model.requests.first?.tools.isEmpty == true)
        }
    }

    @Test func theHistoryOfThisChatAloneIsSearched() async throws {
        try await fixture().run { f in
            f.model.script { .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("the rocket is red", chat: "1")], cursor: nil)
            try await f.engine.accept([.message("the rocket is blue", chat: "2")], cursor: nil)
            await f.delivery.waitForTexts(2)
            f.model.script { request in
                let results = Self.results(request)
                let call = ToolCall(id: "1", name: "search_history", arguments: #"{"words": "rocket"}"#)
                return results.isEmpty ? .call([call]) : .say(results)
            }
            try await f.engine.accept([.message("which rocket?", chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(3)
            let found = f.delivery.texts(in: "1")[1]
            #expect(found.contains("the person: the rocket is red"))
            #expect(found.contains("you: re: the rocket is red"))
            #expect(!found.contains("blue"))
            #expect(!found.contains("which rocket"))
        }
    }

    @Test func stoppingBetweenStepsKeepsWhatWasSaid() async throws {
        try await fixture().run { f in
            f.model.script { Self.results($0).isEmpty ? .call([Self.sum()], saying: "One moment.") : .hang(["It"]) }
            try await f.engine.accept([.message("6*7?")], cursor: nil)
            await f.model.waitForRequests(2)
            try await f.engine.accept([.command("stop")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["One moment.\n\nIt\n\n(stopped)"])
            #expect(
                try await f.log(in: "42") == ["user: 6*7?", "assistant: One moment.", "tool: 42", "assistant: It"])
        }
    }

    @Test func aResetBetweenStepsEndsTheTurn() async throws {
        try await fixture().run { f in
            f.model.script { Self.results($0).isEmpty ? .call([Self.sum()]) : .stubborn(["It is 42."]) }
            try await f.engine.accept([.message("6*7?")], cursor: nil)
            await f.model.waitForRequests(2)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.release()
            f.model.script { .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[0].hasPrefix("Done. I have forgotten 3 messages"))
            #expect(f.delivery.texts[1] == "re: hello")
            #expect(f.model.requests.last?.allWords == ["hello"])
        }
    }

    @Test func aFailureAfterToolsIsTold() async throws {
        try await fixture().run { f in
            f.model.script {
                Self.results($0).isEmpty ? .call([Self.sum()], saying: "One moment.") : .fail(.unauthorized("k"))
            }
            try await f.engine.accept([.message("6*7?")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].hasPrefix("One moment.\n\nI cannot answer: the model's service"))
            f.model.script { .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("again")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests.last?.messages.map(\.role) == [.user, .assistant, .tool, .user])
        }
    }

    @Test func anotherAnswerSeesNothingOfTheOldOne() async throws {
        try await fixture().run { f in
            f.model.script { Self.results($0).isEmpty ? .call([Self.sum()], saying: "Old.") : .say(["old"]) }
            try await f.engine.accept([.message("6*7?")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { Self.results($0).isEmpty ? .call([Self.sum("43")]) : .say(["new"]) }
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let requests = f.model.requests.suffix(2)
            #expect(requests.first?.messages.map(\.role) == [.user])
            #expect(requests.last?.messages.map(\.role) == [.user, .assistant, .tool])
            #expect(requests.last?.messages.last?.content == "43")
            f.model.script { .say(["re: ", $0.words]) }
            try await f.engine.accept([.message("next")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.model.requests.last?.messages.map(\.role) == [.user, .assistant, .tool, .assistant, .user])
            #expect(f.model.requests.last?.messages[3].content == "new")
        }
    }

    /// The engine ends while the model works at what a tool has returned; another one goes on with the same store.
    @Test func aTurnThatWasCutOffCallsNoToolAgain() async throws {
        let store = InMemoryStore()
        try await fixture(store: store).run { f in
            f.model.script { Self.results($0).isEmpty ? .call([Self.sum()], saying: "One moment.") : .hang(["It"]) }
            try await f.engine.accept([.message("6*7?")], cursor: nil)
            await f.model.waitForRequests(2)
        }
        let second = fixture(store: store)
        second.model.script { .say(["It is \(Self.results($0).joined())."]) }
        try await second.run { f in
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["One moment.\n\nIt is 42."])
            #expect(f.model.requests.count == 1)
            let log = try await f.log(in: "42")
            #expect(log == ["user: 6*7?", "assistant: One moment.", "tool: 42", "assistant: It is 42."])
        }
    }

    @Test func aCallThatACrashCutOffIsClosedAsInterrupted() async throws {
        let store = InMemoryStore()
        let entry = try await StoreSamples.accept(.message("6*7?"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store, text: "6*7?")
        let calls = MessageDraft(
            role: .assistant, text: "", tokens: 1, tokenizer: "letters", externalID: "turn/\(turn.id)/step/0",
            model: "scripted/test", toolCalls: [ToolCall(id: "c00000100", name: "calculator", arguments: "{}")])
        _ = try await store.append(TurnStep(message: calls), to: turn.id, at: StoreSamples.at(2))
        let second = fixture(store: store)
        second.model.script { .say([Self.results($0).joined()]) }
        try await second.run { f in
            await f.delivery.waitForTexts(1)
            #expect(
                f.delivery.texts == [
                    "error: interrupted before there was a result; it may or may not have been carried out"
                ])
            #expect(f.model.requests.count == 1)
        }
    }
}
