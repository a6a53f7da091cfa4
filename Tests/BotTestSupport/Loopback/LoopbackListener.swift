import BotCore
import NIOCore
import NIOPosix

/// Where a test server listens.
package enum LoopbackAddress: Sendable {
    /// 127.0.0.1 with the given port; 0 takes any free one.
    case port(Int)
    /// A Unix socket with the given path.
    case unixSocket(String)
    /// A port that was kept closed until now.
    case held(HeldPort)
}

/// Accepts connections and serves each in a task of one group, until it is cancelled; then it closes them all.
final class LoopbackListener<Connection: Sendable>: Sendable {
    private struct State {
        var port: Result<Int, any Error>?
        var waiters: [CheckedContinuation<Int, any Error>] = []
    }

    private let address: LoopbackAddress
    private let setUp: @Sendable (any Channel) throws -> Connection
    private let serve: @Sendable (Connection) async -> Void
    private let state = Lock(State())

    /// - Parameters:
    ///   - setUp: builds the pipeline of an accepted channel, on its event loop.
    ///   - serve: serves the connection; its channel is closed when this returns.
    init(
        _ address: LoopbackAddress, setUp: @escaping @Sendable (any Channel) throws -> Connection,
        serve: @escaping @Sendable (Connection) async -> Void
    ) {
        self.address = address
        self.setUp = setUp
        self.serve = serve
    }

    /// The port that it listens on, as soon as it does.
    var port: Int {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let known = state.withLock { state in
                    if state.port == nil { state.waiters.append(continuation) }
                    return state.port
                }
                if let known { continuation.resume(with: known) }
            }
        }
    }

    private func announce(_ port: Result<Int, any Error>) {
        let waiters = state.withLock { state in
            state.port = port
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(with: port) }
    }

    /// Listens and serves until the task is cancelled.
    func run() async throws {
        let accepted = Mailbox<(channel: any Channel, connection: Connection)>()
        let setUp = setUp
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if !accepted.put((channel, try setUp(channel))) { throw ChannelError.ioOnClosedChannel }
                }
            }
        let listener: any Channel
        do {
            listener =
                switch address {
                case .port(let port): try await bootstrap.bind(host: "127.0.0.1", port: port).get()
                case .unixSocket(let path): try await bootstrap.bind(unixDomainSocketPath: path).get()
                case .held(let port): try await bootstrap.withBoundSocket(port.release()).get()
                }
        } catch {
            announce(.failure(error))
            throw error
        }
        announce(.success(listener.localAddress?.port ?? 0))
        await withDiscardingTaskGroup { group in
            while let (channel, connection) = await accepted.next() {
                group.addTask { [serve] in
                    await withTaskCancellationHandler {
                        await serve(connection)
                    } onCancel: {
                        channel.close(promise: nil)
                    }
                    channel.close(promise: nil)
                    // The channel may be closed already, which is what is wanted.
                    try? await channel.closeFuture.get()
                }
            }
            // It may be closed already, which is what is wanted.
            try? await listener.close()
            for (channel, _) in accepted.drain() { channel.close(promise: nil) }
            group.cancelAll()
        }
    }
}
