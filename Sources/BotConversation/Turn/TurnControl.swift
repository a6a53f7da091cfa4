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
}

/// The handle by which others reach a running turn, and what it has of its answer so far.
final class TurnControl: Sendable {
    /// The event that the turn answers.
    let event: InboxID

    private struct State {
        var turn: TurnID?
        var answer = AnswerSoFar()
        var interruption: Interruption?
        var isSealed = false
    }

    private let state = Lock(State())
    private let interrupted = Gate(isOpen: false)

    init(event: InboxID) { self.event = event }

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
        let isOpen = state.withLock { state in
            guard !state.isSealed else { return false }
            if state.interruption == nil { state.interruption = reason }
            return true
        }
        if isOpen { interrupted.set(open: true) }
        return isOpen
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
