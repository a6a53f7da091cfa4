import BotCore
import BotTestSupport
import GRDB

/// What a database holds that is not done: nothing, once the bot has come to rest.
enum Leftovers {
    /// A line for each event and row, at most a hundred of both. The bot may run meanwhile.
    static func lines(in path: String) throws -> [String] {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let lines = try queue.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT 'event ' || id || ' of ' || conversation FROM inbox WHERE state = 'pending' LIMIT 100
                    """)
                + String.fetchAll(
                    db,
                    sql: """
                        SELECT 'row ' || id || ' of ' || conversation || ' is ' || state FROM outbox
                        WHERE state IN ('making', 'ready') LIMIT 100
                        """)
        }
        try queue.close()
        return lines
    }

    /// The problems that they are, once nothing more is done within the limit.
    static func problems(in home: BotHome, within limit: Duration) async throws -> [String] {
        let time = SystemTime()
        let deadline = time.uptime + limit
        while true {
            let lines = try lines(in: home.folder.file("data/mybot.db"))
            if lines.isEmpty || time.uptime >= deadline { return lines.map { "left in the database: \($0)" } }
            // The database of another process tells nobody that it changes.
            try await time.sleep(for: .milliseconds(100))
        }
    }
}
