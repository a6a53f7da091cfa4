import BotCore
import BotHTTP
import BotTestSupport
import Testing

/// The ways a raw connection can go.
enum Route: CaseIterable, Sendable {
    case plain, tls, plainThroughHTTP, tlsThroughHTTP, plainThroughSOCKS, tlsThroughSOCKS

    var tls: TestTLS? {
        switch self {
        case .plain, .plainThroughHTTP, .plainThroughSOCKS: nil
        case .tls, .tlsThroughHTTP, .tlsThroughSOCKS: .good
        }
    }

    var proxy: LoopbackProxy.Kind? {
        switch self {
        case .plain, .tls: nil
        case .plainThroughHTTP, .tlsThroughHTTP: .http
        case .plainThroughSOCKS, .tlsThroughSOCKS: .socks5
        }
    }

    /// Runs the body with a connection over this way to a server with the handler.
    func withConnection<Result: Sendable>(
        _ handler: @escaping LoopbackServer.Handler,
        body: (any ByteConnection, HTTPClient) async throws -> Result
    ) async throws -> Result {
        try await withLoopbackServer(tls: tls, handler) { server in
            let port = try await server.port
            guard let proxy else {
                return try await connect("127.0.0.1:\(port)", proxy: nil, body)
            }
            return try await withLoopbackProxy(proxy, to: port) { proxy in
                let result = try await connect("bot.test:\(port)", proxy: try await proxy.url, body)
                #expect(proxy.targets == ["bot.test:\(port)"])
                return result
            }
        }
    }

    private func connect<Result>(
        _ host: String, proxy: String?, _ body: (any ByteConnection, HTTPClient) async throws -> Result
    ) async throws -> Result {
        try await withClient(HTTPClient.Configuration(proxy: proxy, caFile: TestTLS.caFile)) { client in
            let connection = try await client.connect(to: "http\(tls == nil ? "" : "s")://\(host)/", deadlines: .init())
            defer { connection.close() }
            return try await body(connection, client)
        }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct ByteConnectionTests {
    @Test(arguments: Route.allCases)
    func carriesBytesBothWays(route: Route) async throws {
        try await route.withConnection(echo) { connection, _ in
            for text in ["one", "two"] {
                try await connection.send(post(Array(text.utf8)))
                let answer = try await readAnswer(connection)
                #expect(answer == Array(text.utf8))
            }
        }
    }

    @Test(arguments: Route.allCases)
    func carriesMuchBothWays(route: Route) async throws {
        let body = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
        try await route.withConnection(echo) { connection, _ in
            try await connection.send(post(body))
            #expect(try await readAnswer(connection) == body)
        }
    }

    @Test(arguments: Route.allCases)
    func carriesMuchInBothDirectionsAtOnce(route: Route) async throws {
        let body = [UInt8](repeating: 0x61, count: 300_000)
        try await route.withConnection(echo) { connection, _ in
            async let sending: Void = {
                for _ in 0..<20 { try await connection.send(post(body)) }
            }()
            var reader = AnswerReader(connection)
            for _ in 0..<20 { #expect(try await reader.next() == body) }
            try await sending
        }
    }

    @Test(arguments: [Route.plain, .tls])
    func endsInOrderWhenThePeerCloses(route: Route) async throws {
        try await route.withConnection { exchange in
            try await exchange.respondRaw(Array("bye".utf8))
        } body: { connection, _ in
            try await connection.send(post([]))
            var bytes: [UInt8] = []
            while let piece = try await connection.receive() { bytes += piece }
            #expect(bytes == Array("bye".utf8))
            #expect(try await connection.receive() == nil)
        }
    }

    @Test(arguments: [Route.plain, .tls])
    func losesTheConnectionWhenThePeerDropsIt(route: Route) async throws {
        try await route.withConnection { exchange in
            await exchange.reset()
        } body: { connection, _ in
            try await connection.send(post([]))
            let error = await httpError { while try await connection.receive() != nil {} }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: [Route.plain, .tls])
    func closingEndsAWaitingReceive(route: Route) async throws {
        let gone = Signal()
        try await route.withConnection { exchange in
            await exchange.waitForClientGone()
            gone.happen()
        } body: { connection, _ in
            try await connection.send(post([]))
            let error = await httpError {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await connection.receive() }
                    group.addTask { connection.close() }
                    try await group.waitForAll()
                }
            }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            await gone.wait()
            let later = await httpError { try await connection.send([1]) }
            #expect(later == error)
        }
    }

    @Test(arguments: [Route.plain, .tls])
    func staysUsableAfterACancelledReceive(route: Route) async throws {
        try await route.withConnection(echo) { connection, _ in
            for _ in 0..<20 {
                let error = await httpError {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try await connection.receive() }
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                }
                #expect(error == .cancelled)
            }
            try await connection.send(post([1, 2, 3]))
            #expect(try await readAnswer(connection) == [1, 2, 3])
        }
    }

    /// Other requests that look for a connection must not find this one, nor clear it away.
    @Test(arguments: [Route.plain, .tls])
    func survivesOtherRequestsWhileInputWaits(route: Route) async throws {
        let answered = Signal()
        try await route.withConnection { exchange in
            try await exchange.respond(body: exchange.body)
            if exchange.path == "/raw" { answered.happen() }
        } body: { connection, client in
            try await connection.send(post(Array("waiting".utf8)))
            await answered.wait()
            // libcurl clears its cache at most once a second.
            try await SystemTime().sleep(for: .milliseconds(1100))
            try await withLoopbackServer {
                try await $0.respond(text: "other")
            } body: { other in
                for _ in 0..<5 {
                    _ = try await client.send(HTTPRequest(url: try await other.url, headers: [("Connection", "close")]))
                }
            }
            #expect(try await readAnswer(connection) == Array("waiting".utf8))
        }
    }

    @Test(arguments: [Route.plain, .tls])
    func slowsThePeerWhenNobodyReceives(route: Route) async throws {
        let piece = [UInt8](repeating: 0x62, count: 1 << 20)
        let written = Lock(0)
        let total = 64
        try await route.withConnection { exchange in
            try await exchange.startResponse(headers: [("Content-Length", "\(total * piece.count)")])
            for _ in 0..<total {
                try await exchange.write(piece)
                written.withLock { $0 += 1 }
            }
        } body: { connection, client in
            try await connection.send(post([]))
            try await settle(written)
            #expect(written.withLock { $0 } < total / 2)
            #expect(try await readAnswer(connection).count == total * piece.count)
        }
    }

    @Test func closesWhenNobodyHoldsItAnyMore() async throws {
        try await withLoopbackServer { exchange in
            await exchange.waitForClientGone()
        } body: { server in
            let client = HTTPClient()
            defer { client.shutdown() }
            let url = try await server.url
            func drop() async throws { try await client.connect(to: url, deadlines: .init()).send(post([])) }
            try await drop()
            // The server's handler ends only when the connection is gone; stopping the server waits for it.
        }
    }

    @Test func endsWhenTheClientShutsDown() async throws {
        try await Route.tls.withConnection { exchange in
            try await exchange.stall()
        } body: { connection, client in
            let error = await httpError {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await connection.receive() }
                    group.addTask { client.shutdown() }
                    try await group.waitForAll()
                }
            }
            #expect(error == .shutDown)
        }
    }

    @Test(arguments: [TestTLS.wrongHost, .expired, .otherAuthority])
    func refusesABadCertificate(tls: TestTLS) async throws {
        try await withLoopbackServer(tls: tls) {
            try await $0.respond()
        } body: { server in
            try await withClient(HTTPClient.Configuration(caFile: TestTLS.caFile)) { client in
                let url = try await server.url
                let error = await httpError { _ = try await client.connect(to: url, deadlines: .init()) }
                guard case .untrusted(let text) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(text.contains("certificate"))
            }
        }
    }

    @Test func timesOutWhenThePeerNeverSpeaksTLS() async throws {
        // A server without TLS that waits for the rest of what it takes for a request.
        try await withLoopbackServer {
            try await $0.stall()
        } body: { server in
            try await withClient { client in
                let port = try await server.port
                let error = await httpError {
                    _ = try await client.connect(
                        to: "https://127.0.0.1:\(port)/", deadlines: HTTPDeadlines(connect: .milliseconds(60)))
                }
                #expect(error == .timedOut(.connect) || error == .cannotConnect("the TLS handshake failed"))
            }
        }
    }
}

@Sendable private func echo(_ exchange: LoopbackExchange) async throws {
    try await exchange.respond(body: exchange.body)
}

/// A request as it goes over the wire.
private func post(_ body: [UInt8]) -> [UInt8] {
    Array("POST /raw HTTP/1.1\r\nHost: bot.test\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
}

/// Returns when the number has not risen for a while: what is not taken by then is held back.
func settle(_ number: Lock<Int>) async throws {
    var last = -1
    while true {
        let now = number.withLock { $0 }
        if now == last { return }
        last = now
        try await SystemTime().sleep(for: .milliseconds(150))
    }
}

private func readAnswer(_ connection: any ByteConnection) async throws -> [UInt8] {
    var reader = AnswerReader(connection)
    return try await reader.next()
}

/// Reads answers with a `Content-Length` off a raw connection.
private struct AnswerReader {
    private let connection: any ByteConnection
    private var buffer: [UInt8] = []

    init(_ connection: any ByteConnection) {
        self.connection = connection
    }

    mutating func next() async throws -> [UInt8] {
        var headEnd: Int?
        while headEnd == nil {
            headEnd = end(ofHeadIn: buffer)
            if headEnd == nil { try await more() }
        }
        let head = String(decoding: buffer[..<(headEnd ?? 0)], as: UTF8.self).lowercased()
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingPrefix(" ")) }
        let start = headEnd ?? 0
        let end = start + (try #require(length))
        while buffer.count < end { try await more() }
        let body = Array(buffer[start..<end])
        buffer.removeSubrange(..<end)
        return body
    }

    private mutating func more() async throws {
        let piece = try #require(try await connection.receive())
        buffer += piece
    }

    private func end(ofHeadIn bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 0...(min(bytes.count, 4096) - 4) where bytes[index..<(index + 4)].elementsEqual("\r\n\r\n".utf8) {
            return index + 4
        }
        return nil
    }
}
