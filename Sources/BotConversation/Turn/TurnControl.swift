import BotCore

/// Why a running turn has to end before its model has.
enum Interruption: Sendable, Equatable {
    /// Somebody stopped it: what there is of the answer is kept.
    case stop
    /// Its context was cleared, or its chat cannot be reached: nothing of it counts any more.
    case reset
    /// The program ends: the turn is put back for the next start.
    case shutdown
    /// It took longer than a turn may.
    case deadline
    /// What it answers has changed or grown: it is begun again. Every other reason takes the place of this one.
    case changed
}

/// The handle by which others reach a running turn, and what it has of its answer so far.
final class TurnControl: Sendable {
    /// The event that the turn answers, the first of them if several were joined.
    let event: InboxID

    private struct State {
        var parts: [InboxEntry]
        var turn: TurnID?
        var answer = AnswerSoFar()
        var interruption: Interruption?
        var isSealed = false
    }

    private let state: Lock<State>
    private let interrupted = Gate(isOpen: false)

    init(_ first: InboxEntry, joined others: [InboxEntry] = []) {
        event = first.id
        state = Lock(State(parts: [first] + others))
    }

    /// The events that the turn answers.
    var parts: [InboxEntry] { state.withLock { $0.parts } }

    /// The turn, once it has begun.
    var turn: TurnID? { state.withLock { $0.turn } }
    /// The answer so far.
    var answer: AnswerSoFar { state.withLock { $0.answer } }
    var interruption: Interruption? { state.withLock { $0.interruption } }

    func began(_ turn: TurnID) { state.withLock { $0.turn = turn } }

    /// Adds a piece of the answer and returns all of it.
    func append(_ piece: String) -> String {
        state.withLock { state in
            state.answer.append(piece)
            return state.answer.whole
        }
    }

    /// Ends a part of the answer, because tools are called; `text` is how it stands in the log.
    func endPart(as text: String) { state.withLock { $0.answer.endPart(as: text) } }

    /// Begins with what an earlier attempt had said before it called tools.
    func resume(after steps: [SessionMessage]) {
        let parts = steps.filter { $0.role == .assistant }.map(\.text)
        state.withLock { $0.answer = AnswerSoFar(earlier: parts) }
    }

    /// Asks the turn to end; the first reason stands. Returns false when its model has ended already.
    func interrupt(_ reason: Interruption) -> Bool {
        state.withLock { state in
            guard !state.isSealed else { return false }
            if state.interruption == nil || state.interruption == .changed { state.interruption = reason }
            interrupted.set(open: true)
            return true
        }
    }

    /// Adds an event to those that the turn answers, if it belongs to them, and has it begun again. Returns false when it does not, or
    /// comes too late.
    func extend(with entry: InboxEntry) -> Bool {
        change { parts in
            guard MessageJoin.joins(entry, to: parts) else { return false }
            parts.append(entry)
            return true
        }
    }

    /// Puts another content in the place of an event that the turn answers, and has it begun again. Returns false when it answers another
    /// one, or it is too late.
    func replace(_ entry: InboxEntry) -> Bool {
        // An edit that changes no words, or is told twice, costs nothing.
        if state.withLock({ !$0.isSealed && $0.parts.contains(entry) }) { return true }
        return change { parts in
            guard let place = parts.firstIndex(where: { $0.id == entry.id }) else { return false }
            parts[place] = entry
            return true
        }
    }

    private func change(_ body: (inout [InboxEntry]) -> Bool) -> Bool {
        state.withLock { state in
            guard !state.isSealed, state.interruption == nil || state.interruption == .changed, body(&state.parts)
            else { return false }
            state.interruption = .changed
            interrupted.set(open: true)
            return true
        }
    }

    /// Makes ready for beginning, also once more: forgets a change, and what there was of an answer. Returns what is to be answered.
    func rearm() -> [InboxEntry] {
        state.withLock { state in
            state.isSealed = false
            state.answer = AnswerSoFar()
            if state.interruption == .changed { state.interruption = nil }
            if state.interruption == nil { interrupted.set(open: false) }
            return state.parts
        }
    }

    /// Lets go of the first part, which has ended otherwise. Returns whether others are left.
    func dropFirst() -> Bool {
        state.withLock { state in
            state.parts.removeFirst()
            return !state.parts.isEmpty
        }
    }

    /// Returns once the turn was asked to end or the task is cancelled.
    func waitForInterruption() async {
        try? await interrupted.wait()  // a cancelled wait ends as well as one that was fulfilled
    }

    /// Takes no interruption from here on: the answer is being committed. Returns the one that came before.
    func seal() -> Interruption? {
        state.withLock { state in
            state.isSealed = true
            return state.interruption
        }
    }
}
