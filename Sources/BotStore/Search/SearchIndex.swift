import BotCore
import GRDB

/// Steps of transactions that concern the search index: a contentless FTS5 table whose row ids are those of the messages.
///
/// It holds each message of the user and of the assistant, also those that were cleared or taken back until they are deleted. It keeps
/// no texts, so whoever deletes an entry has to bring the text that it was made of.
enum SearchIndex {
    /// The text of a message as it is searched; nil for a role that is not.
    static func indexed(_ role: Role, _ text: String) -> String? {
        switch role {
        case .user, .assistant: SearchText.indexed(text).storable
        case .system, .tool: nil
        }
    }

    static func add(_ id: Int64, _ indexed: String, _ db: Database) throws {
        try db.run("INSERT INTO messageIndex (rowid, norm) VALUES (?, ?)", [id, indexed])
    }

    /// Takes an entry out. Its words stay in the file until the index is merged.
    static func remove(_ id: Int64, _ indexed: String, _ db: Database) throws {
        try db.run("INSERT INTO messageIndex (messageIndex, rowid, norm) VALUES ('delete', ?, ?)", [id, indexed])
    }

    /// Makes the index anew if it was made by another version of `SearchText`.
    static func update(_ db: Database) throws {
        guard try db.number("SELECT version FROM searchIndex") != SearchText.version else { return }
        try rebuild(db)
    }

    /// Makes the index anew from the log.
    static func rebuild(_ db: Database) throws {
        try db.run("INSERT INTO messageIndex (messageIndex) VALUES ('delete-all')")
        // One by one, since the log may be larger than the memory.
        try db.eachRow("SELECT id, role, text FROM message WHERE role IN ('user', 'assistant') ORDER BY id") { row in
            if let role = Role(rawValue: row[1]), let indexed = indexed(role, row[2]) { try add(row[0], indexed, db) }
            return true
        }
        try db.run("UPDATE searchIndex SET version = ?, erasedBatches = 0", [SearchText.version])
    }
}
