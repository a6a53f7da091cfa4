package import BotCore
import GRDB

extension SQLiteStore {
    /// See `AuditStore`. Each session is read on a snapshot of its own, so that no long read holds up the write-ahead log.
    package func audit(limit: Int) async throws(StoreError) -> [AuditFinding] {
        var findings = try await write { db in try StoreAudit.wrongTotals(db) }
        findings += try await read { db in try StoreAudit.strays(db) }
        var last: SessionID?
        while findings.count < limit {
            let after = last
            let step = try await read { db -> (SessionID, [AuditFinding])? in
                guard let session = try StoreAudit.session(after: after, db) else { return nil }
                return (session.id, try SessionAudit(session, db).findings)
            }
            guard let step else { break }
            last = step.0
            findings += step.1
        }
        return Array(findings.prefix(max(0, limit)))
    }

    /// See `AuditStore`. A session whose checkpoint does not fit stands on none afterwards. Numbering is not derived, and stays.
    package func rebuild() async throws(StoreError) {
        try await write { db in try Self.rebuild(db) }
    }

    /// Compares all that is derived with the log, and makes it anew if it does not agree; returns what was found.
    static func mend(_ db: Database) throws -> [AuditFinding] {
        // The totals were made a moment ago.
        var findings = try StoreAudit.strays(db)
        var last: SessionID?
        while let session = try StoreAudit.session(after: last, db) {
            last = session.id
            findings += try SessionAudit(session, db).findings
        }
        if !findings.isEmpty { try rebuild(db) }
        return findings
    }

    private static func rebuild(_ db: Database) throws {
        var last: SessionID?
        while let session = try StoreAudit.session(after: last, db) {
            last = session.id
            try SessionAudit(session, db).mend(db)
        }
        try SessionTotals.count(db)
        try SearchIndex.rebuild(db)
    }
}
