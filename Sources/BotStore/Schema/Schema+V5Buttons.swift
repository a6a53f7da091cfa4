import GRDB

extension Schema {
    /// Who may press what: `person` is the platform's id of who asked, in shared chats; `eventID` is the event of a `/reset`.
    static func v5Buttons(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE turn ADD COLUMN person TEXT;
                ALTER TABLE sessionEvent ADD COLUMN eventID INTEGER;
                ALTER TABLE sessionEvent ADD COLUMN person TEXT;
                """)
    }
}
