import BotCore
import BotTestSupport
import Testing

/// Buttons under answers, as people meet them on Telegram.
@Suite(.timeLimit(.minutes(5)))
struct ButtonTests {
    private static func message(
        holding text: String, in chat: Int64, _ world: AppWorld
    ) async throws -> FakeTelegramMessage {
        try await world.telegram.until { fake in
            fake.sent(in: chat).contains { $0.text.contains(text) && !$0.buttons.isEmpty }
        }
        return try #require(world.telegram.sent(in: chat).last { $0.text.contains(text) })
    }

    @Test("T43: Retry under a failed answer asks once more and goes away")
    func retry() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let user = world.telegram.user(42)
                world.model.script(.error(401, #"{"error":{"message":"no"}}"#), ModelAnswer("It is teal."))
                user.say("what is my colour?")
                let failed = try await Self.message(holding: "does not accept my key", in: 42, world)
                #expect(failed.buttons.map(\.text) == ["Retry"])
                user.press("Retry", under: failed.id)
                try await world.telegram.reply(in: 42, holding: "It is teal.")
                try await world.telegram.until { $0.sent(in: 42).allSatisfy(\.buttons.isEmpty) }
                #expect(world.telegram.presses.map(\.isAnswered) == [true])
            }
        }
    }

    @Test("T43: Continue goes on with an answer that reached its longest length")
    func more() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let user = world.telegram.user(42)
                world.model.script(ModelAnswer("One, two,", ending: .whole(finish: "length")), ModelAnswer("three."))
                user.say("count")
                let cut = try await Self.message(holding: "One, two,", in: 42, world)
                #expect(cut.buttons.map(\.text) == ["Continue"])
                user.press("Continue", under: cut.id)
                try await world.telegram.reply(in: 42, holding: "three.")
                let asked = try #require(world.model.calls.last).messages.filter { $0.role != .system }
                #expect(asked.map(\.role) == [.user, .assistant, .user])
                #expect(asked[1].content == "One, two,")
            }
        }
    }

    @Test("T43: Undo under the confirmation of a reset takes it back; only who reset may press it")
    func undo() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegramGroup, world: world)
                try await chat.converse("the word is heron", answer: "Noted.")
                chat.command("reset", by: 42)
                let done = try await Self.message(holding: "I have forgotten", in: AppWorld.group, world)
                #expect(done.buttons.map(\.text) == ["Undo"])
                world.telegram.user(43).press("Undo", under: done.id, in: AppWorld.group)
                try await world.telegram.until { $0.presses.contains { $0.notice != nil } }
                #expect(
                    world.telegram.presses[0].notice
                        == "Only the person who did this and the administrators of this chat can take it back.")
                world.telegram.user(42).press("Undo", under: done.id, in: AppWorld.group)
                try await chat.reply(holding: "I remember 2 messages again")
                try await chat.converse("what is the word?", answer: "Heron.")
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("heron") } == true)
                try await app.untilAllIsHandled()
                #expect(chat.texts.filter { $0.contains("I remember") }.count == 1)
            }
        }
    }

    @Test("T43: a stranger's press does nothing")
    func stranger() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegramGroup, world: world)
                try await chat.converse("the word is heron", answer: "Noted.")
                chat.command("reset", by: 42)
                let done = try await Self.message(holding: "I have forgotten", in: AppWorld.group, world)
                world.telegram.user(AppWorld.strangerID).press("Undo", under: done.id, in: AppWorld.group)
                try await world.telegram.until { $0.presses.contains(where: \.isAnswered) }
                #expect(world.telegram.presses[0].notice == "Only people whom my owner has let in can use this.")
                try await app.untilAllIsHandled()
                #expect(chat.texts.allSatisfy { !$0.contains("I remember") })
                #expect(world.telegram.sent(in: AppWorld.group).last?.buttons.map(\.text) == ["Undo"])
            }
        }
    }
}
