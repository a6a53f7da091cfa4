import GRDB

extension Schema {
    /// Cheaper turns: a commit writes whole pages, and each table or index that a message touches is one more of them.
    ///
    /// `activeMinute` is the minute of `lastActiveAt`, for the index of active sessions: an index of the moment itself is written with
    /// each message. SQLite writes an index whenever a column of it is set, also to what it was, so a message sets it only when it
    /// changes.
    ///
    /// The totals go to a temporary table: see `SessionTotals`.
    static func v3Turns(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE session ADD COLUMN activeMinute INTEGER NOT NULL DEFAULT 0;
                UPDATE session SET activeMinute = lastActiveAt / 60000;
                DROP INDEX session_active;
                CREATE INDEX session_active ON session (activeMinute, expiresAfter) WHERE isActive = 1;

                DROP TRIGGER session_inserted;
                DROP TRIGGER session_updated;
                DROP TRIGGER session_deleted;
                DROP TABLE counter;
                """)
    }
}
