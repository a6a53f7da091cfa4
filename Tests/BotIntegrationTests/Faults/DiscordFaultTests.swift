import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// Promise 7 for Discord.
@Suite(.timeLimit(.minutes(5)))
struct DiscordFaultTests {
    enum Loss: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case zombie, opcode7, opcode9Resumable, opcode9, cut, close4000, close4009
        var testDescription: String { rawValue }
        var keepsSession: Bool { self != .opcode9 }

        func happen(to discord: FakeDiscord) {
            switch self {
            case .zombie: discord.acknowledgeHeartbeats(false)
            case .opcode7: discord.askReconnect()
            case .opcode9Resumable: discord.invalidate(resumable: true)
            case .opcode9: discord.invalidate(resumable: false)
            case .cut: discord.dropAll()
            case .close4000: discord.closeAll(4000)
            case .close4009: discord.closeAll(4009)
            }
        }
    }

    @Test(
        "D6: a lost gateway comes back by itself, and what was said meanwhile is answered once",
        arguments: Loss.allCases)
    func comesBack(_ loss: Loss) async throws {
        try await AppWorld.with { world in
            if loss == .zombie { world.discord.setHeartbeatInterval(300) }
            try await world.running { app in
                let chat = TestChat(kind: .discord, world: world)
                try await chat.converse("before", answer: "First answer.")
                let connections = world.discord.connectionCount
                loss.happen(to: world.discord)
                if loss.keepsSession {
                    // The dead connection takes it to the grave; the session hands it over again.
                    world.model.script(ModelAnswer("Second answer."))
                    chat.say("meanwhile")
                }
                try await world.discord.until { $0.connectionCount > connections }
                world.discord.acknowledgeHeartbeats(true)
                if loss.keepsSession {
                    try await chat.reply(holding: "Second answer.")
                } else {
                    try await world.discord.until { $0.identifyCount == 2 && $0.isReady }
                }
                try await app.until { app.app.links.all["discord"]?.state == .connected }
                try await chat.converse("after", answer: "Last answer.")
                try await app.untilAllIsHandled()
                #expect(
                    chat.texts == ["First answer."] + (loss.keepsSession ? ["Second answer."] : []) + ["Last answer."])
                #expect(world.discord.identifyCount == (loss.keepsSession ? 1 : 2))
                #expect(world.discord.connectionCount <= connections + 2)
                #expect(!world.discord.closeCodes.contains { $0 == 1000 || $0 == 1001 })
            }
        }
    }

    struct Stop: Sendable, CustomTestStringConvertible {
        let code: Int
        let word: String
        var testDescription: String { "close code \(code)" }
    }

    @Test(
        "D6: what only the owner can mend stops Discord with one sentence, and the rest goes on",
        arguments: [
            Stop(code: 4004, word: "bot token"), Stop(code: 4014, word: "intent"), Stop(code: 4011, word: "shards"),
        ])
    func stops(_ stop: Stop) async throws {
        try await AppWorld.with { world in
            world.discord.answerIdentifies(with: [stop.code])
            try await world.running(isReadyFirst: false) { app in
                try await app.until { try await app.state(of: "discord") == "failed" }
                let chat = TestChat(kind: .telegram, world: world)
                try await chat.converse("and you?", answer: "I work.")
                let health = try await app.ask("/api/health")
                #expect(health.status == 200)
                #expect(try health.json["links"]["discord"]["problem"].text.contains(stop.word))
                #expect(world.discord.identifyCount == 1)
                #expect(world.discord.connectionCount == 1)
                #expect(world.logLines("[discord]", "ERROR", stop.word).count == 1)
            }
        }
    }

    @Test("D11: a refused content intent is given up, with a sentence, and the bot goes on")
    func goesOnWithoutContent() async throws {
        try await AppWorld.with { world in
            world.discord.allowMessageContent(false)
            try await world.running(["discord.messageContentIntent": "true"]) { app in
                try await TestChat(kind: .discord, world: world).converse("hello", answer: "Hello.")
                #expect(world.discord.identifyCount == 2)
                let health = try await app.ask("/api/health")
                #expect(try health.json["links"]["discord"]["problem"].text.contains("Message Content"))
            }
        }
    }

    @Test("D19: a token that the API refuses stops Discord before any gateway")
    func stopsOnARefusedToken() async throws {
        try await AppWorld.with { world in
            try await world.running(["discord.botToken": "MTEw.wrong.token"], isReadyFirst: false) { app in
                try await app.until { try await app.state(of: "discord") == "failed" }
                try await TestChat(kind: .telegram, world: world).converse("and you?", answer: "I work.")
                #expect(world.discord.requests().count == 1)
                #expect(world.discord.connectionCount == 0)
            }
        }
    }

    enum SendFault: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case limited, page500, lost, answerLost, answerReplaced
        var testDescription: String { rawValue }
        var fault: FakeDiscordFault {
            switch self {
            case .limited: .limited(.seconds(1))
            case .page500: .page(500)
            case .lost: .lost
            case .answerLost: .answerLost
            case .answerReplaced: .answerReplaced(504)
            }
        }
    }

    @Test("D20: what follows an answer to a command, and may stand already, comes again with its label")
    func labelsRepeatsOfFollowUps() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discord, world: world)
                world.discord.fail("POST /webhooks", .answerReplaced(504))
                world.model.script(ModelAnswer((1...400).map { "word\($0)" }.joined(separator: " ")))
                world.discord.user(AppWorld.snowflake(AppWorld.people[0])).slash("ask", "tell me much")
                try await chat.reply(holding: "may be a repeat")
                try await app.untilAllIsHandled()
                let texts = chat.texts
                try #require(texts.map { $0.contains("may be a repeat") } == [false, false, true])
                #expect(texts[0].hasPrefix("word1 "))
                // What stands ends early where it was sent while the answer was still being written.
                #expect(texts[2].contains(texts[1]))
                #expect(texts[2].hasSuffix("word400"))
            }
        }
    }

    @Test("D20: a reply arrives once whatever happens to its sending", arguments: SendFault.allCases)
    func delivers(_ fault: SendFault) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discord, world: world)
                world.discord.fail("POST /channels", fault.fault)
                try await chat.converse("where is it?", answer: "Here it is.")
                try await chat.converse("and more?", answer: "That is all.")
                try await app.untilAllIsHandled()
                #expect(chat.texts == ["Here it is.", "That is all."])
                #expect(world.model.calls.count == 2)
            }
        }
    }
}
