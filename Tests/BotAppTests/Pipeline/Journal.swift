import BotCore

/// What was committed over all lives of a bot, for the comparison with what its users saw.
final class Journal: Sendable {
    struct Facts: Sendable {
        /// All stored events, in order.
        var entries: [InboxEntry] = []
        /// The message of each turn that was begun.
        var turns: [TurnID: String] = [:]
        /// The reply's rows of each message whose turn was committed, once for each commit.
        var replies: [String: [[OutboxRow]]] = [:]
        /// Rows of which nobody knew whether their message stands when a life ended: the next life may repeat them.
        var doubtful: Set<OutboxID> = []
        /// Messages that were set aside.
        var setAside: Set<String> = []
        /// Resets, and the turns and events that they ended.
        var resets = 0
        var stoppedTurns = 0
        var droppedEvents = 0
        /// Answers to commands.
        var answers: [OutboxRow] = []
    }

    private let state = Lock(Facts())

    var facts: Facts { state.withLock { $0 } }

    func accepted(_ entries: [InboxEntry]) { state.withLock { $0.entries += entries } }

    func queued(_ rows: [OutboxRow]) { state.withLock { $0.answers += rows } }

    func began(_ start: TurnStart, _ draft: TurnDraft) {
        guard case .answer(let message) = draft.work else { return }
        state.withLock { facts in
            switch start {
            case .started(let turn): facts.turns[turn.id] = message.text
            case .setAside: facts.setAside.insert(message.text)
            case .gone, .nothingToRetry: break
            }
        }
    }

    func committed(_ turn: TurnID, _ commit: TurnCommit) {
        guard case .committed(_, _, let rows) = commit else { return }
        state.withLock { facts in
            guard let text = facts.turns[turn] else { return }
            facts.replies[text, default: []].append(rows)
        }
    }

    func ended(doubtful rows: Set<OutboxID>) { state.withLock { $0.doubtful.formUnion(rows) } }

    func reset(_ outcome: ResetOutcome) {
        state.withLock { facts in
            facts.resets += 1
            facts.stoppedTurns += outcome.stoppedTurns.count
            facts.droppedEvents += outcome.summary.droppedEvents
        }
    }
}
