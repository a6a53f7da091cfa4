import BotCore
import BotHTTP

/// A body that is read with two deadlines: until the first text, and from then on between two pieces. Bytes that carry no
/// text (comments that keep the connection alive, the model's thinking) move the second only.
struct WatchedStream {
    let body: HTTPBodyStream
    let firstText: Duration
    let idle: Duration
    let time: any TimeSource

    /// What has come so far.
    final class Progress: Sendable {
        fileprivate struct State {
            var hasText = false
            var lastPiece: Duration
        }

        fileprivate let state: Lock<State>

        fileprivate init(now: Duration) { state = Lock(State(lastPiece: now)) }

        /// Notes that text has come: from now on pauses count.
        func textHasCome() { state.withLock { $0.hasText = true } }
    }

    /// Hands each piece to the closure until it returns false or the body ends.
    ///
    /// - Throws: `ModelError.timedOut`, `HTTPError`, or what the closure throws.
    func read(_ take: ([UInt8], Progress) async throws -> Bool) async throws {
        let start = time.uptime
        let progress = Progress(now: start)
        // Bounded by the request's cap on the body.
        let (pieces, queue) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [body, time] in
                do {
                    for try await piece in body {
                        let now = time.uptime
                        progress.state.withLock { $0.lastPiece = now }
                        queue.yield(piece)
                    }
                    queue.finish()
                } catch {
                    queue.finish(throwing: error)
                }
            }
            group.addTask { [self] in
                while true {
                    let (hasText, lastPiece) = progress.state.withLock { ($0.hasText, $0.lastPiece) }
                    let deadline = hasText ? lastPiece + idle : start + firstText
                    if time.uptime >= deadline {
                        let what = hasText ? "the answer paused for \(idle)" : "no text within \(firstText)"
                        return queue.finish(throwing: ModelError.timedOut(what))
                    }
                    // It looks again at least once an interval, for the deadline moves while it sleeps.
                    do { try await time.sleep(untilUptime: min(deadline, time.uptime + idle)) } catch { return }
                }
            }
            for try await piece in pieces {
                guard try await take(piece, progress) else { break }
            }
        }
        try Task.checkCancellation()
    }
}
