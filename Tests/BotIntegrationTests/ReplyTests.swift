import BotCore
import BotTestSupport
import Testing

/// Replies to the bot's own messages: what "this" is must be in what the model is shown, once.
@Suite(.timeLimit(.minutes(5)))
struct ReplyTests {
    /// How often what the model was asked last holds the text.
    private static func count(of text: String, in world: AppWorld) -> Int {
        (world.model.calls.last?.messages ?? []).reduce(0) { $0 + $1.content.ranges(of: text).count }
    }

    @Test(
        "A reply to the last answer repeats nothing, and one to an answer of before a reset quotes it",
        arguments: TestChat.Kind.allCases)
    func quotesWhatWasCleared(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("a bird, please", answer: "Pelican it is.")
                try await app.untilAllIsDelivered()
                world.model.script(ModelAnswer("Because it is large."))
                try chat.say("why this?", replyingTo: "Pelican it is.")
                try await chat.reply(holding: "Because it is large.")
                #expect(Self.count(of: "Pelican it is.", in: world) == 1)
                #expect(Self.count(of: "<quoted from=", in: world) == 0)

                chat.command("reset")
                try await chat.reply(holding: "I have forgotten 4 messages")
                world.model.script(ModelAnswer("It eats fish."))
                try chat.say("what does this eat?", replyingTo: "Pelican it is.")
                try await chat.reply(holding: "It eats fish.")
                #expect(Self.count(of: "Pelican it is.", in: world) == 1)
                #expect(Self.count(of: "<quoted from=", in: world) == 1)
            }
        }
    }

    @Test(
        "Where each person has a context of their own, a reply to what the bot has told another quotes it",
        arguments: TestChat.Kind.shared)
    func quotesWhatAnotherWasTold(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running(["sessions.groupScope": "person"]) { app in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("a bird, please", answer: "Pelican it is.")
                try await app.untilAllIsDelivered()
                for (person, quotes) in zip(AppWorld.people, [0, 1]) {
                    world.model.script(ModelAnswer("Told \(person)."))
                    try chat.say("why this?", replyingTo: "Pelican it is.", by: person)
                    try await chat.reply(holding: "Told \(person).")
                    #expect(Self.count(of: "Pelican it is.", in: world) == 1)
                    #expect(Self.count(of: "<quoted from=", in: world) == quotes)
                }
            }
        }
    }
}
