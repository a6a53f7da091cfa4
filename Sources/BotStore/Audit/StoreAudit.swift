import BotCore
import GRDB

/// Verifies what belongs to no one session: the totals, and rows of sessions that do not exist.
enum StoreAudit {
    /// The first session with a number above the given one.
    static func session(after id: SessionID?, _ db: Database) throws -> Session? {
        try db.row(
            "SELECT \(SessionRecord.columns) FROM session WHERE id > ? ORDER BY id LIMIT 1", [id?.rawValue ?? 0]
        ).map(SessionRecord.session)
    }

    /// Interfaces whose totals differ. Only the writer sees the totals.
    static func wrongTotals(_ db: Database) throws -> [AuditFinding] {
        try SessionTotals.wrong(db).map { interface in
            AuditFinding(
                kind: .totals, session: nil, description: "the totals of \(interface) are not those of its sessions")
        }
    }

    /// Messages and index entries of sessions that neither exist nor are being erased. It jumps from session to session.
    static func strays(_ db: Database) throws -> [AuditFinding] {
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
