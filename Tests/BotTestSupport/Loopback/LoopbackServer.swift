import BotCore
import NIOCore
import NIOSSL

/// An HTTP/1.1 and WebSocket server on 127.0.0.1 for tests: all fakes are handlers of one.
///
/// Requests on one connection are handled in order, connections side by side. A handler that throws is answered for with
/// 500 if it has sent nothing, else its connection is dropped. It records nothing.
package final class LoopbackServer: Sendable {
    /// Answers one request.
    package typealias Handler = @Sendable (LoopbackExchange) async throws -> Void

    private let listener: LoopbackListener<LoopbackConnection>
    private let accepted: Lock<Int>
    private let scheme: String

    /// Makes a server, which listens while `run` runs.
    ///
    /// - Throws: when the certificate cannot be read.
    package init(
        tls: TestTLS? = nil, address: LoopbackAddress = .port(0), handler: @escaping Handler
    ) throws {
        OpenFileLimit.raise()
        let context = try tls?.makeServerContext()
        let accepted = Lock(0)
        self.accepted = accepted
        scheme = tls == nil ? "" : "s"
        listener = LoopbackListener(address) { channel in
            let id = accepted.withLock { count in
                count += 1
                return count
            }
            return try LoopbackConnection(id: id, channel: channel, tls: context)
        } serve: { connection in
            await Self.serve(connection, handler)
        }
    }

    /// Listens and serves until the task is cancelled; then closes all connections and waits for the handlers.
    package func run() async throws { try await listener.run() }

    /// The port, as soon as the server listens. Never comes if `run` is never called.
    package var port: Int { get async throws { try await listener.port } }

    /// The address for HTTP clients without a slash at its end, as `http://127.0.0.1:4711`.
    package var url: String { get async throws { "http\(scheme)://127.0.0.1:\(try await port)" } }

    /// The address for WebSocket clients, as `ws://127.0.0.1:4711`.
    package var webSocketURL: String { get async throws { "ws\(scheme)://127.0.0.1:\(try await port)" } }

    /// How many connections were accepted until now.
    package var connectionCount: Int { accepted.withLock { $0 } }

    private static func serve(_ connection: LoopbackConnection, _ handler: Handler) async {
        while case .request(let head, let body) = await connection.inbound.next() {
            let exchange = LoopbackExchange(connection, head: head, body: body)
            do {
                try await handler(exchange)
                switch exchange.progress {
                case .nothing: try await exchange.respond(status: 500, text: "the handler sent nothing")
                case .started: try await exchange.end()
                case .ended, .upgraded, .closed: break
                }
            } catch  where exchange.progress == .nothing {
                do { try await exchange.respond(status: 500, text: "\(error)") } catch { return }
            } catch {
                return await connection.closeAbruptly()
            }
            if !exchange.keepsConnection { return }
        }
    }
}

/// Runs a server while the body runs, then stops it and waits for its handlers.
package func withLoopbackServer<Result: Sendable>(
    tls: TestTLS? = nil, address: LoopbackAddress = .port(0), _ handler: @escaping LoopbackServer.Handler,
    body: (LoopbackServer) async throws -> Result
) async throws -> Result {
    let server = try LoopbackServer(tls: tls, address: address, handler: handler)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        _ = try await server.port
        let result = try await body(server)
        group.cancelAll()
        return result
    }
}
