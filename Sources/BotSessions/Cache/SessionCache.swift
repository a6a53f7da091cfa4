import BotCore

/// Sessions in memory, in front of the store: it changes no result, only how often the store is read.
///
/// It learns of changes only from the results of committed transactions, and these may arrive in another order than they were
/// committed in. Two rules keep it true: a result that is the very next message of what is held is applied, and any other
/// result removes what is held, unless that is newer by revision and newest message; and a read that was under way while any
/// result arrived is not kept.
final class SessionCache: Sendable {
    /// The memory that all sessions together may take, in bytes of text and an estimate of the rest.
    private static let maxCost = 32 << 20

    /// A read of a session from the store that is under way.
    struct Fill: Sendable {
        fileprivate let id: SessionID
        fileprivate let results: Int
    }

    private struct Reading {
        var count = 0
        /// How many results arrived since the first of these reads began.
        var results = 0
    }

    private struct State {
        var sessions: LRUCache<SessionID, CachedSession>
        var reading: [SessionID: Reading] = [:]
        var hits = 0
        var misses = 0
    }

    private let state: Lock<State>
    private let maxMessages: Int

    /// - Parameter maxMessages: the most messages that are held of one session.
    init(maxSessions: Int, maxMessages: Int) {
        state = Lock(State(sessions: LRUCache(capacity: maxSessions, maxCost: Self.maxCost)))
        self.maxMessages = maxMessages
    }

    /// How many sessions are held, and how often one was asked for and was there or not.
    var statistics: (sessions: Int, hits: Int, misses: Int) {
        state.withLock { ($0.sessions.count, $0.hits, $0.misses) }
    }

    /// What is held of a session, which counts as a use.
    func session(_ id: SessionID) -> CachedSession? {
        let held = held(id)
        count(isHit: held != nil)
        return held
    }

    /// What is held of a session, for an asker who has to see whether it is enough, and then counts.
    func held(_ id: SessionID) -> CachedSession? {
        state.withLock { $0.sessions.value(for: id) }
    }

    /// Counts whether what was held was enough.
    func count(isHit: Bool) {
        state.withLock { state in
            if isHit { state.hits += 1 } else { state.misses += 1 }
        }
    }

    /// Keeps what was counted for a context with the session, if that still is what the context was made of.
    func remember(_ memo: ContextMemo?, of id: SessionID) {
        state.withLock { state in
            state.sessions.update(id) { held in
                if memo?.scope.revision == held.session.revision { held.memo = memo }
                return held.cost
            }
        }
    }

    // MARK: - Reads

    /// Announces a read; each is ended with `end`.
    func beginFill(of id: SessionID) -> Fill {
        state.withLock { state in
            state.reading[id, default: Reading()].count += 1
            return Fill(id: id, results: state.reading[id]?.results ?? 0)
        }
    }

    /// Ends a read. What it gave is kept if nothing was committed meanwhile as far as is known; nil keeps nothing.
    func end(_ fill: Fill, with read: CachedSession?) {
        state.withLock { state in
            guard var reading = state.reading[fill.id] else { return }
            reading.count -= 1
            state.reading[fill.id] = reading.count > 0 ? reading : nil
            guard let read, reading.results == fill.results else { return }
            if let held = state.sessions.peek(fill.id), !held.isNotNewer(than: read.session) { return }
            keep(read, in: &state)
        }
    }

    // MARK: - Results

    /// Notes what a transaction made of a session, and the message that it appended, if it did.
    func note(_ session: Session, appended message: SessionMessage? = nil) {
        state.withLock { state in
            state.reading[session.id]?.results += 1
            state.sessions.update(session.id) { held in
                if let message, held.append(message, session: session, maxMessages: maxMessages) { return held.cost }
                return held.session == session || !held.isNotNewer(than: session) ? held.cost : nil
            }
        }
    }

    /// Notes that a session was changed in a way that gave no new value.
    func invalidate(_ id: SessionID) {
        state.withLock { state in
            state.reading[id]?.results += 1
            state.sessions.remove(id)
        }
    }

    /// Notes that some sessions were erased, whose numbers nobody knows: what is held of them goes, and no read that is under way
    /// is kept.
    func invalidate(where isGone: (Session) -> Bool) {
        state.withLock { state in
            for id in state.reading.keys { state.reading[id]?.results += 1 }
            for id in state.sessions.keys where state.sessions.peek(id).map({ isGone($0.session) }) ?? false {
                state.sessions.remove(id)
            }
        }
    }

    private func keep(_ session: CachedSession, in state: inout State) {
        var bounded = session
        bounded.bound(maxMessages: maxMessages)
        state.sessions.insert(bounded, for: bounded.session.id, cost: bounded.cost)
    }
}
