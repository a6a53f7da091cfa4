import BotCore
import GRDB

/// What happened to a session other than an append, as `sessionEvent` keeps it for taking back, for retention and for looking into it.
enum SessionEvent {
    /// All that is shown is cleared: who asked for it and by which event, where that is known.
    case reset(event: InboxID?, person: String?)
    /// A reset that cleared `(from, to]` was taken back.
    case undo(from: Int64, to: Int64, messages: Int)
    /// Messages were taken back: by `/undo`, or by `/retry` for another answer.
    case takeBack(Int64, Int64, ShownMessages)
    /// The newest summary was taken back; the messages are those that it newly covered.
    case summaryTakenBack(CheckpointRecord)
    /// Messages may not be kept any longer: those in `(floor, through]`.
    case retention(through: Int64, ShownMessages)
    /// The session was idle for too long.
    case expire

    private var kind: String {
        switch self {
        case .reset: "reset"
        case .undo: "undo"
        case .takeBack: "takeBack"
        case .summaryTakenBack: "summaryTakenBack"
        case .retention: "retention"
        case .expire: "expire"
        }
    }

    /// Notes the event, with what the session was before it.
    func insert(of session: Session, at now: Timestamp, _ db: Database) throws {
        var (from, to) = (session.headSeq, session.headSeq)
        var (messages, input, output) = (0, 0, 0)
        var outcome: String?
        var (event, person): (InboxID?, String?) = (nil, nil)
        switch self {
        case .reset(let asking, let asker):
            (event, person) = (asking, asker)
            from = session.floorSeq
            (messages, input, output) = (session.messageCount, session.inputTokens, session.outputTokens)
            // Where nothing is cleared nothing is left to delete: people who reset again and again must not hold up the deletion of
            // what others cleared.
            outcome = from == to ? "deleted" : nil
        case .undo(let first, let last, let count): (from, to, messages) = (first, last, count)
        case .takeBack(let first, let last, let range):
            (from, to) = (first - 1, last)
            (messages, input, output) = (range.count, range.inputTokens, range.outputTokens)
        case .summaryTakenBack(let record):
            (from, to) = (record.checkpoint.fromSeq - 1, record.checkpoint.toSeq)
            messages = record.messages
        case .retention(let last, let range):
            (from, to) = (session.floorSeq, last)
            (messages, input, output) = (range.count, range.inputTokens, range.outputTokens)
        case .expire: break
        }
        let coverage = session.coverage
        try db.run(
            """
            INSERT INTO sessionEvent (sessionID, kind, at, epoch, fromSeq, toSeq, messageCount, inputTokens, outputTokens,
                checkpointID, summaryTokens, coveredSeq, liveCount, liveTokens, nextSummaryAt, newestCheckpointID, outcome,
                eventID, person)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                (SELECT max(id) FROM checkpoint WHERE sessionID = ?), ?, ?, ?)
            """,
            [
                session.id.rawValue, kind, now.rawValue, session.epoch, from, to, messages, input, output,
                coverage.checkpoint?.rawValue, coverage.summaryTokens, coverage.seq, coverage.liveMessages,
                coverage.liveTokens, coverage.nextSummaryAt, session.id.rawValue, outcome, event?.rawValue,
                person,
            ])
    }
}
