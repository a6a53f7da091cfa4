import BotTestSupport
import Foundation
import NIOCore
import NIOPosix
import Testing

/// The test server is itself under test: what it promises to the fakes.
@Suite(.timeLimit(.minutes(1)))
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
            let client = try await connect(to: server) { _ in }
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

    /// Sends the text and returns all that comes until the server closes.
    private func talk(to server: LoopbackServer, _ text: String) async throws -> String {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
        let channel = try await connect(to: server) { channel in
            try channel.pipeline.syncOperations.addHandler(Collector(promise))
        }
        try await channel.writeAndFlush(ByteBuffer(string: text))
        return try await promise.futureResult.get()
    }

    private func connect(
        to server: LoopbackServer, _ setUp: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try setUp(channel) } }
            .connect(host: "127.0.0.1", port: server.port).get()
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

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(String(decoding: collected.readableBytesView, as: UTF8.self))
    }
}
