import GRDB

@testable import BotStore

/// Makes databases as earlier versions left them.
enum OldDatabase {
    static var migrations: [String] { Schema.migrator.migrations }

    static func make(at path: String, upTo migration: String, rows: String) throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: migration)
        try queue.write { db in try db.execute(sql: rows) }
        try queue.close()
    }
}
