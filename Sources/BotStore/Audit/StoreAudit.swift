import BotCore
import GRDB

/// Verifies what belongs to no one session: the totals, and rows of sessions that do not exist.
enum StoreAudit {
    private static let totals = """
        SELECT interfaceType, count(*) AS sessions, sum(isActive) AS activeSessions, sum(messageCount) AS messages,
            sum(inputTokens + outputTokens) AS tokens, sum(isActive * messageCount) AS activeMessages,
            sum(toolCalls) AS toolCalls, sum(errors) AS errors, sum(summaries) AS summaries
        FROM session GROUP BY interfaceType
        """
    private static let columns =
        "interfaceType, sessions, activeSessions, messages, tokens, activeMessages, toolCalls, errors, summaries"

    static func findings(_ db: Database) throws -> [AuditFinding] {
        try wrongTotals(db) + strays(db)
    }

    /// Makes the totals anew from the sessions.
    static func mendTotals(_ db: Database) throws {
        try db.run("DELETE FROM counter")
        try db.run("INSERT INTO counter (\(columns)) SELECT \(columns) FROM (\(totals))")
    }

    /// The first session with a number above the given one.
    static func session(after id: SessionID?, _ db: Database) throws -> Session? {
        try db.row(
            "SELECT \(SessionRecord.columns) FROM session WHERE id > ? ORDER BY id LIMIT 1", [id?.rawValue ?? 0]
        ).map(SessionRecord.session)
    }

    /// Interfaces whose totals differ; one without sessions may be there with zeros, or not at all.
    private static func wrongTotals(_ db: Database) throws -> [AuditFinding] {
        try db.rows(
            """
            SELECT interfaceType FROM (
                SELECT * FROM (SELECT \(columns) FROM counter WHERE sessions <> 0 OR messages <> 0 OR tokens <> 0
                    OR activeSessions <> 0 OR activeMessages <> 0 OR toolCalls <> 0 OR errors <> 0 OR summaries <> 0
                    EXCEPT SELECT \(columns) FROM (\(totals)))
                UNION
                SELECT * FROM (SELECT \(columns) FROM (\(totals)) EXCEPT SELECT \(columns) FROM counter)
            ) GROUP BY interfaceType
            """
        ).map { row in
            AuditFinding(
                kind: .totals, session: nil,
                description: "the totals of \(row[0] as String) are not those of its sessions")
        }
    }

    /// Messages and index entries of sessions that neither exist nor are being erased. It jumps from session to session.
    private static func strays(_ db: Database) throws -> [AuditFinding] {
        var findings: [AuditFinding] = []
        for (table, kind) in [("message", AuditFinding.Kind.numbering), ("messageIndex_docsize", .searchIndex)] {
            var next: Int64 = 0
            while let row = try db.row("SELECT id FROM \(table) WHERE id >= ? ORDER BY id LIMIT 1", [next]) {
                let session = MessageRecord.session(of: row[0])
                next = MessageRecord.id(SessionID(session.rawValue + 1), 0)
                let isKnown = try db.number(
                    """
                    SELECT EXISTS (SELECT 1 FROM session WHERE id = ?1)
                        OR EXISTS (SELECT 1 FROM erasure WHERE sessionID = ?1)
                    """, [session.rawValue])
                if isKnown != 0 { continue }
                let what = kind == .numbering ? "messages" : "search entries"
                findings.append(
                    AuditFinding(
                        kind: kind, session: session, description: "there are \(what) of a session that is gone"))
            }
        }
        return findings
    }
}
