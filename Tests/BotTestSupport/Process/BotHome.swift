import Foundation

/// A folder in which bots are started, one after the other, with the same environment: as a machine on which somebody runs one.
package struct BotHome: Sendable {
    /// What a command did from its start to its end.
    package struct Run: Sendable, Equatable {
        package let exit: BotProcess.Exit
        package let output: String
        package let complaints: String
    }

    /// How long a command may take that does not serve.
    private static let commandLimit = Duration.seconds(30)

    package let folder: TemporaryDirectory
    /// What the bot is configured with.
    package var environment: [String: String]

    /// A bot without platforms, with the responder that needs no model, and with a free port.
    package init(_ folder: TemporaryDirectory) {
        self.folder = folder
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder.path, "MODEL_PROVIDER": "offline", "HTTP_PORT": "0",
            // Tests ask faster than people do.
            "LIMITS_PERSON_PER_MINUTE": "0", "LIMITS_CHAT_PER_MINUTE": "0",
            "BUDGETS_PERSON_DAILY_TOKENS": "0", "BUDGETS_PERSON_MONTHLY_TOKENS": "0", "BUDGETS_CHAT_DAILY_TOKENS": "0",
            "BUDGETS_CHAT_MONTHLY_TOKENS": "0", "BUDGETS_DAILY_TOKENS": "0", "BUDGETS_MONTHLY_TOKENS": "0",
        ]
    }

    /// Lets it talk to these fakes.
    package mutating func connect(
        telegram: FakeTelegram? = nil, discord: FakeDiscord? = nil, model: FakeModelServer? = nil
    ) async throws {
        if let telegram {
            environment["TELEGRAM_BOT_TOKEN"] = telegram.token
            environment["TELEGRAM_API_BASE_URL"] = try await telegram.url
        }
        if let discord {
            environment["DISCORD_BOT_TOKEN"] = discord.token
            environment["DISCORD_API_BASE_URL"] = try await discord.url
        }
        if let model {
            environment["MODEL_PROVIDER"] = "openai"
            environment["OPENAI_API_KEY"] = "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"
            environment["OPENAI_BASE_URL"] = try await model.baseURL
            environment["OPENAI_MODEL"] = "fake-model"
        }
    }

    /// Starts the bot and hands it to the body; what still runs after that is killed.
    package func withBot<Result: Sendable>(
        _ arguments: [String] = [], typing: Bool = false, _ body: (BotProcess) async throws -> Result
    ) async throws -> Result {
        let bot = try BotProcess.start(
            arguments: arguments, environment: environment, folder: folder.path, typing: typing)
        defer { bot.kill() }
        return try await body(bot)
    }

    /// Runs a command to its end, typing the lines.
    package func run(_ arguments: String..., typing lines: [String] = []) async throws -> Run {
        try await run(arguments, typing: lines)
    }

    /// Runs a command to its end, typing the lines.
    package func run(_ arguments: [String], typing lines: [String] = []) async throws -> Run {
        try await withBot(arguments, typing: !lines.isEmpty) { bot in
            for line in lines { try bot.type(line) }
            if !lines.isEmpty { try bot.endInput() }
            let exit = try await within(Self.commandLimit, "mybot \(arguments.joined(separator: " "))") {
                try await bot.end()
            }
            return Run(exit: exit, output: bot.output, complaints: bot.complaints)
        }
    }

    /// Writes a file into the folder.
    package func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(file)))
    }

    /// What a file in the folder holds; empty when there is none.
    package func text(of file: String) -> String {
        FileManager.default.contents(atPath: folder.file(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The permission bits of a file or folder; nil when there is none.
    package func mode(of file: String) -> Int? {
        // Not there is an answer.
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.file(file))
        return attributes?[.posixPermissions] as? Int
    }
}
