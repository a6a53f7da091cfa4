import BotConversation
import BotCore
import BotTestSupport
import Testing

/// What people are shown of messages that wait while the bot is busy.
@Suite(.timeLimit(.minutes(5)))
struct WaitingSignTests {
    private struct Sign: Equatable {
        let message: String
        let isShown: Bool
    }

    private static func message(_ text: String, _ id: String, chat: String = "42") -> InboundEvent {
        .test(.message(InboundMessage(id: id, text: text)), chat: chat, id: "u\(id)")
    }

    private static func signs(in calls: [RecordingDelivery.Call]) -> [Sign] {
        calls.compactMap {
            if case .waiting(let message, let isShown) = $0 { Sign(message: message, isShown: isShown) } else { nil }
        }
    }

    /// Lets time pass until so many signs were asked for in all.
    private static func waitForSigns(_ count: Int, _ f: EngineFixture) async {
        while signs(in: f.delivery.calls).count < count {
            f.time.advance(by: .milliseconds(100))
            await Task.yield()
        }
    }

    private static func waitUntilDone(_ f: EngineFixture) async throws {
        while try await !f.store.unfinished(after: nil, limit: 9).isEmpty { await Task.yield() }
    }

    @Test func messageThatWaitsCarriesASignUntilItsTurnBegins() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "one" ? .hang(["first"]) : .say(["second"]) }
            try await f.engine.accept([Self.message("one", "1"), Self.message("two", "2")], cursor: nil)
            await f.model.waitForRequests(1)
            #expect(Self.signs(in: f.delivery.calls) == [])
            await Self.waitForSigns(1, f)
            #expect(Self.signs(in: f.delivery.calls) == [Sign(message: "2", isShown: true)])
            f.model.release()
            await Self.waitForSigns(2, f)
            #expect(Self.signs(in: f.delivery.calls).last == Sign(message: "2", isShown: false))
            try await Self.waitUntilDone(f)
            #expect(f.delivery.texts == ["first", "second"])
        }
    }

    @Test func shortWaitIsNotShown() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "one" ? .hang(["first"]) : .say(["second"]) }
            try await f.engine.accept([Self.message("one", "1"), Self.message("two", "2")], cursor: nil)
            await f.model.waitForRequests(1)
            f.time.advance(by: .milliseconds(1400))
            f.model.release()
            try await Self.waitUntilDone(f)
            f.time.advance(by: .seconds(5))
            try await f.engine.accept([Self.message("three", "3")], cursor: nil)
            try await Self.waitUntilDone(f)
            #expect(Self.signs(in: f.delivery.calls) == [])
        }
    }

    @Test func resetTakesTheSignAwayWithTheMessage() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["never"]) }
            try await f.engine.accept([Self.message("one", "1"), Self.message("two", "2")], cursor: nil)
            await Self.waitForSigns(1, f)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await Self.waitForSigns(2, f)
            #expect(
                Self.signs(in: f.delivery.calls)
                    == [Sign(message: "2", isShown: true), Sign(message: "2", isShown: false)])
        }
    }

    @Test func signThatCouldNotBeTakenAwayIsTriedAgainAFewTimes() async throws {
        try await EngineFixture().run { f in
            // The sign is shown; then it stands whatever is tried.
            f.delivery.signOutcomes.withLock { $0 = [true, true, true, true, true] }
            f.model.script { $0.words == "one" ? .hang(["first"]) : .say(["second"]) }
            try await f.engine.accept([Self.message("one", "1"), Self.message("two", "2")], cursor: nil)
            await Self.waitForSigns(1, f)
            f.model.release()
            await Self.waitForSigns(5, f)
            try await Self.waitUntilDone(f)
            f.time.advance(by: .seconds(3600))
            try await f.engine.accept([Self.message("three", "3")], cursor: nil)
            try await Self.waitUntilDone(f)
            #expect(Self.signs(in: f.delivery.calls).map(\.isShown) == [true, false, false, false, false])
        }
    }

    @Test func signThatWasRefusedIsNotTakenAway() async throws {
        try await EngineFixture().run { f in
            f.delivery.signOutcomes.withLock { $0 = [false] }
            f.model.script { $0.words == "one" ? .hang(["first"]) : .say(["second"]) }
            try await f.engine.accept([Self.message("one", "1"), Self.message("two", "2")], cursor: nil)
            await Self.waitForSigns(1, f)
            f.model.release()
            try await Self.waitUntilDone(f)
            #expect(Self.signs(in: f.delivery.calls).map(\.isShown) == [true])
        }
    }

    /// The sign that a crash has left would be untrue as soon as the turn begins.
    @Test func signsOfAnEarlierRunAreTakenAway() async throws {
        let store = InMemoryStore()
        _ = try await store.accept([Self.message("one", "1"), Self.message("two", "2")], cursor: nil)
        try await EngineFixture(store: store).run { f in
            await Self.waitForSigns(2, f)
            try await Self.waitUntilDone(f)
            let signs = Self.signs(in: f.delivery.calls)
            #expect(signs.filter { $0.message == "1" }.last?.isShown == false)
            #expect(signs.filter { $0.message == "2" }.last?.isShown == false)
        }
    }

    @Test func strangersAreShownNothing() async throws {
        var settings = ConversationSettings(version: "1")
        settings.parallelTurns = 1
        try await EngineFixture(allow: ["telegram:42"], settings: settings).run { f in
            f.model.script { $0.words == "one" ? .hang(["first"]) : .say(["second"]) }
            try await f.engine.accept(
                [Self.message("one", "1"), Self.message("hi", "2", chat: "43"), Self.message("two", "3")], cursor: nil)
            await Self.waitForSigns(1, f)
            f.model.release()
            await Self.waitForSigns(2, f)
            try await Self.waitUntilDone(f)
            #expect(Self.signs(in: f.delivery.calls).map(\.message) == ["3", "3"])
        }
    }
}
