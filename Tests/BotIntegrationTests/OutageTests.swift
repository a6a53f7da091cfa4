import BotConversation
import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// The owner hears once of a model that fails, in private, and once that it works again.
@Suite(.timeLimit(.minutes(5)))
struct OutageTests {
    private static let refusal = ModelAnswer.error(
        401, #"{"error":{"message":"Incorrect API key provided: sk-rig","code":"x-internal"}}"#)
    private static let news = "openai does not accept my key"

    private func makeOwner(of app: RunningApp, _ kind: TestChat.Kind) async throws {
        let id =
            kind.isTelegram ? "telegram:\(AppWorld.people[0])" : "discord:\(AppWorld.snowflake(AppWorld.people[0]))"
        try await app.app.store.grant(
            AccessGrant(entry: id, role: .owner, name: "Owner", grantedBy: "test", grantedAt: app.app.time.now))
        try await app.app.access.load()
    }

    @Test("told once and once that it is over, over a restart too, and nobody else", arguments: TestChat.Kind.direct)
    func tellsTheOwnerOnce(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: kind, world: world)
            let group = TestChat(kind: kind.isTelegram ? .telegramGroup : .discordServer, world: world)
            try await world.running { app in
                try await makeOwner(of: app, kind)
                try await chat.converse("hello", answer: "Hello, owner.")
                world.model.setFallback { _ in Self.refusal }
                // Others meet it, and the owner hears of it.
                for number in 1...4 {
                    group.say("question \(number)", by: AppWorld.people[1])
                    try await group.until { $0.count == number }
                }
                try await chat.reply(holding: Self.news)
                #expect(try await app.state(of: "model/openai") == "failed")
            }
            try await world.running { app in
                group.say("still nothing?", by: AppWorld.people[1])
                try await group.until { $0.count == 5 }
                try await app.untilAllIsHandled()
                world.model.setFallback { _ in ModelAnswer("Here I am.") }
                group.say("and now?", by: AppWorld.people[1])
                try await chat.reply(holding: "openai works again")
                #expect(try await app.state(of: "model/openai") == "connected")
            }
            #expect(chat.texts.filter { $0.contains(Self.news) }.count == 1)
            #expect(chat.texts.count == 3)
            #expect(!group.texts.contains { $0.contains(Self.news) || $0.contains("works again") })
            for internals in ["sk-rig", "x-internal", "HTTP", "401", "127.0.0.1"] {
                #expect(!chat.texts.joined().contains(internals))
            }
        }
    }

    @Test("told as well where another model answers in its place")
    func tellsOfWhatAFallbackCovers() async throws {
        try await AppWorld.with { world in
            let fallback = [
                "model.fallbacks": "anthropic/fake-model", "anthropic.apiKey": "sk-other",
                "anthropic.baseURL": try await world.model.baseURL(for: .anthropic),
            ]
            try await world.running(fallback) { app in
                try await makeOwner(of: app, .telegram)
                world.model.setFallback { $0.api == .openAI ? Self.refusal : ModelAnswer("I stand in.") }
                let chat = TestChat(kind: .telegram, world: world)
                for number in 1...3 {
                    chat.say("question \(number)")
                    try await chat.until { texts in texts.filter { $0.contains("I stand in.") }.count == number }
                }
                try await chat.reply(holding: Self.news)
                try await app.untilAllIsHandled()
                #expect(chat.texts.filter { $0.contains(Self.news) }.count == 1)
                #expect(world.logLines("model is out", "model.cause=unauthorized").count == 1)
            }
        }
    }
}
