import BotCore
import BotTestSupport
import Testing

/// Buttons under answers, as people meet them on Discord.
@Suite(.timeLimit(.minutes(5)))
struct DiscordButtonTests {
    private static let ada = AppWorld.snowflake(AppWorld.people[0])
    private static let bob = AppWorld.snowflake(AppWorld.people[1])

    private static func message(
        holding text: String, in channel: String, _ world: AppWorld
    ) async throws -> FakeDiscordMessage {
        try await world.discord.until { fake in
            fake.sent(in: channel).contains { $0.content.contains(text) && !$0.buttons.isEmpty }
        }
        return try #require(world.discord.sent(in: channel).last { $0.content.contains(text) })
    }

    /// What only the person saw who pressed.
    private static func notice(_ interaction: String?, _ world: AppWorld) async throws -> String {
        let id = try #require(interaction)
        try await world.discord.until { !($0.interaction(id)?.followUps.isEmpty ?? true) }
        let message = try #require(world.discord.interaction(id)?.followUps.first)
        let all = world.discord.sent(in: try #require(world.discord.interaction(id)).channel)
        let notice = try #require(all.first { $0.id == message })
        #expect(notice.isPrivate)
        return notice.content
    }

    @Test("D32: Retry under a failed answer is acknowledged in time, asks once more and goes away")
    func retry() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let user = world.discord.user(Self.ada)
                world.model.script(.error(401, #"{"error":{"message":"no"}}"#), ModelAnswer("It is teal."))
                user.say("what is my colour?")
                let failed = try await Self.message(holding: "does not accept my key", in: user.channel, world)
                #expect(failed.buttons.map(\.label) == ["Retry"])
                let press = try #require(user.press(label: "Retry", under: failed.id))
                // A second press, before the first is through, does no harm.
                user.press(failed.buttons[0].code, under: failed.id)
                try await world.discord.reply(in: user.channel, holding: "It is teal.")
                try await world.discord.until { $0.sent(in: user.channel).allSatisfy(\.buttons.isEmpty) }
                let acknowledged = try #require(world.discord.interaction(press)?.acknowledgedAfter)
                #expect(acknowledged < .seconds(3))
                #expect(world.discord.interaction(press)?.callback?["type"] == .integer(6))
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 2)
                #expect(world.discord.sent(in: user.channel).filter { $0.content == "It is teal." }.count == 1)
            }
        }
    }

    @Test("D32: Continue goes on with an answer that reached its longest length, in a server too")
    func more() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let (user, channel) = (world.discord.user(Self.ada), world.discord.general)
                world.model.script(ModelAnswer("One, two,", ending: .whole(finish: "length")), ModelAnswer("three."))
                let question = user.say("count", in: channel, mentioning: true)
                let cut = try await Self.message(holding: "One, two,", in: channel, world)
                #expect(cut.buttons.map(\.label) == ["Continue"])
                let other = world.discord.user(Self.bob).press(label: "Continue", under: cut.id, in: channel)
                #expect(try await Self.notice(other, world).hasPrefix("Only "))
                user.press(label: "Continue", under: cut.id, in: channel)
                let rest = try await world.discord.reply(in: channel, holding: "three.")
                #expect(rest.replyTo == question)
                let asked = try #require(world.model.calls.last).messages.filter { $0.role != .system }
                #expect(asked.map(\.role) == [.user, .assistant, .user])
            }
        }
    }

    @Test("D32: Undo under the confirmation of a reset that only its person sees takes it back")
    func undo() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discordServer, world: world)
                let channel = world.discord.general
                try await chat.converse("the word is heron", answer: "Noted.")
                chat.command("reset", by: 42)
                let done = try await Self.message(holding: "I have forgotten", in: channel, world)
                #expect(done.buttons.map(\.label) == ["Undo"] && done.isPrivate)
                world.discord.user(Self.ada).press(label: "Undo", under: done.id, in: channel)
                try await chat.reply(holding: "I remember 2 messages again")
                #expect(world.discord.sent(in: channel).last { $0.content.contains("I remember") }?.isPrivate == true)
                try await world.discord.until { $0.sent(in: channel).allSatisfy(\.buttons.isEmpty) }
                try await chat.converse("what is the word?", answer: "Heron.")
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("heron") } == true)
                // The button is gone, but its code can still be sent.
                let again = world.discord.user(Self.ada).press(done.buttons[0].code, under: done.id, in: channel)
                #expect(try await Self.notice(again, world) == "This can no longer be taken back.")
                try await app.untilAllIsHandled()
                #expect(chat.texts.filter { $0.contains("I remember") }.count == 1)
            }
        }
    }

    @Test("D32: a stranger's press does nothing")
    func stranger() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let (user, channel) = (world.discord.user(Self.ada), world.discord.general)
                world.model.script(.error(401, #"{"error":{"message":"no"}}"#))
                user.say("what is my colour?", in: channel, mentioning: true)
                let failed = try await Self.message(holding: "does not accept my key", in: channel, world)
                let stranger = world.discord.user(AppWorld.snowflake(AppWorld.strangerID))
                let press = stranger.press(label: "Retry", under: failed.id, in: channel)
                #expect(try await Self.notice(press, world) == "Only people whom my owner has let in can use this.")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 1)
                #expect(world.discord.sent(in: channel).first { $0.id == failed.id }?.buttons.count == 1)
            }
        }
    }
}
