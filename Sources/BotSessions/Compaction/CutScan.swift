import BotCore

/// Reads the messages after a summary, oldest first, and finds where the next one ends. Pure.
///
/// What stays are the newest whole turns that the policy lets stay, and always the last. A turn begins with a message of the user. Only
/// where one turn alone is larger than what a job may read, or is all there is, the cut falls inside of it, and never between a tool's
/// call and its result unless nothing else is left.
struct CutScan {
    /// The messages before the cut end with this number, and these are what they hold.
    struct Cut: Equatable {
        let toSeq: Int64
        /// The messages that no summary covers yet, and the tokens of their texts in the log.
        let messages: Int
        let tokens: Int
        /// How many of the messages that were read lie before it.
        let read: Int
        /// The tokens of the texts of all messages that were read before it, covered ones included.
        let readTokens: Int
    }

    private let session: Session
    private let policy: CompactionPolicy
    /// The most tokens of source that one job reads.
    private let maxTokens: Int

    private var read = 0
    private var readTokens = 0
    private var sourceTokens = 0
    private var messages = 0
    private var tokens = 0
    private var lastSeq: Int64 = 0
    private var lastTurn: Cut?
    private var lastGroup: Cut?
    private var firstFitting: Cut?
    /// Where the summary ends, once that is known.
    private var found: Cut?

    init(session: Session, policy: CompactionPolicy, maxTokens: Int) {
        self.session = session
        self.policy = policy
        self.maxTokens = maxTokens
    }

    /// Takes the next message; false when no more are needed, and this one is not a part of the summary.
    mutating func take(role: Role, seq: Int64, tokens messageTokens: Int, sourceTokens cost: Int) -> Bool {
        guard found == nil, seq <= session.headSeq else { return false }
        if messages > 0, role != .tool { notePlace(isTurn: role == .user) }
        if found != nil { return false }
        if read > 0, sourceTokens + cost > maxTokens {
            found = lastTurn ?? lastGroup ?? (messages > 0 ? place : nil)
            return false
        }
        read += 1
        readTokens += messageTokens
        sourceTokens += cost
        lastSeq = seq
        if seq > session.coverage.seq {
            messages += 1
            tokens += messageTokens
        }
        return true
    }

    /// Where the summary ends, after all messages that there are or that were asked for; nil when nothing can be covered.
    func cut() -> Cut? {
        if let found { return found }
        // At the end of the log the last turn stays, unless it is a long one of many messages.
        if let inside = firstFitting, inside.messages - (lastTurn?.messages ?? 0) >= policy.minMessages {
            return inside
        }
        return lastTurn
    }

    private var place: Cut {
        Cut(toSeq: lastSeq, messages: messages, tokens: tokens, read: read, readTokens: readTokens)
    }

    private mutating func notePlace(isTurn: Bool) {
        let place = place
        lastGroup = place
        if isTurn { lastTurn = place }
        let coverage = session.coverage
        let fits = policy.mayKeep(
            tokens: coverage.liveTokens - tokens, messages: coverage.liveMessages - messages,
            limit: session.tokenLimit)
        if fits, isTurn { found = place }
        if fits, firstFitting == nil { firstFitting = place }
    }
}
