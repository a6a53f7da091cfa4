import BotCore
import BotTestSupport
import Testing

/// SIGTERM: the bot ends in order and within ten seconds, whatever hangs, and nothing is lost or done twice by it.
@Suite(.timeLimit(.minutes(5)))
struct StopTests {
    private struct World: Sendable {
        var home: BotHome
        let telegram: FakeTelegram
        let discord: FakeDiscord
        let model: FakeModelServer
    }

    private func withWorld(_ body: @Sendable (World) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            try await withFakeTelegram { telegram in
                try await withFakeDiscord { discord in
                    try await withFakeModelServer { model in
                        var home = BotHome(folder)
                        try await home.connect(telegram: telegram, discord: discord, model: model)
                        home.environment["ACCESS_ALLOW"] = "*"
                        try await body(World(home: home, telegram: telegram, discord: discord, model: model))
                    }
                }
            }
        }
    }

    /// Asks it to end and takes the time.
    private func stop(_ bot: BotProcess) async throws {
        bot.terminate()
        let exit = try await within(.seconds(10), "the end") { try await bot.end() }
        #expect(exit == .status(0), "\(bot.complaints)")
    }

    private func ready(_ world: World) async throws {
        try await within(.seconds(20), "both platforms") {
            try await world.discord.until(\.isReady)
            try await world.telegram.until { !$0.requests("getUpdates").isEmpty }
        }
    }

    @Test("T14: a stop ends the poll at once when nothing runs")
    func endsAtOnceWhenNothingRuns() async throws {
        try await withWorld { world in
            try await world.home.withBot { bot in
                try await ready(world)
                let time = SystemTime()
                let began = time.uptime
                try await stop(bot)
                // The poll is held for 50 s: nobody waits for it.
                #expect(time.uptime - began < .seconds(5))
                #expect(bot.complaints == "")
            }
        }
    }

    @Test("T14: a stop lets a running reply end, and the restart repeats nothing")
    func finishesARunningReplyAndDoesNotRepeatIt() async throws {
        try await withWorld { world in
            world.model.setFallback { _ in
                ModelAnswer("one two three four five", delay: .milliseconds(500), gap: .milliseconds(100))
            }
            let channel = world.discord.user("1200000000000000001").channel
            try await world.home.withBot { bot in
                try await ready(world)
                world.telegram.user(101).say("hello")
                world.discord.user("1200000000000000001").say("hello")
                try await within(.seconds(20), "the model") { await world.model.waitForCalls(2) }
                try await stop(bot)
            }
            #expect(world.telegram.sent(in: 101).map(\.text) == ["one two three four five"])
            #expect(world.discord.sent(in: channel).map(\.content) == ["one two three four five"])
            try await restartAndRest(world)
            #expect(world.model.calls.count == 2)
            #expect(world.telegram.sent(in: 101).count == 1)
            #expect(world.discord.sent(in: channel).count == 1)
        }
    }

    @Test func parksAReplyWhoseModelHangsAndAnswersItOnceAfterTheRestart() async throws {
        try await withWorld { world in
            world.model.setFallback { _ in .silence }
            let channel = world.discord.user("1200000000000000001").channel
            try await world.home.withBot { bot in
                try await ready(world)
                world.telegram.user(101).say("hello")
                world.discord.user("1200000000000000001").say("hello")
                try await within(.seconds(20), "the model") { await world.model.waitForCalls(2) }
                try await stop(bot)
            }
            #expect(world.telegram.sent(in: 101) == [])
            #expect(world.discord.sent(in: channel) == [])
            world.model.setFallback { _ in ModelAnswer("back again") }
            try await world.home.withBot { bot in
                try await within(.seconds(20), "the answers") {
                    try await world.telegram.reply(in: 101)
                    try await world.discord.reply(in: channel)
                }
                try await stop(bot)
            }
            try await restartAndRest(world)
            #expect(world.telegram.sent(in: 101).map(\.text) == ["back again"])
            #expect(world.discord.sent(in: channel).map(\.content) == ["back again"])
            #expect(world.model.calls.count == 4)
        }
    }

    @Test(arguments: ["getMe", "getUpdates", "sendMessage"])
    func endsThoughTelegramHangs(method: String) async throws {
        try await withWorld { world in
            world.telegram.fail(method, .hang, times: 100)
            // Nobody may talk yet, so that the start asks Telegram for the link to show.
            var home = world.home
            if method == "getMe" { home.environment["ACCESS_ALLOW"] = "" }
            try await home.withBot { bot in
                world.telegram.user(101).say("hello")
                try await within(.seconds(20), "Telegram") {
                    try await bot.says("Page")
                    try await world.telegram.until { !$0.requests(method).isEmpty }
                }
                try await stop(bot)
            }
        }
    }

    @Test func endsThoughEverythingHangs() async throws {
        try await withWorld { world in
            world.model.setFallback { _ in .silence }
            try await world.home.withBot { bot in
                try await ready(world)
                world.telegram.user(101).say("hello")
                world.discord.user("1200000000000000001").say("hello")
                try await within(.seconds(20), "the model") { await world.model.waitForCalls(2) }
                for method in ["getUpdates", "sendMessage", "sendChatAction"] {
                    world.telegram.fail(method, .hang, times: 100)
                }
                try await stop(bot)
            }
        }
    }

    /// Another start has nothing to do.
    private func restartAndRest(_ world: World) async throws {
        let polls = world.telegram.requests("getUpdates").count
        try await world.home.withBot { bot in
            try await within(.seconds(20), "both platforms") {
                try await world.telegram.until { $0.requests("getUpdates").count > polls }
                try await world.discord.until(\.isReady)
            }
            try await stop(bot)
        }
        #expect(world.telegram.unconfirmed == [])
        let leftovers = try await KillRun.leftovers(in: world.home.folder.file("data/mybot.db"))
        #expect(leftovers == 0)
    }
}
