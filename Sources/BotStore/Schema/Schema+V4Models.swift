import GRDB

extension Schema {
    /// The model that was chosen for a chat.
    static func v4Models(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE session ADD COLUMN chosenModel TEXT;")
    }
}
