import BotCore
import DequeModule

/// What delivery knows of one platform: operations under way, rows in memory, waits, and how far the store has been read.
struct PlatformState: Sendable {
    /// Operations under way.
    var operations = 0
    /// Rows in memory.
    var rows = 0
    /// Conversations that have to be looked at, in turn.
    var runnable: Deque<ConversationKey> = []
    /// Until when the platform takes nothing at all, as uptime.
    private(set) var gate: Duration = .zero
    private var linkBackoff: Backoff
    private var linkPause: Duration = .zero
    private var failing: Set<ConversationKey> = []
    /// Conversations in memory that have failed since anything succeeded.
    private var waiting: Set<ConversationKey> = []
    private var linkIsDown = false

    /// Whether the store holds ready rows that memory does not: new rows then wait there too, so that order is kept.
    private(set) var isBehind = true
    private(set) var isLoading = false
    /// Whether rows were left to the store since the reading began.
    private var hasMissed = false
    private var cursor: OutboxID?
    private var loadBackoff: Backoff
    private var loadAt: Duration = .zero

    init(_ policy: DeliveryPolicy) {
        linkBackoff = Backoff(first: policy.firstRetry, limit: policy.longestLinkPause)
        loadBackoff = Backoff(first: policy.firstRetry, limit: policy.longestRetry)
    }

    mutating func close(until: Duration) { gate = max(gate, until) }

    // MARK: - State changes for the log

    /// Notes that an operation failed; true when all went well until now.
    mutating func failed(_ conversation: ConversationKey) -> Bool {
        let isNews = failing.isEmpty && !linkIsDown
        if failing.count < 1024 { failing.insert(conversation) }
        waiting.insert(conversation)
        return isNews
    }

    /// Notes that an operation succeeded; true when that ends the trouble.
    mutating func recovered(_ conversation: ConversationKey) -> Bool {
        waiting.remove(conversation)
        guard linkIsDown || !failing.isEmpty else { return false }
        linkBackoff.reset()
        linkIsDown = false
        failing.remove(conversation)
        return failing.isEmpty
    }

    /// Drops what is known of a conversation that has nothing left to deliver: one whose rows were given up never recovers.
    mutating func forget(_ conversation: ConversationKey) {
        failing.remove(conversation)
        waiting.remove(conversation)
    }

    /// The conversations that have failed since the last call: something has succeeded, so they may try again.
    mutating func takeWaiting() -> Set<ConversationKey> {
        defer { waiting = [] }
        return waiting
    }

    /// Pauses the platform because its link is down; true when it was up until now.
    mutating func linkDown(at now: Duration, _ random: Double) -> Bool {
        let isNews = failing.isEmpty && !linkIsDown
        linkIsDown = true
        if now >= linkPause {
            linkPause = now + linkBackoff.next(random: random)
            close(until: linkPause)
        }
        return isNews
    }

    // MARK: - Reading the store

    /// Notes that a row was left to the store.
    mutating func missed() {
        isBehind = true
        hasMissed = true
    }

    /// The next page to read, if one is wanted now.
    mutating func nextLoad(at now: Duration, _ policy: DeliveryPolicy) -> (after: OutboxID?, limit: Int)? {
        guard isBehind, !isLoading, now >= loadAt, rows < policy.rowsInMemory else { return nil }
        isLoading = true
        if cursor == nil { hasMissed = false }
        return (cursor, policy.pageSize)
    }

    /// When to try to read again after a failure.
    var loadDue: Duration? { isBehind && !isLoading && loadAt > .zero ? loadAt : nil }

    mutating func loaded(isLast: Bool, upTo last: OutboxID?) {
        isLoading = false
        loadBackoff.reset()
        loadAt = .zero
        cursor = isLast ? nil : last
        // A row that was left to the store meanwhile may lie before the page: then from the start once more.
        if isLast, !hasMissed { isBehind = false }
    }

    mutating func loadFailed(at now: Duration, _ random: Double) {
        isLoading = false
        loadAt = now + loadBackoff.next(random: random)
    }
}
