import BotCore
import BotHTTP
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct DeadlineTests {
    private let short = Duration.milliseconds(70)

    @Test func connectEndsAHandshakeThatNobodyAnswers() async throws {
        try await SilentListener.with { port in
            try await expect(.connect, at: "https://127.0.0.1:\(port)/", HTTPDeadlines(connect: short))
        }
    }

    @Test func firstByteEndsAnAnswerThatDoesNotBegin() async throws {
        try await withLoopbackServer {
            try await $0.stall()
        } body: { server in
            try await expect(.firstByte, at: server.url, HTTPDeadlines(firstByte: short))
        }
    }

    @Test func idleEndsABodyThatDriesUp() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            try await exchange.write(text: "first")
            try await exchange.stall()
        } body: { server in
            try await expect(.idle, at: server.url, HTTPDeadlines(idle: short))
        }
    }

    @Test func totalEndsABodyThatOnlyDrips() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            while true {
                try await exchange.write(text: "drip")
                try await SystemTime().sleep(for: .milliseconds(5))
            }
        } body: { server in
            try await expect(.total, at: server.url, HTTPDeadlines(idle: .seconds(30), total: short))
        }
    }

    @Test func aWaitForTheHeadIsNotIdle() async throws {
        try await withLoopbackServer { exchange in
            try await SystemTime().sleep(for: .milliseconds(500))
            // In one write, so that a busy machine puts nothing between head and body.
            try await exchange.respondRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate".utf8))
        } body: { server in
            try await withClient { client in
                let request = HTTPRequest(url: try await server.url, deadlines: HTTPDeadlines(idle: .milliseconds(250)))
                #expect(try await client.send(request).body == Array("late".utf8))
            }
        }
    }

    private func expect(_ phase: HTTPError.Phase, at url: String, _ deadlines: HTTPDeadlines) async throws {
        try await withClient { client in
            let start = SystemTime().uptime
            let error = await httpError { _ = try await client.send(HTTPRequest(url: url, deadlines: deadlines)) }
            let span = SystemTime().uptime - start
            #expect(error == .timedOut(phase))
            // Never early; how late depends on the machine, which may be very busy.
            #expect(span >= short)
            #expect(span < .seconds(30))
        }
    }
}
