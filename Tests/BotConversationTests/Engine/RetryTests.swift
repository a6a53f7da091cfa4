import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct RetryTests {
    @Test func retryAnswersTheNewestMessageOnceMore() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .say(["first ", "answer"]) }
            try await f.engine.accept([.message("tell me")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { _ in .say(["second ", "answer"]) }
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["first answer", "second answer"])
            #expect(f.model.requests[1].messages.map(\.content) == f.model.requests[0].messages.map(\.content))
            // It is a turn like any other: with previews, and with its event ended.
            #expect(f.delivery.calls.contains { if case .preview("second ", _) = $0 { true } else { false } })
            #expect(try await f.store.unfinished(after: nil, limit: 1).isEmpty)
            try await f.engine.accept([.message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            let shown = try #require(f.model.requests.last).messages.map(\.content)
            #expect(shown.contains { $0.contains("second answer") })
            #expect(!shown.contains { $0.contains("first answer") })
            #expect(try await f.session(in: "42")?.messageCount == 4)
        }
    }

    @Test func withoutAMessageThereIsNothingToAnswerAgain() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["There is no message that I could answer again."])
            #expect(f.model.requests.isEmpty)
            #expect(try await f.store.unfinished(after: nil, limit: 1).isEmpty)
        }
    }

    @Test func whatFailedIsAnsweredAgain() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .fail(.network("down")) }
            try await f.engine.accept([.message("tell me")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { _ in .say(["an answer"]) }
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "an answer")
            #expect(try await f.log(in: "42") == ["user: tell me", "assistant: an answer"])
        }
    }

    /// The answer before it goes only with the commit of a new one.
    @Test func aRetryThatFailsLeavesTheAnswerThatThereWas() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .say(["kept"]) }
            try await f.engine.accept([.message("tell me")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { _ in .fail(.network("down")) }
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.delivery.waitForTexts(2)
            f.model.script { _ in .say(["next"]) }
            try await f.engine.accept([.message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.model.requests.last?.messages.contains { $0.content.contains("kept") } == true)
        }
    }

    @Test func aRetryCanBeStopped() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("tell me")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.model.waitForRequests(2)
            try await f.engine.accept([.command("stop")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "Half\n\n(stopped)")
        }
    }

    @Test func aRetryThatACrashCutOffIsMadeOnce() async throws {
        let store = InMemoryStore()
        try await EngineFixture(store: store).run { f in
            try await f.engine.accept([.message("tell me")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { _ in .hang(["lost"]) }
            try await f.engine.accept([.command("retry", id: "r")], cursor: nil)
            await f.model.waitForRequests(2)
            store.fail(with: .cancelled)
        }
        store.fail(with: nil)
        try await EngineFixture(store: store).run { f in
            f.model.script { _ in .say(["again"]) }
            await f.delivery.waitForTexts(1)
            // A platform that was not told in time sends the command once more.
            try await f.engine.accept([.command("retry", id: "r"), .message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.requests.count == 2)
            #expect(f.model.requests[1].messages.map(\.content).first == "tell me")
            #expect(f.model.requests[1].messages.contains { $0.content == "again" })
            #expect(try await f.session(in: "42")?.messageCount == 4)
        }
    }

    @Test func aResetEndsARetry() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("tell me")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.script { _ in .hang(["late"]) }
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.model.waitForRequests(2)
            try await f.engine.accept([.command("reset"), .command("retry", id: "again")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts[1].hasPrefix("Done. I have forgotten"))
            #expect(f.delivery.texts[2] == "There is no message that I could answer again.")
        }
    }
}
