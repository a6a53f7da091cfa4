import BotCore
import BotTestSupport
import Foundation
import GRDB
import Testing

/// `mybot pair`, `doctor` and `chat`, beside a running bot and without one; and what the start leaves on the disk.
@Suite(.timeLimit(.minutes(5)))
struct CommandTests {
    private func withHome(_ body: @Sendable (inout BotHome) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            var home = BotHome(folder)
            try await body(&home)
        }
    }

    /// Runs the body without a bot or beside one.
    private func withHome(
        beside isBeside: Bool, _ body: @Sendable (BotHome) async throws -> Void
    ) async throws {
        try await withHome { home in
            let home = home
            guard isBeside else { return try await body(home) }
            try await home.withBot { bot in
                try await within(.seconds(20), "the start") { try await bot.says("Page") }
                try await body(home)
                bot.terminate()
                let exit = try await within(.seconds(10), "the end") { try await bot.end() }
                #expect(exit == .status(0))
                #expect(bot.complaints == "")
            }
        }
    }

    private func startCode(in text: String) -> String? {
        text.firstMatch(of: /\/start ([a-z2-7]{26})/).map { String($0.output.1) }
    }

    // MARK: - Start

    @Test func showsTheCodeOnStandardOutputAloneAndKeepsFilesToItsOwner() async throws {
        try await withHome { home in
            home.environment["LOG_LEVEL"] = "trace"
            home.environment["TELEGRAM_BOT_TOKEN"] = FakeTelegram.defaultToken
            home.environment["TELEGRAM_API_BASE_URL"] = "http://127.0.0.1:9"
            let home = home
            try await home.withBot { bot in
                try await within(.seconds(20), "the start") { try await bot.says("Page") }
                let code = try #require(startCode(in: bot.output))
                #expect(!bot.complaints.contains(code))
                #expect(home.text(of: "logs/mybot.log") != "")
                #expect(!home.text(of: "logs/mybot.log").contains(code))
                for file in [
                    "data/mybot.db", "data/mybot.db-wal", "data/mybot.db.lock", "data/mybot.sock", "logs/mybot.log",
                ] {
                    #expect(home.mode(of: file) == 0o600, "\(file)")
                }
                for folder in ["data", "logs"] { #expect(home.mode(of: folder) == 0o700, "\(folder)") }
            }
        }
    }

    @Test func keepsTheTokenOutOfLogAndOutput() async throws {
        try await withHome { home in
            home.environment["TELEGRAM_BOT_TOKEN"] = FakeTelegram.defaultToken
            home.environment["TELEGRAM_API_BASE_URL"] = "http://127.0.0.1:9"
            home.environment["LOG_LEVEL"] = "trace"
            let home = home
            try await home.withBot { bot in
                try await within(.seconds(20), "the start") { try await bot.says("Page") }
                bot.terminate()
                _ = try await within(.seconds(10), "the end") { try await bot.end() }
                let secret = FakeTelegram.defaultToken.suffix(20)
                for text in [bot.output, bot.complaints, home.text(of: "logs/mybot.log")] {
                    #expect(!text.contains(secret))
                }
            }
        }
    }

    @Test func holdsEverythingInTheDatabaseFileAfterAStop() async throws {
        try await withHome { home in
            let home = home
            try await home.withBot { bot in
                try await within(.seconds(20), "the start") { try await bot.says("Page") }
                _ = try await home.run("chat", typing: ["hello"])
                bot.terminate()
                _ = try await within(.seconds(10), "the end") { try await bot.end() }
            }
            // Somebody copies this one file.
            let log = FileManager.default.contents(atPath: home.folder.file("data/mybot.db-wal"))
            #expect(log?.count ?? 0 == 0)
        }
    }

    // MARK: - pair

    @Test(arguments: [true, false])
    func pairMakesACodeThatLetsSomebodyIn(besideABot isBeside: Bool) async throws {
        try await withFakeTelegram { telegram in
            try await withHome { home in
                try await home.connect(telegram: telegram)
                let home = home
                var codes: [String] = []
                if !isBeside { codes.append(try #require(startCode(in: try await home.run("pair").output))) }
                let known = codes
                try await home.withBot { bot in
                    try await within(.seconds(20), "the start") { try await bot.says("Page") }
                    var codes = known
                    if isBeside {
                        try await within(.seconds(20), "the poll") {
                            try await telegram.until { !$0.requests("getUpdates").isEmpty }
                        }
                        let run = try await home.run("pair")
                        #expect(run.exit == .status(0))
                        #expect(run.complaints == "")
                        #expect(run.output.contains("https://t.me/\(telegram.username)?start="))
                        codes.append(try #require(startCode(in: run.output)))
                        #expect(codes.last != startCode(in: bot.output))
                        telegram.user(101).say("/start \(codes.last ?? "")")
                        try await within(.seconds(20), "the greeting") { _ = try await telegram.reply(in: 101) }
                        telegram.user(101).say("hello")
                        try await within(.seconds(20), "the answer") {
                            _ = try await telegram.reply(in: 101, holding: "“hello”")
                        }
                    }
                    #expect(codes.allSatisfy { !home.text(of: "logs/mybot.log").contains($0) })
                }
            }
        }
    }

    // MARK: - doctor

    @Test(arguments: [true, false])
    func doctorSaysWhatToMend(besideABot isBeside: Bool) async throws {
        try await withHome(beside: isBeside) { home in
            let run = try await home.run("doctor")
            #expect(run.exit == .status(1))
            #expect(run.output.contains(isBeside ? "mybot runs." : "mybot does not run"))
            #expect(run.output.contains("MEND people: nobody may talk yet: run mybot pair"))
            #expect(run.output.contains("ok   database: \(home.folder.path)/data/mybot.db"))
            #expect(run.complaints == "mybot: something has to be mended, see above\n")
        }
    }

    @Test func doctorAsksThePlatformsAndTheModelWhenNoBotRuns() async throws {
        try await withFakeTelegram { telegram in
            try await withFakeDiscord { discord in
                try await withFakeModelServer { model in
                    try await withHome { home in
                        try await home.connect(telegram: telegram, discord: discord, model: model)
                        home.environment["ACCESS_ALLOW"] = "*"
                        let well = try await home.run("doctor")
                        #expect(well.exit == .status(0), "\(well)")
                        #expect(well.output.contains("ok   telegram: the token is good: @\(telegram.username)"))
                        #expect(well.output.contains("ok   discord: the token is good"))
                        #expect(discord.connectionCount == 0)
                        home.environment["TELEGRAM_BOT_TOKEN"] = "1:wrong"
                        home.environment["DISCORD_BOT_TOKEN"] = "wrong"
                        home.environment["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1"
                        let ill = try await home.run("doctor")
                        #expect(ill.exit == .status(1))
                        for word in ["telegram", "discord", "model"] {
                            #expect(ill.output.contains("MEND \(word): "), "\(ill)")
                        }
                        #expect(ill.output.contains("telegram.botToken"))
                        #expect(ill.output.contains("discord.botToken"))
                    }
                }
            }
        }
    }

    @Test func doctorRepairsWhatIsMadeFromTheMessages() async throws {
        try await withHome { home in
            home.environment["ACCESS_ALLOW"] = "*"
            _ = try await home.run("chat", typing: ["my cat is Tom", "my dog is Rex"])
            let database = try DatabaseQueue(path: home.folder.file("data/mybot.db"))
            let messages = try database.write { db in
                // Smaller files are mended by each start.
                try db.execute(sql: "CREATE TABLE padding AS SELECT zeroblob(17 << 20)")
                try db.execute(sql: "INSERT INTO messageIndex (messageIndex) VALUES ('delete-all')")
                try db.execute(sql: "UPDATE session SET indexedSeq = headSeq, messageCount = messageCount + 5")
                return try Row.fetchAll(db, sql: "SELECT * FROM message")
            }
            try database.close()
            let ill = try await home.run("doctor")
            #expect(ill.exit == .status(1))
            #expect(ill.output.contains("MEND conversations: "), "\(ill)")
            #expect(ill.output.contains("messageCount is 9, the log gives 4"), "\(ill)")
            #expect(ill.output.contains("mybot doctor --repair makes counters and search index anew"))
            let repair = try await home.run("doctor", "--repair")
            #expect(repair.exit == .status(0), "\(repair)")
            #expect(repair.complaints == "")
            #expect(repair.output.contains("ok   repair: "))
            #expect(repair.output.contains("this was wrong: "), "\(repair)")
            #expect(repair.output.contains("ok   conversations: "))
            let well = try await home.run("doctor")
            #expect(well.exit == .status(0), "\(well)")
            let again = try await home.run("doctor", "--repair")
            #expect(again.output.contains("nothing was wrong"), "\(again)")
            let repaired = try DatabaseQueue(path: home.folder.file("data/mybot.db"))
            let after = try repaired.read { db in try Row.fetchAll(db, sql: "SELECT * FROM message") }
            #expect(after == messages)
            try repaired.close()
            let chat = try await home.run("chat", typing: ["/search Rex"])
            #expect(chat.output.contains("my dog is Rex"), "\(chat)")
        }
    }

    @Test func doctorRepairsNothingBesideARunningBot() async throws {
        try await withHome(beside: true) { home in
            let run = try await home.run("doctor", "--repair")
            #expect(run.exit == .status(1))
            #expect(run.output == "")
            #expect(run.complaints == "mybot: mybot runs: stop it, then run mybot doctor --repair\n")
        }
    }

    @Test func doctorSaysWhatCannotBeMadeAnew() async throws {
        try await withHome { home in
            home.environment["ACCESS_ALLOW"] = "*"
            _ = try await home.run("chat", typing: ["one"])
            let database = try DatabaseQueue(path: home.folder.file("data/mybot.db"))
            try await database.write { db in
                try db.execute(sql: "CREATE TABLE padding AS SELECT zeroblob(17 << 20)")
                try db.execute(sql: "UPDATE session SET deleted = deleted - 1")
            }
            try database.close()
            for arguments in [["doctor"], ["doctor", "--repair"]] {
                let run = try await home.run(arguments)
                #expect(run.exit == .status(1))
                #expect(run.output.contains("MEND conversations: 2 messages up to number 2, but"), "\(run)")
                #expect(run.output.contains("This cannot be made anew"))
            }
        }
    }

    // MARK: - chat

    @Test(arguments: [true, false])
    func chatAnswersAllThatIsPipedIntoIt(besideABot isBeside: Bool) async throws {
        try await withHome(beside: isBeside) { home in
            let run = try await home.run("chat", typing: ["hello", "", "/help", "last words"])
            #expect(run.exit == .status(0))
            #expect(run.complaints == "")
            for text in ["“hello”", "/reset", "“last words”"] { #expect(run.output.contains(text), "\(run.output)") }
            #expect(run.output.hasSuffix("\n"))
            // Nothing is left for the next one.
            let second = try await home.run("chat", typing: ["again"])
            #expect(second.output.contains("“again”"))
            #expect(!second.output.contains("“last words”"))
        }
    }

    @Test(arguments: [true, false])
    func chatEndsWithAnEmptyInput(besideABot isBeside: Bool) async throws {
        try await withHome(beside: isBeside) { home in
            let run = try await home.run("chat")
            #expect(run.exit == .status(0))
            #expect(run.output + run.complaints == "")
        }
    }

    @Test func chatTakesMoreLinesThanWaitInMemory() async throws {
        try await withHome(beside: true) { home in
            let run = try await home.run("chat", typing: (1...300).map { "line \($0)." })
            #expect((1...300).filter { !run.output.contains("“line \($0).”") } == [])
        }
    }

    @Test(arguments: [true, false])
    func chatHeedsTheSignalToEnd(besideABot isBeside: Bool) async throws {
        try await withHome(beside: isBeside) { home in
            try await home.withBot(["chat"], typing: true) { chat in
                try chat.type("hello")
                try await within(.seconds(20), "the answer") { try await chat.says("“hello”") }
                chat.terminate()
                let exit = try await within(.seconds(10), "the end") { try await chat.end() }
                // Beside a bot it holds nothing, so the signal itself may end it.
                #expect(isBeside ? [.status(0), .signal(15)].contains(exit) : exit == .status(0))
                #expect(chat.complaints == "")
            }
        }
    }
}
