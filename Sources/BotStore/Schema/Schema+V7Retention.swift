import GRDB

extension Schema {
    /// The events whose messages are to be deleted, now also those of retention.
    static func v7Retention(_ db: Database) throws {
        try db.execute(
            sql: """
                DROP INDEX sessionEvent_ended;
                CREATE INDEX sessionEvent_ended ON sessionEvent (at)
                    WHERE kind IN ('reset', 'takeBack', 'retention') AND (outcome IS NULL OR outcome = 'deleting');
                """)
    }
}
