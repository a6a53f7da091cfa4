import BotCore
import BotTestSupport
import Testing

@testable import BotApp

/// Promises 1 and 7 for Discord: the whole bot when more than a connection is lost.
@Suite(.timeLimit(.minutes(5)))
struct DiscordOutageTests {
    @Test("D6: what was missed between two sessions is answered once and in order", arguments: TestChat.Kind.allDiscord)
    func answersWhatWasMissed(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("before", answer: "First answer.")
                world.model.script(ModelAnswer("Second answer."), ModelAnswer("Third answer."))
                world.discord.invalidate(resumable: false)
                chat.say("meanwhile")
                chat.say("and more")
                try await chat.reply(holding: "Third answer.")
                // A second new session finds the same messages again.
                world.discord.invalidate(resumable: false)
                try await world.discord.until { $0.identifyCount == 3 && $0.isReady }
                try await chat.converse("after", answer: "Last answer.")
                try await app.untilAllIsHandled()
                #expect(chat.texts == ["First answer.", "Second answer.", "Third answer.", "Last answer."])
                #expect(world.model.calls.count == 4)
            }
        }
    }

    @Test("D15: a message that comes twice is answered once")
    func answersRepeatedEventsOnce() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discord, world: world)
                try await chat.converse("before", answer: "First answer.")
                let channel = world.discord.directChannel(with: AppWorld.snowflake(AppWorld.people[0]))
                world.model.script(ModelAnswer("Second answer."))
                let person = #"{"id":"\#(AppWorld.snowflake(AppWorld.people[0]))","username":"ada"}"#
                let event =
                    #"{"id":"1800000000000000000","channel_id":"\#(channel)","content":"twice","type":0,"#
                    + #""author":\#(person),"application_id":null,"something_new":{"a":[1]}}"#
                world.discord.dispatch("SOMETHING_NEW", json: #"{"a":null}"#)
                for _ in 0..<3 { world.discord.dispatch("MESSAGE_CREATE", json: event) }
                try await chat.reply(holding: "Second answer.")
                try await chat.converse("after", answer: "Last answer.")
                try await app.untilAllIsHandled()
                #expect(chat.texts == ["First answer.", "Second answer.", "Last answer."])
                #expect(world.model.calls.count == 3)
            }
        }
    }

    @Test("D34: while the gateway is up and REST is down, answers wait and then arrive")
    func survivesREST() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discord, world: world)
                try await chat.converse("before", answer: "First answer.")
                world.model.script(ModelAnswer("Second answer."))
                world.discord.takeRESTDown(true)
                let requests = world.discord.requests().count
                chat.say("meanwhile")
                try await world.discord.until { $0.requests().count >= requests + 2 }
                world.discord.takeRESTDown(false)
                try await chat.reply(holding: "Second answer.")
                try await app.untilAllIsHandled()
                #expect(chat.texts == ["First answer.", "Second answer."])
            }
        }
    }

    @Test(
        "D19: a channel that refuses the bot goes quiet, and the others go on", arguments: [(403, 50001), (404, 10003)])
    func mutesRefusedChannels(_ status: Int, _ code: Int) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discordServer, world: world)
                world.discord.fail("POST /channels/\(world.discord.general)", .status(status, code: code), times: 1000)
                for number in 0..<3 { chat.say("hello \(number)") }
                try await app.until { !world.discord.requests("POST /channels").isEmpty }
                try await app.untilAllIsHandled()
                try await TestChat(kind: .discord, world: world).converse("and you?", answer: "I work.")
                let refused = world.discord.requests("POST /channels").filter { $0.status == status }
                #expect(refused.count <= 6, "\(refused.map(\.name))")
            }
        }
    }
}

extension TestChat.Kind {
    static let allDiscord: [TestChat.Kind] = [.discord, .discordServer]
}
