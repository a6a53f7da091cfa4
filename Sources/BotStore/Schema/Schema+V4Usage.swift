import GRDB

extension Schema {
    /// Who has asked, in shared chats. A request without a turn was for a summary.
    static func v4Usage(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE usage ADD COLUMN person TEXT;")
    }
}
