import BotCore

/// A session as some transaction left it, with its newest messages if they are known.
struct CachedSession: Sendable, Equatable {
    /// The bytes of message text that one session keeps at most.
    private static let maxBytes = 256 << 10

    private(set) var session: Session
    /// The messages from some number up to `session.headSeq` without a gap; nil while they are not known.
    private(set) var messages: [SessionMessage]?

    init(session: Session) { self.session = session }

    /// Takes what two separate reads gave; nil when something was committed between them.
    init?(session: Session, newest: [SessionMessage]) {
        let last = newest.last?.seq ?? session.floorSeq
        guard last == session.headSeq, newest.first.map({ $0.seq > session.floorSeq }) ?? true else { return nil }
        self.session = session
        messages = newest
    }

    /// Whether this was read before `other`, or knows no more than it.
    func isNotNewer(than other: Session) -> Bool {
        (session.epoch, session.headSeq) <= (other.epoch, other.headSeq)
    }

    /// The messages after the number, if all of them are here.
    func messages(after seq: Int64) -> ArraySlice<SessionMessage>? {
        guard let messages, let first = messages.first else {
            return seq >= session.headSeq ? [] : nil
        }
        guard first.seq <= seq + 1 else { return seq >= session.headSeq ? [] : nil }
        return messages.dropFirst(Int(seq + 1 - first.seq))
    }

    /// Takes the next message; false, and then nothing is changed, when it is not the very next.
    mutating func append(_ message: SessionMessage, session new: Session, maxMessages: Int) -> Bool {
        guard new.epoch == session.epoch, new.floorSeq == session.floorSeq, message.seq == session.headSeq + 1,
            new.headSeq == message.seq
        else { return false }
        session = new
        messages?.append(message)
        bound(maxMessages: maxMessages)
        return true
    }

    /// Drops the oldest messages beyond the bounds; a newest one that is too large alone is not kept either.
    mutating func bound(maxMessages: Int) {
        // No second reference to the messages may be left where they are cut, or all would be copied.
        let surplus = surplus(maxMessages: maxMessages)
        guard surplus > 0 else { return }
        if surplus == messages?.count { messages = nil } else { messages?.removeFirst(surplus) }
    }

    /// How many of the oldest messages are beyond the bounds.
    private func surplus(maxMessages: Int) -> Int {
        guard let messages else { return 0 }
        var bytes = 0
        var kept = 0
        for message in messages.reversed().prefix(maxMessages) {
            bytes += message.text.utf8.count
            if bytes > Self.maxBytes { break }
            kept += 1
        }
        return messages.count - kept
    }

    /// An estimate of the memory in bytes.
    var cost: Int {
        let perMessage = 256
        let fixed = 1024
        let texts = (messages ?? []).reduce(0) { $0 + $1.text.utf8.count + perMessage + $1.metadata.cost }
        return fixed + texts + session.state.cost + session.metadata.cost
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
