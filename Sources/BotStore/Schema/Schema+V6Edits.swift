import GRDB

extension Schema {
    /// What an edit finds a turn by (`messageID`, the platform's id of the one message that it answers), and the turn whose answer's
    /// messages a turn takes over (`overwrites`).
    static func v6Edits(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE turn ADD COLUMN messageID TEXT;
                ALTER TABLE turn ADD COLUMN overwrites INTEGER;
                """)
    }
}
