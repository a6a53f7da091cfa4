import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct StopTests {
    @Test func stopKeepsWhatThereIs() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "go" ? .hang(["Half an ", "answer"]) : .say(["next"]) }
            try await f.engine.accept([.message("go"), .message("then")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("stop")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["Half an answer\n\n(stopped)", "next"])
            #expect(
                try await f.log(in: "42") == [
                    "user: go", "assistant: Half an answer", "user: then", "assistant: next",
                ])
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test func nothingIsRunning() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.command("stop")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["Nothing is running."])
        }
    }

    @Test("T38: the button leaves what there is as a message, and is ignored once the answer stands")
    func theButtonIsIgnoredAfterTheEnd() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "go" ? .hang(["Half an ", "answer"]) : .say(["whole"]) }
            try await f.engine.accept([.message("go")], cursor: nil)
            await f.model.waitForRequests(1)
            guard case .begins(let turn)? = f.delivery.calls.first else {
                Issue.record("no turn began")
                return
            }
            try await f.engine.accept([.test(.stopPressed(turn: turn), id: "p1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.test(.stopPressed(turn: turn), id: "p2"), .message("next")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.test(.stopPressed(turn: turn), id: "p3"), .command("status")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts.prefix(2) == ["Half an answer\n\n(stopped)", "whole"])
            #expect(f.model.cancelledCalls == 1)
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test func theButtonStopsItsOwnTurnOnly() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("go")], cursor: nil)
            await f.model.waitForRequests(1)
            guard case .begins(let turn)? = f.delivery.calls.first else {
                Issue.record("no turn began")
                return
            }
            let wrong = InboundEvent.test(.stopPressed(turn: TurnID(turn.rawValue + 100)), id: "w")
            let elsewhere = InboundEvent.test(.stopPressed(turn: turn), chat: "43", id: "e")
            // The answer to /status shows that both presses before it were handled.
            try await f.engine.accept([wrong, elsewhere, .command("status", chat: "43")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.model.cancelledCalls == 0)
            try await f.engine.accept([.test(.stopPressed(turn: turn), id: "p")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts(in: "42") == ["Half\n\n(stopped)"])
        }
    }

    @Test("S7: a stranger stops nothing")
    func strangersStopNothing() async throws {
        let scope = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
        try await EngineFixture(allow: ["telegram:7"]).run { f in
            f.model.script { _ in .hang(["whole"]) }
            try await f.engine.accept([.message("go", chat: "-1", scope: scope)], cursor: nil)
            await f.model.waitForRequests(1)
            let stranger = Speaker(id: "666", name: "Eve")
            for name in ["stop", "reset"] {
                try await f.engine.accept([.command(name, chat: "-1", scope: scope, speaker: stranger)], cursor: nil)
            }
            while try await f.store.unfinished(after: nil, limit: 10).count > 1 { await Task.yield() }
            f.model.release()
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["whole"])
        }
    }
}
