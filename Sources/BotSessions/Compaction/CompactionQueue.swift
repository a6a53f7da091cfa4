import BotCore

/// The sessions that wait for a summary: each at most once, and each summarised by one job at a time. Pure.
struct CompactionQueue {
    enum Noted { case queued, known, dropped }

    private let maxWaiting: Int
    private let maxRunning: Int
    private var waiting: [SessionID] = []
    private var known: Set<SessionID> = []
    private var running: Set<SessionID> = []
    /// Sessions that were noted while their job ran.
    private var again: Set<SessionID> = []

    init(maxWaiting: Int, maxRunning: Int) {
        self.maxWaiting = maxWaiting
        self.maxRunning = maxRunning
    }

    var counts: (waiting: Int, running: Int) { (waiting.count, running.count) }

    /// Where too many wait, the newest is not taken: its next message asks again.
    mutating func note(_ id: SessionID) -> Noted {
        if running.contains(id) {
            again.insert(id)
            return .known
        }
        guard !known.contains(id) else { return .known }
        guard waiting.count < maxWaiting else { return .dropped }
        waiting.append(id)
        known.insert(id)
        return .queued
    }

    /// The session to summarise next; nil when none waits, or as many jobs run as may.
    mutating func next() -> SessionID? {
        guard running.count < maxRunning, !waiting.isEmpty else { return nil }
        let id = waiting.removeFirst()
        known.remove(id)
        running.insert(id)
        return id
    }

    /// The session's job has ended; one that was noted meanwhile waits again, behind the others.
    mutating func ended(_ id: SessionID) {
        running.remove(id)
        if again.remove(id) != nil { _ = note(id) }
    }
}
