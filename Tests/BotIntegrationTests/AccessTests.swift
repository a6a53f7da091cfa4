import BotConversation
import BotCore
import BotStore
import BotTestSupport
import BotWeb
import Testing

@testable import BotApp

/// Promise 8: closed by default.
@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    @Test("who sends the start code becomes the owner, over a restart as well", arguments: TestChat.Kind.direct)
    func pairs(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: kind, world: world)
            try await world.running(["access.allow": ""]) { app in
                #expect(!app.app.access.hasOwnerOrAnyone)
                let code = try await app.app.invitation().code
                chat.command("start", "wrong-code")
                try await chat.reply(holding: "wrong")
                chat.command("start", code)
                try await chat.reply(holding: "You are my owner now")
                try await chat.converse("hello", answer: "Hello, owner.")
                #expect(!world.log.contains(code))
                let stored = try await app.app.store.grants()
                #expect(stored.count == 1)
            }
            try await world.running(["access.allow": ""]) { _ in
                try await chat.converse("still me", answer: "Still you.")
            }
        }
    }

    @Test("a start code works once")
    func usesACodeUp() async throws {
        try await AppWorld.with { world in
            try await world.running(["access.allow": ""]) { app in
                let code = try await app.app.invitation().code
                let chat = TestChat(kind: .telegram, world: world)
                chat.command("start", code)
                try await chat.reply(holding: "You are my owner now")
                world.telegram.user(AppWorld.strangerID).say("/start \(code)")
                try await world.telegram.reply(in: AppWorld.strangerID)
                try await app.untilAllIsHandled()
                let stored = try await app.app.store.grants()
                #expect(stored.count == 1)
            }
        }
    }

    @Test("a stranger gets one polite line and no model", arguments: TestChat.Kind.direct)
    func turnsStrangersAway(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let id = AppWorld.strangerID
                let visitor = world.discord.user(AppWorld.snowflake(id))
                for text in ["hello", "let me in", "please"] {
                    if kind.isTelegram { world.telegram.user(id).say(text) } else { visitor.say(text) }
                }
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("and I?", answer: "You are let in.")
                try await app.untilAllIsHandled()
                let said =
                    kind.isTelegram
                    ? world.telegram.sent(in: id).map(\.text)
                    : world.discord.sent(in: visitor.channel).map(\.content)
                #expect(said.count == 1)
                #expect(said.first?.contains("private bot") == true)
                #expect(said.first?.contains(kind.isTelegram ? "telegram:99" : "discord:") == true)
                #expect(world.model.calls.count == 1)
            }
        }
    }
}
