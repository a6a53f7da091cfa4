import BotCore
import GRDB

/// What is derived of one session, made anew from its log for comparison.
struct SessionAudit {
    let session: Session
    /// The messages that are not deleted, shown or not, and how many there have to be.
    let stored: Int
    let expected: Int64
    /// The largest number among them.
    let newest: Int64
    /// Those above the floor that are shown, and those of them that the summary does not cover.
    let shown: ShownMessages
    let live: ShownMessages
    /// Why the checkpoint does not fit; nil when it does.
    let misfit: String?
    /// Whether it is in the right place among the active sessions.
    let hasMinute: Bool
    /// The number up to which messages are in the search index; how many of them it lacks, and how many entries it has too many.
    let indexedSeq: Int64
    let unindexed: Int64
    let overindexed: Int64

    init(_ session: Session, _ db: Database) throws {
        self.session = session
        // All that could be there, also beyond a head that is wrong.
        let (first, last) = (MessageRecord.id(session.id, 0), MessageRecord.id(session.id, 0xFFFF_FFFF))
        let row = try db.row(
            "SELECT count(*), coalesce(max(seq), 0) FROM message WHERE id BETWEEN ? AND ?", [first, last])
        stored = row?[0] ?? 0
        newest = row?[1] ?? 0
        let own = try db.row(
            "SELECT headSeq - deleted, indexedSeq, activeMinute = lastActiveAt / 60000 FROM session WHERE id = ?",
            [session.id.rawValue])
        expected = own?[0] ?? 0
        indexedSeq = own?[1] ?? 0
        hasMinute = own?[2] ?? false
        let indexed = MessageRecord.id(session.id, indexedSeq)
        shown = try ShownMessages(of: session.id, session.floorSeq + 1, newest, db)
        live = try ShownMessages(of: session.id, session.coverage.seq + 1, newest, db)
        misfit = try Self.misfit(of: session, db)
        unindexed = try db.number(
            """
            SELECT count(*) FROM message WHERE id BETWEEN ? AND ? AND role IN ('user', 'assistant')
                AND NOT EXISTS (SELECT 1 FROM messageIndex_docsize WHERE messageIndex_docsize.id = message.id)
            """, [first, indexed])
        overindexed = try db.number(
            """
            SELECT count(*) FROM messageIndex_docsize WHERE id BETWEEN ? AND ? AND (id > ? OR NOT EXISTS (
                SELECT 1 FROM message
                WHERE message.id = messageIndex_docsize.id AND role IN ('user', 'assistant')))
            """, [first, last, indexed])
    }

    var findings: [AuditFinding] {
        var findings: [AuditFinding] = []
        func note(_ kind: AuditFinding.Kind, _ text: String) {
            findings.append(AuditFinding(kind: kind, session: session.id, description: text))
        }
        if Int64(stored) != expected || newest > session.headSeq {
            note(
                .numbering,
                "\(stored) messages up to number \(newest), but the head is \(session.headSeq) and \(expected) are expected"
            )
        }
        func compare(_ name: String, _ has: Int, _ counted: Int) {
            if has != counted { note(.counters, "\(name) is \(has), the log gives \(counted)") }
        }
        compare("messageCount", session.messageCount, shown.count)
        compare("inputTokens", session.inputTokens, shown.inputTokens)
        compare("outputTokens", session.outputTokens, shown.outputTokens)
        compare("liveMessages", session.coverage.liveMessages, live.count)
        compare("liveTokens", session.coverage.liveTokens, live.tokens)
        if !hasMinute { note(.counters, "activeMinute is not that of its last activity") }
        if let misfit { note(.checkpoint, misfit) }
        if indexedSeq > session.headSeq {
            note(.searchIndex, "it is indexed up to \(indexedSeq), but the head is \(session.headSeq)")
        }
        if unindexed > 0 { note(.searchIndex, "the search index lacks \(unindexed) messages") }
        if overindexed > 0 { note(.searchIndex, "the search index has \(overindexed) entries too many") }
        return findings
    }

    /// Walks the checkpoints that the session stands on: each continues the one before it, and the first begins after the floor.
    private static func misfit(of session: Session, _ db: Database) throws -> String? {
        let coverage = session.coverage
        guard var next = coverage.checkpoint else {
            if coverage.seq != session.floorSeq || coverage.summaryTokens != 0 {
                return "it covers up to \(coverage.seq) without a checkpoint, and the floor is \(session.floorSeq)"
            }
            return nil
        }
        var end = coverage.seq
        var tokens: Int? = coverage.summaryTokens
        while true {
            guard let checkpoint = try CheckpointRecord.fetch(next, db)?.checkpoint else {
                return "checkpoint \(next) is missing"
            }
            guard checkpoint.session == session.id, checkpoint.toSeq == end,
                tokens ?? checkpoint.tokens == checkpoint.tokens
            else { return "checkpoint \(next) does not fit what follows it" }
            end = checkpoint.fromSeq - 1
            tokens = nil
            guard let base = checkpoint.base else {
                return end == session.floorSeq ? nil : "checkpoint \(next) begins at \(end + 1), not after the floor"
            }
            guard base < next else { return "checkpoint \(next) continues a newer one" }
            next = base
        }
    }

    /// Makes the session what its log says.
    func mend(_ db: Database) throws {
        guard findings.contains(where: { $0.kind == .counters || $0.kind == .checkpoint }) || newest > session.headSeq
        else { return }
        var session = session
        session.messageCount = shown.count
        session.inputTokens = shown.inputTokens
        session.outputTokens = shown.outputTokens
        if misfit == nil {
            session.coverage.liveMessages = live.count
            session.coverage.liveTokens = live.tokens
        } else {
            // A summary that cannot be trusted is left behind: the next one is made from the messages.
            session.coverage = Coverage(seq: session.floorSeq, liveMessages: shown.count, liveTokens: shown.tokens)
        }
        _ = try SessionLog.show(session, db)
        try db.run(
            "UPDATE session SET headSeq = max(headSeq, ?) WHERE id = ?", [newest, session.id.rawValue])
    }
}
