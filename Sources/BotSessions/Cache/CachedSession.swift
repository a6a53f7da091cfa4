import BotCore

/// A session as some transaction left it, with its newest messages and its summary if they are known.
struct CachedSession: Sendable, Equatable {
    /// The bytes of message text that one session keeps at most.
    private static let maxBytes = 256 << 10

    private(set) var session: Session
    /// The newest messages that the summary does not cover and that were not taken back, without a gap; nil while they and the summary
    /// are not known.
    private(set) var messages: [SessionMessage]?
    /// The cost of the messages together.
    private var messagesCost = 0
    /// The summary that the session stands on; nil when there is none.
    private(set) var summary: SummaryBlock?
    /// What was counted for the last context.
    var memo: ContextMemo?

    init(session: Session) { self.session = session }

    /// Takes what was read of one state of the session; newer messages than that are left out.
    init(session: Session, newest: [SessionMessage], summary: SummaryBlock?) {
        self.session = session
        self.summary = summary
        let messages = newest.filter { $0.seq > session.coverage.seq && $0.seq <= session.headSeq }
        self.messages = messages
        messagesCost = messages.reduce(0) { $0 + $1.cost }
    }

    /// Whether this was read before `other`, or knows no more than it.
    func isNotNewer(than other: Session) -> Bool {
        (session.revision, session.headSeq) <= (other.revision, other.headSeq)
    }

    /// The messages for a context; nil while they are not known.
    var live: LiveMessages? {
        messages.map {
            LiveMessages(messages: $0[...], count: session.coverage.liveMessages, tokens: session.coverage.liveTokens)
        }
    }

    /// Takes the next message; false, and then nothing is changed, when it is not the very next, or when anything else has changed.
    mutating func append(_ message: SessionMessage, session new: Session, maxMessages: Int) -> Bool {
        guard new.revision == session.revision, message.seq == session.headSeq + 1, new.headSeq == message.seq else {
            return false
        }
        session = new
        if messages != nil {
            messages?.append(message)
            messagesCost += message.cost
        }
        bound(maxMessages: maxMessages)
        return true
    }

    /// Drops the oldest messages that no context with `maxMessages` and the session's token limit shows, and those beyond the bounds; a
    /// newest one that is too large alone is not kept either.
    mutating func bound(maxMessages: Int) {
        // No second reference to the messages may be left where they are cut, or all would be copied.
        let surplus = surplus(maxMessages: maxMessages)
        guard surplus > 0 else { return }
        for place in 0..<surplus { messagesCost -= messages?[place].cost ?? 0 }
        if surplus == messages?.count { messages = nil } else { messages?.removeFirst(surplus) }
    }

    /// How many of the oldest messages are beyond the bounds.
    private func surplus(maxMessages: Int) -> Int {
        guard let messages else { return 0 }
        let limit = max(0, session.tokenLimit)
        var (kept, bytes, tokens) = (0, 0, 0)
        for place in messages.indices.reversed() {
            // What stands before a window that is full is needed too, to see that it does not fit.
            if kept >= maxMessages || tokens > limit + limit / 2 { break }
            bytes += messages[place].text.utf8.count
            if bytes > Self.maxBytes { break }
            tokens += min(messages[place].tokens, limit / 2) + 4
            kept += 1
        }
        return messages.count - kept
    }

    /// An estimate of the memory in bytes.
    var cost: Int {
        let fixed = 1024
        let derived = (summary?.text.utf8.count ?? 0) + (memo?.cost ?? 0)
        return fixed + messagesCost + derived + session.state.cost + session.metadata.cost
    }
}

extension SessionMessage {
    /// An estimate of the memory in bytes.
    fileprivate var cost: Int {
        let fixed = 256
        let calls = toolCalls.reduce(0) { $0 + 96 + $1.name.utf8.count + $1.arguments.utf8.count }
        return fixed + text.utf8.count + metadata.cost + calls
    }
}

extension [String: JSONValue] {
    fileprivate var cost: Int { reduce(0) { $0 + 64 + $1.key.utf8.count + $1.value.cost } }
}

extension JSONValue {
    fileprivate var cost: Int {
        switch self {
        case .null, .bool, .integer, .number: 16
        case .string(let text): 16 + text.utf8.count
        case .array(let values): values.reduce(32) { $0 + $1.cost }
        case .object(let members): 32 + members.cost
        }
    }
}
