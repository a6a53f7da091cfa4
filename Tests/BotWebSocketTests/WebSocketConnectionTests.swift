import BotCore
import BotHTTP
import BotTestSupport
import BotWebSocket
import Testing

/// The client over real sockets: libcurl's connections against the loopback server.
@Suite(.timeLimit(.minutes(5)))
struct WebSocketConnectionTests {
    /// A client that trusts the test authority.
    private func makeClient(proxy: String? = nil) -> WebSocketClient {
        WebSocketClient(http: HTTPClient(HTTPClient.Configuration(proxy: proxy, caFile: TestTLS.caFile)))
    }

    /// Serves the socket with one closure and the client with the other; both have ended when it returns.
    private func withPair(
        tls: TestTLS? = nil, maxMessageBytes: Int = 16 << 20,
        server: @escaping @Sendable (LoopbackWebSocket) async throws -> Void,
        client body: (WebSocketConnection) async throws -> Void
    ) async throws {
        let served = Signal()
        try await withLoopbackServer(tls: tls) { exchange in
            defer { served.fire() }
            try await server(try await exchange.upgradeToWebSocket())
        } body: { server in
            do {
                try await makeClient().withConnection(to: server.webSocketURL, maxMessageBytes: maxMessageBytes, body)
            } catch {
                await served.wait()
                throw error
            }
            await served.wait()
        }
    }

    private func expectNext(
        _ message: WebSocketMessage, from connection: WebSocketConnection,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let received = try await connection.receive()
        #expect(received == message, sourceLocation: sourceLocation)
    }

    /// Sends back what comes until the client closes.
    private static let echo: @Sendable (LoopbackWebSocket) async throws -> Void = { socket in
        while let message = await socket.receive() {
            switch message {
            case .text(let text): try await socket.send(text: text)
            case .binary(let bytes): try await socket.send(binary: bytes)
            case .close(let code, _): return try await socket.close(code: code)
            case .ping, .pong: continue
            }
        }
    }

    @Test("D13: text and binary frames both ways", arguments: [nil, TestTLS.good])
    func echoes(tls: TestTLS?) async throws {
        try await withPair(tls: tls, server: Self.echo) { connection in
            try await connection.send(text: "grüß 😀")
            try await expectNext(.text("grüß 😀"), from: connection)
            try await connection.send(binary: [0, 255])
            try await expectNext(.binary([0, 255]), from: connection)
        }
    }

    @Test func asksForTheTargetWithTheCallersHeaders() async throws {
        try await withLoopbackServer { exchange in
            #expect(exchange.path == "/gateway")
            #expect(exchange.query == "v=10&encoding=json")
            #expect(exchange.header("x-test") == "yes")
            #expect(exchange.header("host")?.hasPrefix("127.0.0.1:") == true)
            try await Self.echo(try await exchange.upgradeToWebSocket())
        } body: { server in
            try await makeClient().withConnection(
                to: server.webSocketURL + "/gateway?v=10&encoding=json", headers: [("X-Test", "yes")]
            ) { connection in
                try await connection.send(text: "ok")
                try await expectNext(.text("ok"), from: connection)
            }
        }
    }

    @Test("D13: each frame has a mask of its own")
    func masksEveryFrameDifferently() async throws {
        try await withPair { socket in
            for _ in 0..<3 { #expect(await socket.receiveFrame()?.isMasked == true) }
        } client: { connection in
            try await connection.send(text: "a")
            try await connection.send(binary: [1])
            try await connection.ping([2])
        }
    }

    @Test("D13: pings are answered while nobody receives")
    func answersPingsWhileNobodyReceives() async throws {
        let answered = Signal()
        try await withPair { socket in
            try await socket.ping([1, 2, 3])
            #expect(await socket.receive() == .pong([1, 2, 3]))
            answered.fire()
            await socket.waitForClientGone()
        } client: { connection in
            await answered.wait()
            connection.abort()
        }
    }

    @Test("D13: large messages both ways", arguments: [nil, TestTLS.good])
    func carriesALargeMessageBothWays(tls: TestTLS?) async throws {
        let large = String(repeating: "0123456789abcdef", count: 5 << 16)
        try await withPair(tls: tls, server: Self.echo) { connection in
            try await connection.send(text: large)
            try await expectNext(.text(large), from: connection)
        }
    }

    @Test("D13: a frame of 16 MiB is taken, far beyond what READY of a large bot has")
    func takesAFrameOfSixteenMebibytes() async throws {
        let large = [UInt8](repeating: 7, count: 16 << 20)
        try await withPair { socket in
            try await socket.send(binary: large)
            await socket.waitForClientGone()
        } client: { connection in
            try await expectNext(.binary(large), from: connection)
        }
    }

    @Test("D13: fragments become one message")
    func joinsFragments() async throws {
        try await withPair { socket in
            let bytes = Array("fragmented 😀".utf8)
            try await socket.sendFrame(opcode: 1, fin: false, [])
            for byte in bytes {
                try await socket.sendFrame(opcode: 0, fin: false, [byte])
                try await socket.ping()
            }
            try await socket.sendFrame(opcode: 0, [])
            for _ in bytes { #expect(await socket.receive() == .pong([])) }
        } client: { connection in
            try await expectNext(.text("fragmented 😀"), from: connection)
            await #expect(throws: WebSocketError.self) { try await connection.receive() }
        }
    }

    @Test func carriesAThousandMessagesInOrder() async throws {
        try await withPair(server: Self.echo) { connection in
            async let sending: Void = {
                for number in 0..<1000 { try await connection.send(text: "\(number)") }
            }()
            for number in 0..<1000 { try await expectNext(.text("\(number)"), from: connection) }
            try await sending
        }
    }

    @Test func keepsMessagesOfManySendersWhole() async throws {
        try await withPair(server: Self.echo) { connection in
            let texts = (0..<50).map { String(repeating: "\($0),", count: 2000) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for text in texts { group.addTask { try await connection.send(text: text) } }
                var received: Set<String> = []
                for _ in texts {
                    if case .text(let text) = try await connection.receive() { received.insert(text) }
                }
                #expect(received == Set(texts))
                try await group.waitForAll()
            }
        }
    }

    // MARK: - Endings

    @Test("D13: the code of a close frame is told", arguments: [1000, 1001, 4004, 4014])
    func reportsTheServersCloseCode(code: Int) async throws {
        try await withPair { socket in
            try await socket.send(text: "last")
            try await socket.close(code: code, reason: "why")
            #expect(await socket.receive() == .close(code: code, reason: ""))
        } client: { connection in
            try await expectNext(.text("last"), from: connection)
            try await expectNext(.closed(code: code, reason: "why"), from: connection)
            try await expectNext(.closed(code: code, reason: "why"), from: connection)
            await #expect(throws: WebSocketError.self) { try await connection.send(text: "late") }
        }
    }

    @Test func saysGoodbyeWhenTheBodyReturns() async throws {
        let goodbye = Recorder()
        try await withPair { socket in
            let message = await socket.receive()
            goodbye.add(message)
            try await socket.close(code: 1000)
        } client: { _ in
        }
        #expect(goodbye.all == [.close(code: 1000, reason: "")])
    }

    @Test("D13: closes with the caller's code")
    func closesWithTheCallersCode() async throws {
        let goodbye = Recorder()
        try await withPair { socket in
            let message = await socket.receive()
            goodbye.add(message)
            try await socket.close(code: 4000)
        } client: { connection in
            await connection.close(code: 4000, reason: "zombie")
            try await expectNext(.closed(code: 4000, reason: ""), from: connection)
        }
        #expect(goodbye.all == [.close(code: 4000, reason: "zombie")])
    }

    @Test func saysNothingWhenTheBodyThrows() async throws {
        struct Stop: Error {}
        let goodbye = Recorder()
        await #expect(throws: Stop.self) {
            try await withPair { socket in
                let message = await socket.receive()
                goodbye.add(message)
            } client: { _ in
                throw Stop()
            }
        }
        #expect(goodbye.all == [nil])
    }

    @Test(arguments: [true, false]) func reportsALostConnection(abruptly: Bool) async throws {
        try await withPair { socket in
            try await socket.send(text: "last")
            #expect(await socket.receive() == .text("seen"))
            if abruptly { await socket.drop() } else { await socket.end() }
        } client: { connection in
            try await expectNext(.text("last"), from: connection)
            try await connection.send(text: "seen")
            let error = await #expect(throws: WebSocketError.self) { try await connection.receive() }
            guard case .connectionLost = error else {
                Issue.record("not lost: \(String(describing: error))")
                return
            }
        }
    }

    @Test func tellsThePeerThatItBrokeTheProtocol() async throws {
        let answer = Recorder()
        try await withPair { socket in
            try await socket.sendRaw([0x81, 0x80, 1, 2, 3, 4])
            let message = await socket.receive()
            answer.add(message)
        } client: { connection in
            await #expect(throws: WebSocketError.protocolViolation("a frame of a server is masked")) {
                try await connection.receive()
            }
        }
        #expect(answer.all == [.close(code: 1002, reason: "")])
    }

    @Test func refusesALargerMessageThanAllowed() async throws {
        let answer = Recorder()
        try await withPair(maxMessageBytes: 1000) { socket in
            try await socket.send(binary: [UInt8](repeating: 0, count: 1001))
            let message = await socket.receive()
            answer.add(message)
        } client: { connection in
            await #expect(throws: WebSocketError.tooLarge(limit: 1000)) { try await connection.receive() }
        }
        #expect(answer.all == [.close(code: 1009, reason: "")])
    }

    @Test func aCancelledReceiverLosesNothing() async throws {
        try await withPair(server: Self.echo) { connection in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: WebSocketError.cancelled) { try await connection.receive() }
                }
                group.cancelAll()
            }
            try await connection.send(text: "still here")
            try await expectNext(.text("still here"), from: connection)
        }
    }

    @Test func endsWithItsTask() async throws {
        try await withLoopbackServer { exchange in
            let socket = try await exchange.upgradeToWebSocket()
            try await socket.send(text: "hello")
            await socket.waitForClientGone()
        } body: { server in
            let url = try await server.webSocketURL
            let client = makeClient()
            let greeted = Signal()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: WebSocketError.cancelled) {
                        try await client.withConnection(to: url) { connection in
                            try await expectNext(.text("hello"), from: connection)
                            greeted.fire()
                            _ = try await connection.receive()
                        }
                    }
                }
                await greeted.wait()
                group.cancelAll()
            }
        }
    }

    // MARK: - Opening

    @Test func reportsARefusedUpgrade() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(status: 429)
        } body: { server in
            let url = try await server.webSocketURL
            await #expect(throws: WebSocketError.refused(status: 429)) {
                try await makeClient().withConnection(to: url) { _ in }
            }
        }
    }

    @Test func givesUpOnAServerThatNeverAnswers() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.stall()
        } body: { server in
            let url = try await server.webSocketURL
            await #expect(throws: WebSocketError.cannotConnect(.timedOut(.firstByte))) {
                try await makeClient().withConnection(
                    to: url, deadlines: HTTPDeadlines(firstByte: .milliseconds(50))
                ) { _ in }
            }
        }
    }

    @Test("D13: a certificate that does not hold", arguments: [TestTLS.otherAuthority, .wrongHost, .expired])
    func refusesACertificateThatDoesNotHold(tls: TestTLS) async throws {
        try await withLoopbackServer(tls: tls) { exchange in
            try await exchange.respond()
        } body: { server in
            let url = try await server.webSocketURL
            let error = await #expect(throws: WebSocketError.self) {
                try await makeClient().withConnection(to: url) { _ in }
            }
            guard case .cannotConnect(.untrusted(let why)) = error else {
                Issue.record("not untrusted: \(String(describing: error))")
                return
            }
            #expect(why.contains("certificate"))
        }
    }

    @Test(arguments: [LoopbackProxy.Kind.http, .socks5], [nil, TestTLS.good])
    func goesThroughAProxy(kind: LoopbackProxy.Kind, tls: TestTLS?) async throws {
        try await withLoopbackServer(tls: tls) { exchange in
            #expect(exchange.header("host") == "bot.test")
            try await Self.echo(try await exchange.upgradeToWebSocket())
        } body: { server in
            try await withLoopbackProxy(kind, to: server.port) { proxy in
                let client = makeClient(proxy: try await proxy.url)
                try await client.withConnection(to: "\(tls == nil ? "ws" : "wss")://bot.test/") { connection in
                    try await connection.send(text: "through")
                    try await expectNext(.text("through"), from: connection)
                }
                #expect(proxy.targets == ["bot.test:\(tls == nil ? 80 : 443)"])
            }
        }
    }

    @Test func reportsAProxyThatRefuses() async throws {
        try await withLoopbackProxy(.http, to: 1, refuses: true) { proxy in
            let client = makeClient(proxy: try await proxy.url)
            let error = await #expect(throws: WebSocketError.self) {
                try await client.withConnection(to: "wss://bot.test/") { _ in }
            }
            guard case .cannotConnect(.cannotConnect) = error else {
                Issue.record("not refused: \(String(describing: error))")
                return
            }
        }
    }

    @Test func opensManyConnectionsAtOnce() async throws {
        try await withLoopbackServer { exchange in
            try await Self.echo(try await exchange.upgradeToWebSocket())
        } body: { server in
            let url = try await server.webSocketURL
            let client = makeClient()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        try await client.withConnection(to: url) { connection in
                            try await connection.send(text: "\(number)")
                            try await expectNext(.text("\(number)"), from: connection)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// What a server saw, for the test to look at afterwards.
private final class Recorder: Sendable {
    private let messages = Lock<[LoopbackWebSocket.Message?]>([])
    func add(_ message: LoopbackWebSocket.Message?) { messages.withLock { $0.append(message) } }
    var all: [LoopbackWebSocket.Message?] { messages.withLock { $0 } }
}

/// Fires once and can be waited for by one task.
private final class Signal: Sendable {
    private let stream = AsyncStream<Void>.makeStream()
    func fire() { stream.continuation.finish() }
    func wait() async { for await _ in stream.stream {} }
}
