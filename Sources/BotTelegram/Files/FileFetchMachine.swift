import BotCore
import BotHTTP

/// The way to the bytes of one file; pure. First Telegram is asked where the file is, then it is loaded from there. A link that is
/// too old is asked for once more; what fails in passing is tried again a few times.
struct FileFetchMachine {
    /// What to do next.
    enum Action: Equatable {
        /// Call `getFile`.
        case ask
        case load(FilePath)
        /// Wait, then call `waited`.
        case wait(Duration)
        case fail(AttachmentError)
    }

    /// How often something may fail in passing.
    static let attempts = 3
    /// The longest wait that Telegram may ask for: a person waits for the answer.
    static let longestWait = Duration.seconds(20)

    private let limit: Int
    private var path: FilePath?
    private var hasAskedAgain = false
    private var backoff = Backoff(first: .milliseconds(500), limit: .seconds(5))

    /// - Parameter limit: the most bytes of the file.
    init(limit: Int) { self.limit = limit }

    /// `getFile` has answered.
    mutating func learnt(_ file: TelegramFile) -> Action {
        if let size = file.size, size > limit { return .fail(.tooLarge) }
        guard let given = file.path, let path = FilePath(given) else {
            // A Bot API server in local mode gives a path of its own disk, which is none of ours.
            return .fail(.unavailable("getFile gave no path that a file can be loaded from"))
        }
        self.path = path
        return .load(path)
    }

    /// The wait is over.
    func waited() -> Action { path.map(Action.load) ?? .ask }

    /// What was asked for last has failed.
    ///
    /// - Parameter random: a number in 0..<1 that places the wait in its range.
    mutating func failed(_ failure: CallFailure, random: Double) -> Action {
        switch failure {
        case .transport(.cancelled): return .fail(.cancelled)
        case .transport(.tooLarge): return .fail(.tooLarge)
        case .transport(.invalidURL), .transport(.shutDown): return .fail(.unavailable(failure.summary))
        case .transport, .unreadable: return again(after: .zero, failure, random)
        case .refused(let refusal): return refused(refusal, failure, random)
        }
    }

    private mutating func refused(
        _ refusal: CallFailure.Refusal, _ failure: CallFailure, _ random: Double
    ) -> Action {
        let words = refusal.description.lowercased()
        switch refusal.code {
        case 400 where words.contains("too big"): return .fail(.tooLarge)
        case 400 where words.contains("temporarily unavailable"): return again(after: .zero, failure, random)
        case 429: return again(after: refusal.retryAfter ?? .zero, failure, random)
        case 500...: return again(after: .zero, failure, random)
        case 404 where path != nil && !hasAskedAgain:
            (path, hasAskedAgain) = (nil, true)
            return .ask
        case 404 where path != nil, 400: return .fail(.gone)
        default: return .fail(.unavailable(failure.summary))
        }
    }

    private mutating func again(after asked: Duration, _ failure: CallFailure, _ random: Double) -> Action {
        let wait = max(asked, backoff.next(random: random))
        guard backoff.failures < Self.attempts, asked <= Self.longestWait else {
            return .fail(.unavailable(failure.summary))
        }
        return .wait(wait)
    }
}
