import GRDB

extension Schema {
    /// What a message of the outbox carries beside its text, as JSON; NULL for nothing.
    static func v5Extras(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE outbox ADD COLUMN extras TEXT;")
    }
}
