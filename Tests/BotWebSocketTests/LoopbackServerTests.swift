import BotTestSupport
import Foundation
import NIOCore
import NIOPosix
import Testing

/// The test server is itself under test: what it promises to the fakes.
@Suite(.timeLimit(.minutes(5)))
struct LoopbackServerTests {
    @Test func answersRequestsOfOneConnectionInOrder() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(text: "\(exchange.method) \(exchange.path) \(exchange.connectionID)")
        } body: { server in
            let answer = try await talk(
                to: server,
                "GET /a?x=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n")
            let first = try #require(answer.range(of: "GET /a 1"))
            let second = try #require(answer.range(of: "GET /b 1"))
            #expect(first.lowerBound < second.lowerBound)
        }
    }

    @Test func answersForAHandlerThatThrows() async throws {
        struct Broken: Error {}
        try await withLoopbackServer { _ in
            throw Broken()
        } body: { server in
            let answer = try await talk(to: server, "GET / HTTP/1.0\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 500 "))
        }
    }

    @Test func stopsWhileAHandlerStalls() async throws {
        let client = try await withLoopbackServer { exchange in
            try await exchange.stall()
        } body: { server in
            let client = try await connect(toPort: server.port) { _ in }
            try await client.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
            return client
        }
        try await client.closeFuture.get()
    }

    @Test func upgradesWithTheAcceptKeyOfTheRFC() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.upgradeToWebSocket().send(text: "hi")
        } body: { server in
            let answer = try await talk(
                to: server,
                """
                GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
                """)
            #expect(answer.hasPrefix("HTTP/1.1 101 "))
            #expect(answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(answer.hasSuffix("\u{2}hi"))
        }
    }

    @Test func tunnelsThroughConnect() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(text: exchange.path)
        } body: { server in
            try await withLoopbackProxy(.http, to: server.port) { proxy in
                let answer = try await talk(
                    toPort: proxy.port,
                    "CONNECT bot.test:80 HTTP/1.1\r\n\r\nGET /here HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK"))
                #expect(answer.hasSuffix("/here"))
                #expect(proxy.targets == ["bot.test:80"])
            }
        }
    }

    @Test func tunnelsThroughSOCKS() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(text: exchange.path)
        } body: { server in
            try await withLoopbackProxy(.socks5, to: server.port) { proxy in
                let answer = try await talk(
                    toPort: proxy.port,
                    "\u{5}\u{1}\u{0}\u{5}\u{1}\u{0}\u{3}\u{8}bot.test\u{0}\u{50}"
                        + "GET /here HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n")
                #expect(answer.hasPrefix("\u{5}\u{0}\u{5}\u{0}\u{0}\u{1}"))
                #expect(answer.hasSuffix("/here"))
                #expect(proxy.targets == ["bot.test:80"])
            }
        }
    }

    @Test func servesThreeHundredConnectionsAtOnce() async throws {
        let count = 300
        let gate = Gate(count)
        try await withLoopbackServer { exchange in
            await gate.arrive()
            try await exchange.respond(text: "ok")
        } body: { server in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<count {
                    group.addTask { try await talk(to: server, "GET / HTTP/1.0\r\n\r\n") }
                }
                for try await answer in group { #expect(answer.hasSuffix("ok")) }
            }
            #expect(server.connectionCount == count)
        }
    }

    @Test func resetsAConnection() async throws {
        try await withLoopbackServer { exchange in
            await exchange.reset()
        } body: { server in
            let answer = try await talk(to: server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer == "reset")
        }
    }

    /// Sends the text and returns all that comes until the server closes.
    private func talk(to server: LoopbackServer, _ text: String) async throws -> String {
        try await talk(toPort: server.port, text)
    }

    private func talk(toPort port: Int, _ text: String) async throws -> String {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
        let channel = try await connect(toPort: port) { channel in
            try channel.pipeline.syncOperations.addHandler(Collector(promise))
        }
        try await channel.writeAndFlush(ByteBuffer(string: text))
        return try await promise.futureResult.get()
    }

    private func connect(
        toPort port: Int, _ setUp: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try setUp(channel) } }
            .connect(host: "127.0.0.1", port: port).get()
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let promise: EventLoopPromise<String>
    private var collected = ByteBuffer()

    init(_ promise: EventLoopPromise<String>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        collected.writeBuffer(&bytes)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let wasReset = (error as? IOError)?.errnoCode == ECONNRESET
        promise.succeed(wasReset ? "reset" : "\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(String(decoding: collected.readableBytesView, as: UTF8.self))
    }
}

/// Lets nobody pass until all have come.
private actor Gate {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { missing = count }

    func arrive() async {
        missing -= 1
        if missing == 0 {
            for waiter in waiting { waiter.resume() }
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }
}
