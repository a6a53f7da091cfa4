import BotCore
import BotTestSupport
import Testing

@testable import BotApp

/// The port of the page and the API is taken by another program.
@Suite(.timeLimit(.minutes(5)))
struct PortTests {
    /// Runs an app that wants a taken port until something has become of it; returns whether the page was served.
    private func run(chosen: Bool) async throws -> Bool {
        try await TemporaryDirectory.with { folder in
            try await withLoopbackServer { exchange in
                try await exchange.respond(json: "{}")
            } body: { server in
                var configuration = try AppConfiguration.load(
                    path: nil,
                    options: [
                        "storage.path": folder.file("mybot.db"), "log.path": folder.file("mybot.log"),
                        "model.provider": "offline",
                    ], environment: [:])
                configuration.http.port = try await server.port
                configuration.http.portIsChosen = chosen
                #expect(!PortCheck.isFree(configuration.http.port, host: configuration.http.host))
                let app = try App(configuration)
                let isServed = Lock(false)
                try await app.run(signals: []) {
                    // The bot works: somebody can talk to it.
                    let events = app.terminal.listen()
                    do { try await app.say("hello") } catch { return }
                    for await _ in events { break }
                } onWebRunning: { _ in
                    isServed.withLock { $0 = true }
                }
                return isServed.withLock { $0 }
            }
        }
    }

    @Test func aPortThatNobodyChoseIsDoneWithout() async throws {
        #expect(try await run(chosen: false) == false)
    }

    @Test func aChosenPortEndsTheStart() async throws {
        await #expect { try await run(chosen: true) } throws: { error in
            "\(error)".contains("port") && "\(error)".contains("http.port")
        }
    }

    @Test func theAppCanBeStoppedFromWithin() async throws {
        try await TemporaryDirectory.with { folder in
            let configuration = try AppConfiguration.load(
                path: nil,
                options: [
                    "storage.path": folder.file("mybot.db"), "log.path": folder.file("mybot.log"),
                    "model.provider": "offline", "http.port": "0",
                ], environment: [:])
            let app = try App(configuration)
            try await app.run(signals: []) { _ in app.stop() }
        }
    }

    @Test func aFreePortIsFree() {
        #expect(PortCheck.isFree(0, host: "127.0.0.1"))
    }
}
