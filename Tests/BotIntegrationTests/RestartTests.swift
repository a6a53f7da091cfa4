import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// Promise 1 over restarts: nothing is lost, nothing is answered twice.
@Suite(.timeLimit(.minutes(5)))
struct RestartTests {
    @Test("keeps its memory, answers what came meanwhile, and nothing twice", arguments: TestChat.Kind.allCases)
    func goesOn(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: kind, world: world)
            try await world.running { _ in
                try await chat.converse("my colour is teal", answer: "Noted.")
            }
            world.model.script(ModelAnswer("It is teal."))
            chat.say("what is my colour?")
            try await world.running { app in
                try await chat.reply(holding: "It is teal.")
                try await app.untilAllIsHandled()
            }
            #expect(chat.texts == ["Noted.", "It is teal."])
            #expect(world.model.calls.count == 2)
            #expect(world.model.calls[1].messages.contains { $0.content.contains("my colour is teal") })
            if kind.isTelegram {
                // Told by the farewell or by the first poll of the second run: the first update is never asked for again.
                let offsets = world.telegram.requests("getUpdates").compactMap { $0.integer("offset") }
                #expect(offsets.allSatisfy { $0 >= 700_000_002 })
                #expect(world.telegram.unconfirmed.isEmpty)
            } else {
                #expect(world.discord.identifyCount == 1)
                #expect(world.discord.resumeCount == 1)
            }
        }
    }

    @Test(
        "a stop parks the running reply within ten seconds, and the next start gives it once",
        arguments: TestChat.Kind.allCases)
    func parksTheRunningReply(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: kind, world: world)
            world.model.script(.silence)
            var stopping = ContinuousClock.now
            try await world.running { app in
                chat.say("a question")
                await world.model.waitForCalls(1)
                chat.say("another")
                try await app.until { try await app.app.store.unfinished(after: nil, limit: 10).count == 2 }
                stopping = .now
            }
            // Ten seconds are promised and eight are used; a machine that is busy with other tests gets some more.
            #expect(ContinuousClock.now - stopping < .seconds(15))
            #expect(chat.texts == [])
            try await world.running { app in
                try await chat.reply(holding: "another")
                try await app.untilAllIsHandled()
            }
            #expect(chat.texts.count == 2)
            #expect(chat.texts.first?.contains("a question") == true)
            #expect(world.model.calls.count == 3)
        }
    }

    @Test("a reply that ends within the grace is delivered before the program ends")
    func endsWhatIsNearlyDone() async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: .telegram, world: world)
            let gate = Gate(isOpen: false)
            world.model.script(.held("all of it", by: gate))
            try await world.running { app in
                chat.say("a question")
                await world.model.waitForCalls(1)
                app.app.stop()
                gate.set(open: true)
            }
            #expect(chat.texts == ["all of it"])
            #expect(world.logLines("stopped").count == 1)
        }
    }

    @Test("one that is idle ends at once")
    func endsAtOnce() async throws {
        try await AppWorld.with { world in
            var stopping = ContinuousClock.now
            try await world.running { _ in
                try await world.telegram.until { !$0.requests("getUpdates").isEmpty }
                stopping = .now
            }
            // It ends by itself, long before it is made to.
            #expect(ContinuousClock.now - stopping < .seconds(9))
            // These would end the session, and what comes meanwhile would be lost.
            #expect(!world.discord.closeCodes.contains { $0 == 1000 || $0 == 1001 })
        }
    }
}
