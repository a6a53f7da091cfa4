import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// What becomes of answers when people edit and delete their messages on Discord.
@Suite(.timeLimit(.minutes(5)))
struct DiscordChangeTests {
    /// Waits until nothing but its deletion is left of a message that waits, among so many events in all.
    private static func untilTakenBack(_ message: String, leaving count: Int, _ app: RunningApp) async throws {
        try await app.until {
            let left = try await app.app.store.unfinished(after: nil, limit: 9)
            return left.count == count && left.contains { $0.event.body == .deleted(message: message) }
        }
    }

    @Test(
        "D27: the newest answer follows the edit in its own message, in private and in a server; a card changes nothing",
        arguments: [false, true])
    func answerFollows(isInServer: Bool) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let ada = world.discord.user(AppWorld.snowflake(AppWorld.people[0]))
                let channel = isInServer ? world.discord.general : ada.channel
                world.model.script(ModelAnswer("Rome."), ModelAnswer("Paris."))
                // The answer is seen, and edited after, before the bot knows that it stands.
                world.discord.delayAnswers { $0.hasSuffix("/messages") ? .milliseconds(300) : .zero }
                let question = ada.say("capital of Italy?", in: channel, mentioning: isInServer)
                let first = try await world.discord.reply(in: channel, holding: "Rome.")
                ada.addCard(to: question)
                try await app.untilAllIsHandled()
                ada.edit(question, to: "capital of France?", mentioning: isInServer, tellsTwice: true)
                let second = try await world.discord.reply(in: channel, holding: "Paris.")
                try await app.untilAllIsHandled()
                #expect(second.id == first.id)
                #expect(world.discord.sent(in: channel).map(\.content) == ["Paris."])
                let asked = try #require(world.model.calls.last).messages.filter { $0.role != .system }
                #expect(asked.count == 1)
                #expect(asked.last?.content.contains("capital of France?") == true)
                #expect(world.model.calls.count == 2)
            }
        }
    }

    @Test("D21: a long text that a person sends in pieces is one question", arguments: [false, true])
    func piecesAreOneQuestion(isInServer: Bool) async throws {
        try await AppWorld.with { world in
            world.model.setFallback { call in
                let question = call.question ?? ""
                let isWhole = question.contains("first words") && question.contains("last words")
                return isWhole ? ModelAnswer("All of it.") : .silence
            }
            try await world.running { app in
                let ada = world.discord.user(AppWorld.snowflake(AppWorld.people[0]))
                let channel = isInServer ? world.discord.general : ada.channel
                ada.say("first words " + String(repeating: "x", count: 1900), in: channel, mentioning: isInServer)
                ada.say("last words", in: channel, mentioning: isInServer)
                try await world.discord.reply(in: channel, holding: "All of it.")
                try await app.untilAllIsHandled()
                #expect(world.discord.sent(in: channel).map(\.content) == ["All of it."])
            }
        }
    }

    @Test("D27: a message that is deleted while it waits is not answered", arguments: [false, true])
    func deletedWhileWaiting(answersInThread: Bool) async throws {
        try await AppWorld.with { world in
            try await world.running(["discord.answerInThread": "\(answersInThread)"]) { app in
                let ada = world.discord.user(AppWorld.snowflake(AppWorld.people[0]))
                let gate = Gate(isOpen: false)
                world.model.script(.held("a long answer to the first", by: gate), ModelAnswer("to the third"))
                ada.say("first")
                await world.model.waitForCalls(1)
                let second = ada.say("second")
                ada.say("third")
                ada.delete(second)
                // The deletion is through once only the three messages are left.
                try await Self.untilTakenBack(second, leaving: 3, app)
                gate.set(open: true)
                try await world.discord.reply(in: ada.channel, holding: "to the third")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 2)
                #expect(world.model.calls.allSatisfy { call in call.messages.allSatisfy { $0.content != "second" } })
                #expect(world.discord.sent(in: ada.channel).count == 2)
            }
        }
    }

    @Test("D27: a message whose mention is edited out while it waits is not answered")
    func takenBackWhileWaiting() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let (ada, channel) = (
                    world.discord.user(AppWorld.snowflake(AppWorld.people[0])), world.discord.general
                )
                let gate = Gate(isOpen: false)
                world.model.script(.held("a long answer to the first", by: gate))
                ada.say("first", in: channel, mentioning: true)
                await world.model.waitForCalls(1)
                let second = ada.say("second", in: channel, mentioning: true)
                try await app.until { try await app.app.store.unfinished(after: nil, limit: 9).count == 2 }
                ada.edit(second, to: "never mind")
                try await Self.untilTakenBack(second, leaving: 2, app)
                gate.set(open: true)
                try await world.discord.reply(in: channel, holding: "to the first")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 1)
                #expect(world.discord.sent(in: channel).count == 1)
            }
        }
    }

    @Test(
        "D27: a message that waits over a restart, and is deleted or taken back before the next start, is not answered",
        arguments: [true, false])
    func changedOverARestart(isDeleted: Bool) async throws {
        try await AppWorld.with { world in
            let (ada, channel) = (world.discord.user(AppWorld.snowflake(AppWorld.people[0])), world.discord.general)
            world.model.script(.silence)
            var second = ""
            try await world.running { app in
                ada.say("first", in: channel, mentioning: true)
                await world.model.waitForCalls(1)
                second = ada.say("second", in: channel, mentioning: true)
                try await app.until { try await app.app.store.unfinished(after: nil, limit: 9).count == 2 }
            }
            if isDeleted { ada.delete(second) } else { ada.edit(second, to: "never mind") }
            let gate = Gate(isOpen: false)
            world.model.script(.held("a long answer to the first", by: gate))
            try await world.running { app in
                defer { gate.set(open: true) }
                try await Self.untilTakenBack(second, leaving: 2, app)
                gate.set(open: true)
                try await world.discord.reply(in: channel, holding: "to the first")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 2)
                #expect(world.discord.sent(in: channel).count == 1)
            }
        }
    }
}
