import BotCore
import NIOCore
import NIOPosix

/// A proxy on 127.0.0.1 for tests. Whatever host a client names, it connects to one port of 127.0.0.1, because clients never
/// send loopback hosts to a proxy.
package final class LoopbackProxy: Sendable {
    /// What the proxy speaks.
    package enum Kind: Sendable {
        /// HTTP `CONNECT`.
        case http
        /// SOCKS5 without a password; host names and IPv4 addresses.
        case socks5
    }

    private let kind: Kind
    private let listener: LoopbackListener<ByteChannel>
    private let tunnels: Lock<[String]>

    /// Makes a proxy, which listens while `run` runs.
    ///
    /// - Parameter refuses: whether it answers every wish with a refusal.
    package init(_ kind: Kind, to targetPort: Int, refuses: Bool = false) {
        let tunnels = Lock<[String]>([])
        self.kind = kind
        self.tunnels = tunnels
        listener = LoopbackListener(.port(0)) { channel in
            try ByteChannel(channel)
        } serve: { client in
            await Self.serve(
                client, handshake: ProxyHandshake(kind: kind, refuses: refuses), to: targetPort, tunnels: tunnels)
        }
    }

    /// Listens and serves until the task is cancelled.
    package func run() async throws { try await listener.run() }

    /// The port, as soon as the proxy listens.
    package var port: Int { get async throws { try await listener.port } }

    /// The address as a client's proxy setting; the proxy resolves the names.
    package var url: String {
        get async throws { "\(kind == .http ? "http" : "socks5h")://127.0.0.1:\(try await port)" }
    }

    /// The targets of the tunnels that were made, as `bot.test:443`, in order.
    package var targets: [String] { tunnels.withLock { $0 } }

    private static func serve(
        _ client: ByteChannel, handshake: ProxyHandshake, to targetPort: Int, tunnels: Lock<[String]>
    ) async {
        // A client or server that breaks off ends its tunnel, which is all there is to do.
        try? await {
            var handshake = handshake
            while true {
                guard let bytes = await client.inbound.next() else { return }
                let step = handshake.feed(bytes)
                if !step.answer.isEmpty { try await client.write(step.answer) }
                switch step.outcome {
                case .more: continue
                case .refused: return
                case .tunnel(let target, let rest):
                    tunnels.withLock { $0.append(target) }
                    return try await tunnel(client, to: targetPort, first: rest)
                }
            }
        }()
    }

    private static func tunnel(_ client: ByteChannel, to port: Int, first: [UInt8]) async throws {
        let inbound = Mailbox<[UInt8]>()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { _ = try ByteChannel(channel, inbound) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let server = ByteChannel(channel: channel, inbound: inbound)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await pump(from: client, to: server, first: first) }
                group.addTask { await pump(from: server, to: client, first: []) }
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private static func pump(from source: ByteChannel, to sink: ByteChannel, first: [UInt8]) async {
        do {
            if !first.isEmpty { try await sink.write(first) }
            while let bytes = await source.inbound.next() { try await sink.write(bytes) }
        } catch {
            source.channel.close(promise: nil)
        }
        sink.channel.close(promise: nil)
    }
}

/// Runs a proxy while the body runs, then stops it.
package func withLoopbackProxy<Result>(
    _ kind: LoopbackProxy.Kind, to targetPort: Int, refuses: Bool = false,
    body: (LoopbackProxy) async throws -> Result
) async throws -> Result {
    let proxy = LoopbackProxy(kind, to: targetPort, refuses: refuses)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await proxy.run() }
        _ = try await proxy.port
        let result = try await body(proxy)
        group.cancelAll()
        return result
    }
}

/// A channel that carries plain bytes.
struct ByteChannel: Sendable {
    let channel: any Channel
    let inbound: Mailbox<[UInt8]>

    init(channel: any Channel, inbound: Mailbox<[UInt8]>) {
        self.channel = channel
        self.inbound = inbound
    }

    /// Adds the handler that fills the mailbox; on the channel's event loop.
    init(_ channel: any Channel, _ inbound: Mailbox<[UInt8]> = Mailbox()) throws {
        self.init(channel: channel, inbound: inbound)
        try channel.pipeline.syncOperations.addHandler(ByteCollector(inbound))
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }
}

private final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let inbound: Mailbox<[UInt8]>

    init(_ inbound: Mailbox<[UInt8]>) { self.inbound = inbound }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbound.put(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { inbound.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
