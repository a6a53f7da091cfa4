import BotCore
import BotHTTP
import Foundation
import Testing

/// Runs the body with a client that is shut down afterwards.
func withClient<Result>(
    _ configuration: HTTPClient.Configuration = HTTPClient.Configuration(),
    _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    let client = HTTPClient(configuration)
    defer { client.shutdown() }
    return try await body(client)
}

/// Runs the body and returns the client's error that it throws; nil, and a recorded issue, when it throws none.
func httpError(
    _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) async -> HTTPError? {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as HTTPError {
        return error
    } catch {
        Issue.record("\(error) is no HTTPError", sourceLocation: sourceLocation)
    }
    return nil
}

/// A thing that happens once and can be waited for.
final class Signal: Sendable {
    private let state = Lock((happened: false, waiters: [CheckedContinuation<Void, Never>]()))

    func happen() {
        let waiters = state.withLock { state in
            state.happened = true
            let waiters = state.waiters
            state.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let happened = state.withLock { state in
                if !state.happened { state.waiters.append(continuation) }
                return state.happened
            }
            if happened { continuation.resume() }
        }
    }
}

enum TemporarySocket {
    /// Runs the body with a path for a socket, short enough for `sockaddr_un`.
    static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = "/tmp/mybot-\(UInt64.random(in: 0 ... .max)).sock"
        defer { unlink(path) }
        return try await body(path)
    }
}
