import BotCore
import BotTestSupport
import Testing

/// What becomes of answers when people edit their messages on Telegram.
@Suite(.timeLimit(.minutes(5)))
struct EditTests {
    @Test(
        "T17: the newest answer follows the edit in its own message, in private and in a group",
        arguments: [nil, AppWorld.group])
    func answerFollows(group: Int64?) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let ada = world.telegram.user(AppWorld.people[0])
                let chat = group ?? ada.id
                let mention = group == nil ? "" : "@\(world.telegram.username) "
                world.model.script(ModelAnswer("Rome."), ModelAnswer("Paris."))
                let question = ada.say("\(mention)capital of Italy?", in: group)
                let first = try await world.telegram.reply(in: chat, holding: "Rome.")
                try await app.untilAllIsHandled()
                ada.edit(question, to: "\(mention)capital of France?", in: group)
                let second = try await world.telegram.reply(in: chat, holding: "Paris.")
                try await app.untilAllIsHandled()
                #expect(second.id == first.id)
                #expect(world.telegram.sent(in: chat).map(\.text) == ["Paris."])
                // Nothing of what was there before is shown to the model.
                let asked = try #require(world.model.calls.last).messages.filter { $0.role != .system }
                #expect(asked.count == 1)
                #expect(asked.last?.content.contains("capital of France?") == true)
                #expect(world.model.calls.count == 2)
            }
        }
    }

    @Test("T17: what was written and edited while the bot was away is answered once, as it is now")
    func editWhileAway() async throws {
        try await AppWorld.with { world in
            let ada = world.telegram.user(AppWorld.people[0])
            try await world.running { _ in
                ada.say("hello")
                try await world.telegram.reply(in: ada.id, holding: "You said: hello")
            }
            let question = ada.say("waht is it?")
            ada.edit(question, to: "what is it?")
            try await world.running { app in
                try await world.telegram.reply(in: ada.id, holding: "what is it?")
                try await app.untilAllIsHandled()
                #expect(world.telegram.sent(in: ada.id).count == 2)
                #expect(world.telegram.sent(in: ada.id).allSatisfy { !$0.text.contains("waht") })
            }
        }
    }
}
