import BotCore
import BotTestSupport
import BotWeb
import Foundation
import Testing

@testable import BotApp

/// From a fresh start to a family member's first answer, as people meet it.
@Suite(.timeLimit(.minutes(5)))
struct AdmissionTests {
    private static let owner = AppWorld.people[0]
    private static let guest = AppWorld.strangerID

    /// Pairs the owner in a chat.
    private static func pair(_ chat: TestChat, _ app: RunningApp) async throws {
        chat.command("start", try await app.app.invitation().code)
        try await chat.reply(holding: "You are my owner now")
    }

    @Test("D29: an owner who has never written is told on Discord, where a bot may begin")
    func ownerWhoHasNotWritten() async throws {
        try await AppWorld.with { world in
            let owner = AppWorld.snowflake(Self.owner)
            try await world.running(["access.allow": "", "access.owners": "discord:\(owner)"]) { app in
                world.model.script(ModelAnswer("A heron is a bird."))
                let guest = world.discord.user(AppWorld.snowflake(Self.guest))
                guest.say("what is a heron?")
                let user = world.discord.user(owner)
                let ask = try await world.discord.reply(in: user.channel, holding: "Somebody wants to talk to me")
                user.press(label: "Allow", under: ask.id)
                try await world.discord.reply(in: guest.channel, holding: "A heron is a bird.")
                try await app.untilAllIsHandled()
            }
        }
    }

    @Test("two steps after the owner is paired: somebody writes, and Allow is pressed", arguments: TestChat.Kind.direct)
    func firstAnswer(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running(["access.allow": ""]) { app in
                let chat = TestChat(kind: kind, world: world)
                try await Self.pair(chat, app)
                world.model.script(ModelAnswer("A heron is a bird."))
                let question = "what is a heron? see https://evil.example @everyone"
                var steps = 0
                if kind.isTelegram {
                    let (owner, guest) = (world.telegram.user(Self.owner), world.telegram.user(Self.guest))
                    guest.say(question)
                    steps += 1
                    let ask = try await world.telegram.reply(in: Self.owner, holding: "Somebody wants to talk to me")
                    #expect(ask.buttons.map(\.text) == ["Allow", "Deny", "Block"])
                    #expect(!ask.text.contains("evil.example"))
                    #expect(
                        world.telegram.sent(in: Self.guest).map(\.text).allSatisfy {
                            $0.contains("I have asked my owner")
                        })
                    let waiting = try await app.ask("/api/people").data["waiting"]
                    #expect(waiting[0]["entry"].text == "telegram:\(Self.guest)")
                    owner.press("Allow", under: ask.id)
                    steps += 1
                    try await world.telegram.reply(in: Self.guest, holding: "A heron is a bird.")
                    try await world.telegram.reply(in: Self.owner, holding: "may talk to me now")
                    try await world.telegram.until { $0.sent(in: Self.owner).allSatisfy(\.buttons.isEmpty) }
                } else {
                    let owner = world.discord.user(AppWorld.snowflake(Self.owner))
                    let guest = world.discord.user(AppWorld.snowflake(Self.guest))
                    guest.say(question)
                    steps += 1
                    try await world.discord.until { fake in
                        fake.sent(in: owner.channel).contains { !$0.buttons.isEmpty }
                    }
                    let ask = try #require(world.discord.sent(in: owner.channel).last { !$0.buttons.isEmpty })
                    #expect(ask.buttons.map(\.label) == ["Allow", "Deny", "Block"])
                    #expect(!ask.content.contains("evil.example"))
                    owner.press(label: "Allow", under: ask.id)
                    steps += 1
                    try await world.discord.reply(in: guest.channel, holding: "A heron is a bird.")
                    try await world.discord.reply(in: owner.channel, holding: "may talk to me now")
                    try await world.discord.until { $0.sent(in: owner.channel).allSatisfy(\.buttons.isEmpty) }
                }
                #expect(steps <= 2)
                #expect(world.model.calls.count == 1)
                try await app.untilAllIsHandled()
            }
        }
    }

    @Test("what a stranger had asked outlives restarts, and is answered once", arguments: TestChat.Kind.direct)
    func outlivesRestarts(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let (owner, guest) = (AppWorld.snowflake(Self.owner), AppWorld.snowflake(Self.guest))
            try await world.running(["access.allow": ""]) { app in
                try await Self.pair(TestChat(kind: kind, world: world), app)
                if kind.isTelegram {
                    world.telegram.user(Self.guest).say("what is a heron?")
                    try await world.telegram.reply(in: Self.owner, holding: "Somebody wants to talk to me")
                } else {
                    world.discord.user(guest).say("what is a heron?")
                    try await world.discord.reply(
                        in: world.discord.user(owner).channel, holding: "Somebody wants to talk to me")
                }
                try await app.untilAllIsHandled()
            }
            for run in 0..<2 {
                try await world.running(["access.allow": ""]) { app in
                    if run == 0 { world.model.script(ModelAnswer("A heron is a bird.")) }
                    if kind.isTelegram {
                        let ask = try await world.telegram.reply(in: Self.owner, holding: "Somebody wants to talk")
                        let code = run == 0 ? ask.buttons.first?.data : "1a1"
                        world.telegram.user(Self.owner).press(data: code, under: ask.id)
                        try await world.telegram.until { $0.presses.filter(\.isAnswered).count == run + 1 }
                        try await world.telegram.reply(in: Self.guest, holding: "A heron is a bird.")
                    } else {
                        let user = world.discord.user(owner)
                        let ask = try await world.discord.reply(in: user.channel, holding: "Somebody wants to talk")
                        let press = user.press(run == 0 ? ask.buttons.first?.code ?? "" : "1a1", under: ask.id)
                        try await world.discord.until { $0.interaction(press)?.acknowledgedAfter != nil }
                        try await world.discord.reply(
                            in: world.discord.user(guest).channel, holding: "A heron is a bird.")
                    }
                    try await app.untilAllIsHandled()
                }
            }
            #expect(world.model.calls.count == 1)
        }
    }

    @Test("an invite lets somebody in on Telegram by a link")
    func invites() async throws {
        try await AppWorld.with { world in
            try await world.running(["access.allow": ""]) { app in
                let chat = TestChat(kind: .telegram, world: world)
                try await Self.pair(chat, app)
                chat.command("invite")
                let text = try await world.telegram.reply(in: Self.owner, holding: "https://t.me/rig_bot?start=").text
                let code = try #require(text.components(separatedBy: "start=").last)
                #expect(!world.log.contains(code))
                world.telegram.user(Self.guest).say("/start \(code)")
                try await world.telegram.reply(in: Self.guest, holding: "You are let in now")
                world.model.script(ModelAnswer("Hello, Eve."))
                world.telegram.user(Self.guest).say("hello")
                try await world.telegram.reply(in: Self.guest, holding: "Hello, Eve.")
            }
        }
    }

    @Test(
        "in shared chats administrators of the chat may reset, others are told who may", arguments: TestChat.Kind.shared
    )
    func rights(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            let spaces = "telegram:chat:\(AppWorld.group),discord:guild:\(world.discord.guild)"
            try await world.running(["access.allow": spaces]) { _ in
                let chat = TestChat(kind: kind, world: world)
                let (manager, member) = (AppWorld.people[0], AppWorld.people[1])
                try await chat.converse("the word is heron", answer: "Noted.")
                chat.command("reset", by: member)
                try await chat.reply(holding: "only the administrators of this chat and my owner can")
                chat.command("reset", by: manager)
                try await chat.reply(holding: "I have forgotten 2 messages")
                if kind == .telegramGroup {
                    world.telegram.user(member).sayAnonymously("/reset@\(world.telegram.username)", in: AppWorld.group)
                    try await chat.reply(holding: "There was nothing to forget")
                }
            }
        }
    }
}
