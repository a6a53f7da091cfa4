import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// Promise 7 for Telegram: what can heal heals, what cannot stops with one sentence, and nothing spins.
@Suite(.timeLimit(.minutes(5)))
struct TelegramFaultTests {
    struct PollFault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let method: String
        let fault: FakeTelegramFault
        var times = 1
        /// Words of the line in the log.
        let logged: String
        /// The most polls until the message is answered.
        var polls = 5

        static let all = [
            PollFault(
                testDescription: "409, another program polls", method: "getUpdates",
                fault: .error(409, "Conflict: terminated by other getUpdates request"), logged: "another program"),
            PollFault(
                testDescription: "429 with retry_after", method: "getUpdates", fault: .flood(2), logged: "asks to wait"),
            PollFault(
                testDescription: "500 with a page of HTML", method: "getUpdates",
                fault: .body(status: 500, "<html><h1>Internal Server Error</h1></html>"), times: 2,
                logged: "trouble of its own"),
            PollFault(
                testDescription: "502 at the start", method: "getMe", fault: .body(status: 502, "<html>Bad Gateway"),
                times: 2, logged: "trouble of its own"),
            PollFault(
                testDescription: "200 with JSON that is cut off", method: "getUpdates", fault: .cutJSON, times: 2,
                logged: "is not the Bot API"),
            PollFault(
                testDescription: "a reset connection", method: "getUpdates", fault: .reset, times: 2,
                logged: "cannot be reached"),
            PollFault(
                testDescription: "a poll that is never answered", method: "getUpdates", fault: .hang,
                logged: "cannot be reached"),
        ]
    }

    @Test(
        "T2 T3 T13: heals by itself, says so once, and answers what was said meanwhile once",
        arguments: PollFault.all)
    func heals(_ fault: PollFault) async throws {
        try await AppWorld.with { world in
            let chat = TestChat(kind: .telegram, world: world)
            world.telegram.user(AppWorld.people[0]).say("are you there?")
            world.telegram.fail(fault.method, fault.fault, times: fault.times)
            // A poll's connection counts as dead ten seconds after its own time.
            try await world.running(["telegram.pollTimeoutSeconds": "1"]) { app in
                try await chat.reply(holding: "You said: are you there?")
                try await app.untilAllIsHandled()
                try await app.until { try await app.state(of: "telegram") == "connected" }
                #expect(chat.texts.count == 1)
                #expect(world.telegram.requests(fault.method).count <= fault.times + fault.polls)
                #expect(world.telegram.requests("getMe").count <= 3)
            }
            #expect(world.logLines("[telegram]", fault.logged).count == 1)
            #expect(!world.log.contains(world.telegram.token))
        }
    }

    @Test("401 at the start: Telegram stops with one clear sentence, and the rest goes on")
    func stopsOnARefusedToken() async throws {
        try await AppWorld.with { world in
            try await world.running(["telegram.botToken": "110201543:AAWrongWrongWrongWrongWrongWrongWr"]) { app in
                let chat = TestChat(kind: .discord, world: world)
                try await app.until { try await app.state(of: "telegram") == "failed" }
                try await chat.converse("and you?", answer: "I work.")
                #expect(world.telegram.requests().map(\.method) == ["getMe"])
                let health = try await app.ask("/api/health")
                #expect(health.status == 200)
                let problem = try health.json["links"]["telegram"]["problem"].text
                #expect(problem.contains("token"))
                #expect(world.logLines("[telegram]", "ERROR", "token").count == 1)
            }
        }
    }

    @Test("an address where nobody listens: it waits, says so once, and comes when somebody does")
    func waitsForAServer() async throws {
        try await TemporaryDirectory.with { directory in
            let port = try HeldPort()
            let telegram = try FakeTelegram(address: .held(port))
            let (discord, model) = (try FakeDiscord(), try FakeModelServer())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await discord.run() }
                group.addTask { try await model.run() }
                let world = try await AppWorld(
                    directory, telegram, discord, model, telegramURL: "http://127.0.0.1:\(port.number)")
                try await world.running { app in
                    let chat = TestChat(kind: .telegram, world: world)
                    try await TestChat(kind: .discord, world: world).converse("you at least?", answer: "I do.")
                    try await app.until { !world.logLines("[telegram]", "cannot be reached").isEmpty }
                    group.addTask { try await telegram.run() }
                    try await chat.converse("are you there?", answer: "Now I am.")
                    #expect(world.logLines("[telegram]", "cannot be reached").count == 1)
                    #expect(telegram.requests("getMe").count == 1)
                }
                group.cancelAll()
            }
        }
    }

    struct SendFault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fault: FakeTelegramFault
        /// Whether nobody can know if the message arrived.
        var isUnknowable = false

        static let all = [
            SendFault(testDescription: "429 with retry_after", fault: .flood(1)),
            SendFault(testDescription: "500 with a page of HTML", fault: .body(status: 500, "<html>")),
            SendFault(testDescription: "a lost answer", fault: .resetAfterwards, isUnknowable: true),
            SendFault(testDescription: "an answer cut off", fault: .cutJSON, isUnknowable: true),
        ]
    }

    @Test("T33: a reply arrives whatever happens to its sending, and a repeat is marked", arguments: SendFault.all)
    func delivers(_ fault: SendFault) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                world.telegram.fail("sendMessage", fault.fault)
                world.model.script(ModelAnswer("Here it is."))
                chat.say("where is it?")
                try await world.telegram.until { $0.requests("sendMessage").count == 2 }
                try await chat.until { $0.count == (fault.isUnknowable ? 2 : 1) }
                try await chat.converse("and more?", answer: "That is all.")
                #expect(chat.texts.filter { $0.contains("Here it is.") }.count == (fault.isUnknowable ? 2 : 1))
                #expect(chat.texts.contains { $0.contains("may be a repeat") } == fault.isUnknowable)
                #expect(world.telegram.requests("sendMessage").count == 3)
                #expect(world.model.calls.count == 2)
            }
        }
    }
}
