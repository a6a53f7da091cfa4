import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// Promise 3: `/reset` is atomic.
@Suite(.timeLimit(.minutes(5)))
struct ResetTests {
    @Test("nothing of before reaches the next model call, and /undo takes it back", arguments: TestChat.Kind.allCases)
    func forgetsAndRemembers(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("the word is pelican", answer: "I keep it.")
                chat.command("reset")
                try await chat.reply(holding: "I have forgotten 2 messages")
                try await chat.converse("what is the word?", answer: "I know none.")
                let afterwards = try #require(world.model.calls.last)
                #expect(afterwards.messages.allSatisfy { !$0.content.contains("pelican") })
                #expect(afterwards.messages.allSatisfy { !$0.content.contains("I keep it") })
                let listed = try await app.ask("/api/sessions").text
                #expect(!listed.contains("pelican"))

                // First what was said since, then the reset.
                chat.command("undo")
                try await chat.reply(holding: "taken back 2 messages")
                chat.command("undo")
                try await chat.reply(holding: "again")
                try await chat.converse("and now?", answer: "Pelican!")
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("pelican") } == true)
            }
        }
    }

    @Test(
        "confirms while a model call hangs, ends it, and lets no late word through", arguments: TestChat.Kind.allCases)
    func stopsTheRunningTurn(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                world.model.script(.silence)
                chat.say("the word is stork")
                await world.model.waitForCalls(1)
                chat.say("and this one waits")
                try await app.until { try await app.app.store.unfinished(after: nil, limit: 10).count == 2 }
                chat.command("reset")
                try await chat.reply(holding: "dropped")
                await world.model.waitUntilAbandoned(0)
                try await chat.converse("anything left?", answer: "Nothing.")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 2)
                #expect(world.model.calls[1].messages.allSatisfy { !$0.content.contains("stork") })
                #expect(!chat.texts.contains { $0.contains("stork") || $0.contains("waits") })
            }
        }
    }

    @Test("clearMessages over the API is the same, for a running turn as well")
    func overTheAPI() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                try await chat.converse("the word is crane", answer: "I keep it.")
                world.model.script(.silence)
                chat.say("and more")
                await world.model.waitForCalls(2)
                let id = try await app.ask("/api/sessions").data[0]["id"]
                let cleared = try await app.act("clearMessages", ["sessionId": id])
                #expect(cleared.status == 200)
                #expect(try cleared.data["message_count"] == 0)
                await world.model.waitUntilAbandoned(1)
                try await chat.converse("what is the word?", answer: "I know none.")
                #expect(world.model.calls[2].messages.allSatisfy { !$0.content.contains("crane") })
            }
        }
    }
}
