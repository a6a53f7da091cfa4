import BotCore
import BotStore
import BotTestSupport
import BotWeb
import Testing

@testable import BotApp

/// Telegram groups that become supergroups, and people who block the bot, through the whole program.
@Suite(.timeLimit(.minutes(5)))
struct ChatChangeTests {
    private static let old: Int64 = -7007
    private static let new: Int64 = -100_7007

    private static func ask(_ text: String, in chat: Int64, _ world: AppWorld, answer: String) async throws {
        world.model.script(ModelAnswer(answer), to: text)
        world.telegram.user(AppWorld.people[0]).say("@\(world.telegram.username) \(text)", in: chat)
        try await world.telegram.reply(in: chat, holding: answer)
    }

    @Test("T24: a group that becomes a supergroup keeps its memory", arguments: [false, true])
    func keepsItsMemory(isSilent: Bool) async throws {
        try await AppWorld.with { world in
            world.telegram.group(Self.old)
            try await world.running { app in
                try await Self.ask("my name is Ada", in: Self.old, world, answer: "Hello, Ada.")
                if isSilent {
                    // The bot learns it when it sends: the answer to what was asked before arrives in the new chat, once.
                    world.model.script(ModelAnswer("It is noon."), to: "what time")
                    world.telegram.upgrade(Self.old, to: Self.new, isSilent: true)
                    world.telegram.user(AppWorld.people[0]).say(
                        "@\(world.telegram.username) what time is it?", in: Self.old)
                    try await world.telegram.reply(in: Self.new, holding: "It is noon.")
                } else {
                    world.telegram.upgrade(Self.old, to: Self.new)
                }
                try await Self.ask("what is my name?", in: Self.new, world, answer: "You are Ada.")
                try await app.untilAllIsHandled()
                let request = try #require(world.model.calls.last)
                #expect("\(request)".contains("my name is Ada"))
                let stored = try await app.app.store.statistics()
                #expect(stored.totalSessions == 1)
                #expect(world.telegram.sent(in: Self.new).map(\.text).last == "You are Ada.")
            }
        }
    }

    @Test(
        "T25: who blocks the bot costs nothing more, and is answered again after unblocking it",
        arguments: [true, false])
    func goesQuietAndWakes(isTold: Bool) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                try await chat.converse("hello", answer: "Hello, you.")
                let ada = world.telegram.user(AppWorld.people[0])
                ada.block(isTold: isTold)
                if !isTold {
                    // The bot learns it from the refusal.
                    chat.say("and then?")
                    try await world.telegram.until { $0.refused(with: 403) > 0 }
                }
                try await app.untilAllIsHandled()
                try await app.until { try await app.app.store.ready(on: .telegram, after: nil, limit: 1).isEmpty }
                ada.unblock()
                try await chat.converse("back again", answer: "Good to see you.")
                #expect(chat.texts.last == "Good to see you.")
            }
        }
    }

    @Test("T25: who takes a block back and writes while a refusal is still on its way is answered")
    func answersDuringARefusal() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                try await chat.converse("hello", answer: "Hello, you.")
                let ada = world.telegram.user(AppWorld.people[0])
                let refusal = Gate(isOpen: false)
                world.telegram.holdRefusals(refusal)
                ada.block()
                chat.say("and then?")
                try await world.telegram.until { $0.refused(with: 403) == 1 }
                ada.unblock()
                chat.say("back again")
                try await app.until { try await app.app.store.ready(on: .telegram, after: nil, limit: 9).count == 2 }
                refusal.set(open: true)
                try await chat.reply(holding: "back again")
                try await app.untilAllIsHandled()
                #expect(world.logLines("a chat can no longer be reached").count == 1)
            }
        }
    }

    @Test("T19: the owner hears of privacy mode in private, once")
    func tellsTheOwner() async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: .telegram, world: world)
            try await world.running(["access.allow": ""]) { app in
                chat.command("start", try await app.app.invitation().code)
                try await chat.reply(holding: "You are my owner now")
            }
            for _ in 0..<2 {
                try await world.running(["access.groups": "all"]) { app in
                    try await chat.reply(holding: "/setprivacy")
                    try await chat.converse("hello", answer: "Hello, owner.")
                    // The poll of the run before may still hold the place for a moment.
                    try await app.until {
                        let health = try await app.ask("/api/health").json["links"]["telegram"]
                        return health["state"] == "connected" && health["problem"].text.contains("/setprivacy")
                    }
                }
            }
            #expect(chat.texts.filter { $0.contains("/setprivacy") }.count == 1)
        }
    }
}
