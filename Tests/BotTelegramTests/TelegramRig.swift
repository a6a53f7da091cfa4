import BotCore
import BotHTTP
import BotTestSupport
import Logging

@testable import BotTelegram

/// A platform before a fake Telegram, with a clock that is moved by hand.
struct TelegramRig: Sendable {
    let fake: FakeTelegram
    let platform: TelegramPlatform
    let intake: RecordingIntake
    let time: ManualTime
    let links: LinkMonitor
    let http: HTTPClient
    let baseURL: String

    static let menu = [CommandDescription(name: "reset", summary: "Forget this conversation")]

    /// Runs the body beside a running platform; then stops both.
    static func run(
        streaming: TelegramConfiguration.Streaming = .auto, intake: RecordingIntake = RecordingIntake(),
        prepare: (FakeTelegram) -> Void = { _ in }, _ body: (TelegramRig) async throws -> Void
    ) async throws {
        try await withFakeTelegram { fake in
            prepare(fake)
            let rig = try await make(fake, streaming: streaming, intake: intake)
            defer { rig.http.shutdown() }
            try await rig.whileRunning(body)
        }
    }

    static func make(
        _ fake: FakeTelegram, streaming: TelegramConfiguration.Streaming = .auto, intake: RecordingIntake,
        caFile: String? = nil, hearsEverything: Bool = false, log: LineLog = LineLog()
    ) async throws -> TelegramRig {
        let time = ManualTime()
        let links = LinkMonitor(time: time)
        let http = HTTPClient(HTTPClient.Configuration(caFile: caFile))
        let url = try await fake.url
        var configuration = try configuration(url, streaming: streaming)
        configuration.hearsEverything = hearsEverything
        let platform = TelegramPlatform(
            configuration: configuration, http: http, cursors: intake,
            links: links, commands: menu, time: time, logger: log.logger)
        return TelegramRig(
            fake: fake, platform: platform, intake: intake, time: time, links: links, http: http, baseURL: url)
    }

    static func configuration(
        _ url: String, streaming: TelegramConfiguration.Streaming = .auto, token: String = FakeTelegram.defaultToken
    ) throws -> TelegramConfiguration {
        struct NoToken: Error {}
        guard let secret = Secret(token) else { throw NoToken() }
        return TelegramConfiguration(botToken: secret, apiBaseURL: url, streaming: streaming)
    }

    func whileRunning(_ body: (TelegramRig) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await platform.run(intake: intake) }
            try await body(self)
            group.cancelAll()
        }
    }

    var state: LinkState? { links.all["telegram"]?.state }

    /// Moves the clock to the next wait's end, once there is one; returns how long the wait was.
    func endWait() async -> Duration {
        await time.waitForSleepers()
        let span = time.nextWake ?? .zero
        time.advance(by: span)
        return span
    }
}
