import BotCore
import BotHTTP

/// Carries one response from the task that receives it to the one that reads it, with deadlines for what is read.
///
/// What is received and not yet read waits in memory; it is bounded by the request's own limit of bytes.
struct AnswerStream: Sendable {
    enum Part: Sendable {
        case head(HTTPResponseHead)
        case bytes([UInt8])
    }

    /// Which deadline passed.
    struct TimedOut: Error { let what: String }

    /// How long each part of an answer may take.
    struct Deadlines: Sendable {
        /// Until the first piece of text or reasoning.
        let firstToken: Duration
        /// Between two pieces.
        let idle: Duration
        /// For the whole answer.
        let total: Duration
    }

    private struct Watch {
        var deadline: Duration
        var what: String
        let end: Duration
    }

    private let time: any TimeSource
    private let deadlines: Deadlines
    private let watch: Lock<Watch>
    private let continuation: AsyncThrowingStream<Part, any Error>.Continuation
    let parts: AsyncThrowingStream<Part, any Error>

    init(deadlines: Deadlines, time: any TimeSource) {
        self.deadlines = deadlines
        self.time = time
        let now = time.uptime
        watch = Lock(Watch(deadline: now + deadlines.firstToken, what: "first token", end: now + deadlines.total))
        (parts, continuation) = AsyncThrowingStream.makeStream()
    }

    /// Receives the response; ends when it has ended or the task is cancelled.
    func receive(_ request: HTTPRequest, over http: HTTPClient) async {
        do {
            try await http.withStream(request) { head, body in
                continuation.yield(.head(head))
                for try await bytes in body { continuation.yield(.bytes(bytes)) }
            }
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }

    /// Ends the stream with `TimedOut` when a deadline passes; ends when the task is cancelled.
    func watchDeadlines() async {
        while true {
            let (deadline, what) = watch.withLock { watch in
                watch.deadline < watch.end ? (watch.deadline, watch.what) : (watch.end, "whole answer")
            }
            if time.uptime >= deadline {
                continuation.finish(throwing: TimedOut(what: what))
                return
            }
            do {
                // The deadline may move nearer meanwhile, to an idle span from then on: never sleep for longer than that.
                try await time.sleep(untilUptime: min(deadline, time.uptime + deadlines.idle))
            } catch {
                return  // cancelled: the only error of a sleep
            }
        }
    }

    /// Notes that the model is at work: the next piece has to come within the idle deadline.
    func sawProgress() {
        let next = time.uptime + deadlines.idle
        watch.withLock { watch in
            watch.deadline = next
            watch.what = "next piece"
        }
    }
}
