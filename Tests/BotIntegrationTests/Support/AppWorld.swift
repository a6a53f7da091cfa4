import BotCore
import BotTestSupport
import Foundation
import Testing

@testable import BotApp

/// Everything that a bot needs around it: both platforms and a model on loopback ports, and a folder for its files.
struct AppWorld: Sendable {
    let directory: TemporaryDirectory
    let telegram: FakeTelegram
    let discord: FakeDiscord
    let model: FakeModelServer
    private let options: [String: String]

    /// People on both platforms who are let in. The first of them administers the group and the server.
    static let people: [Int64] = [42, 43]
    /// One on both platforms who is not.
    static let strangerID: Int64 = 99
    static let group: Int64 = -100_500
    /// How long a test lasts at most, on a busy machine too.
    private static let patience = Duration.seconds(150)

    /// Makes a world and runs it while the body runs.
    ///
    /// - Parameters:
    ///   - tls: the certificate that both platforms and the model show; nil for plain HTTP.
    ///   - telegram: another Telegram than the usual one.
    ///   - isLawful: whether a breach of a platform's rules fails the test.
    static func with(
        tls: TestTLS? = nil, telegram: FakeTelegram? = nil, discord: FakeDiscord? = nil, isLawful: Bool = true,
        _ body: (AppWorld) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let telegram = try telegram ?? FakeTelegram(tls: tls)
            let discord = try discord ?? FakeDiscord(tls: tls)
            let model = try FakeModelServer(tls: tls)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await telegram.run() }
                group.addTask { try await discord.run() }
                group.addTask { try await model.run() }
                let world = try await AppWorld(directory, telegram, discord, model)
                group.addTask { try await world.watch() }
                try await body(world)
                group.cancelAll()
            }
            if isLawful {
                #expect(telegram.violations == [])
                #expect(discord.violations == [])
            }
        }
    }

    init(
        _ directory: TemporaryDirectory, _ telegram: FakeTelegram, _ discord: FakeDiscord, _ model: FakeModelServer,
        telegramURL: String? = nil
    ) async throws {
        self.directory = directory
        self.telegram = telegram
        self.discord = discord
        self.model = model
        telegram.group(Self.group)
        telegram.promote(Self.people[0], in: Self.group)
        discord.give(FakeDiscord.managers, to: Self.snowflake(Self.people[0]))
        let allowed = Self.people.flatMap { ["telegram:\($0)", "discord:\(Self.snowflake($0))"] }
        try Data("{}".utf8).write(to: URL(fileURLWithPath: directory.file("config.json")))
        // A server that does not listen yet has no address to tell.
        let telegramAddress = if let telegramURL { telegramURL } else { try await telegram.url }
        options = [
            "telegram.botToken": telegram.token, "telegram.apiBaseURL": telegramAddress,
            "telegram.pollTimeoutSeconds": "20",
            "discord.botToken": discord.token, "discord.apiBaseURL": try await discord.url,
            "model.provider": "openai", "openai.baseURL": try await model.baseURL, "openai.apiKey": "sk-rig",
            "openai.model": "fake-model",
            "access.allow": allowed.joined(separator: ","),
            // Tests ask faster than people do.
            "limits.personPerMinute": "0", "limits.chatPerMinute": "0", "http.port": "0",
            "storage.path": directory.file("data/mybot.db"), "log.path": directory.file("logs/mybot.log"),
        ]
    }

    /// The Discord id of a person with a small number.
    static func snowflake(_ person: Int64) -> String { "\(1_100_000_000_000_001_000 + person)" }

    /// Says what can be seen of the bot when a test waits for something that does not happen: the suite's time limit, which then ends it, tells
    /// nothing.
    ///
    /// - Throws: `CancellationError` once the test is over.
    private func watch() async throws {
        try await SystemTime().sleep(for: Self.patience)
        Issue.record(
            """
            the test still waits after \(Self.patience); the model was asked: \(model.calls.map { $0.question ?? "nothing" })
            Telegram: \(telegram.requests().map(\.method))
            Discord: \(discord.requests().map { "\($0.name) \($0.status ?? 0)" })
            \(log)
            """)
    }

    /// The configuration with some options changed.
    func configuration(_ changes: [String: String] = [:]) throws -> AppConfiguration {
        try AppConfiguration.load(
            path: directory.file("config.json"), options: options.merging(changes) { $1 }, environment: [:])
    }

    /// Starts the bot, runs the body and stops the bot in order. A second call is a restart over the same files.
    ///
    /// - Parameter isReadyFirst: whether the body begins only when Discord has a session: it forgets what is said before.
    func running(
        _ changes: [String: String] = [:], isReadyFirst: Bool = true, _ body: (RunningApp) async throws -> Void
    ) async throws {
        let app = try App(configuration(changes))
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                try await app.run(signals: []) { port.yield($0) }
            }
            var arrived = ports.makeAsyncIterator()
            if let number = await arrived.next() {
                let running = RunningApp(app: app, port: number)
                if isReadyFirst { try await running.until { app.links.all["discord"]?.state == .connected } }
                try await body(running)
                app.stop()
            }
            try await group.waitForAll()
        }
    }

    /// The text of the log.
    var log: String {
        // Nothing was logged yet when there is no file.
        (try? String(contentsOfFile: directory.file("logs/mybot.log"), encoding: .utf8)) ?? ""
    }

    /// The log's lines that hold all of the words.
    func logLines(_ words: String...) -> [String] {
        log.split(separator: "\n").map(String.init).filter { line in words.allSatisfy { line.contains($0) } }
    }
}
