import BotTestSupport
import Testing

@testable import BotApp

/// TLS, checked on both platforms and for the model, from the setting to the wire.
@Suite(.timeLimit(.minutes(5)))
struct TLSTests {
    @Test("https and wss work with network.caFile on both platforms and for the model")
    func trusts() async throws {
        try await AppWorld.with(tls: .good) { world in
            try await world.running(["network.caFile": TestTLS.caFile]) { _ in
                for kind in TestChat.Kind.direct {
                    try await TestChat(kind: kind, world: world).converse("hello", answer: "Hello \(kind.rawValue).")
                }
            }
        }
    }

    @Test(
        "a certificate that cannot be trusted: nothing is sent, and the log says certificate",
        arguments: TestTLS.allCases.filter { $0 != .good })
    func refuses(_ tls: TestTLS) async throws {
        try await AppWorld.with(tls: tls) { world in
            try await world.running(["network.caFile": TestTLS.caFile], isReadyFirst: false) { app in
                try await app.until { !world.logLines("[telegram]", "certificate").isEmpty }
                try await app.until { !world.logLines("[discord]", "certificate").isEmpty }
                #expect(try await app.state(of: "telegram") != "connected")
                #expect(try await app.state(of: "discord") != "connected")
                // A question from the terminal brings the model's certificate to the test.
                try await app.app.say("hello")
                try await app.until { !world.logLines("certificate", "model").isEmpty }
            }
            #expect(world.telegram.requests().isEmpty)
            #expect(world.discord.requests().isEmpty)
            #expect(world.discord.connectionCount == 0)
            #expect(world.model.calls.isEmpty)
            #expect(world.telegram.acceptedConnections <= 8)
            #expect(world.discord.acceptedConnections <= 8)
            #expect(!world.log.contains(world.telegram.token))
        }
    }

    @Test("without network.caFile the authority of the tests is unknown")
    func trustsOnlyTheSystem() async throws {
        try await AppWorld.with(tls: .good) { world in
            try await world.running(isReadyFirst: false) { app in
                try await app.until { !world.logLines("[telegram]", "certificate").isEmpty }
                try await app.until { !world.logLines("[discord]", "certificate").isEmpty }
            }
            #expect(world.telegram.requests().isEmpty)
            #expect(world.discord.requests().isEmpty)
        }
    }
}
