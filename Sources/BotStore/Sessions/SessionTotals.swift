import BotCore
import GRDB

/// Totals over the sessions, by interface, in a temporary table of the writer's connection; no other connection sees it.
///
/// They are counted once, when the store opens. From then on triggers keep them, so no statement that changes a session can forget to,
/// and no statistic ever scans the sessions. The table is in memory, for in the file it would be one more page that each message
/// writes; it takes part in transactions as all others do.
enum SessionTotals {
    private static let columns =
        "interfaceType, sessions, activeSessions, messages, tokens, activeMessages, toolCalls, errors, summaries"

    /// The totals as the sessions give them.
    private static let counted = """
        SELECT interfaceType, count(*) AS sessions, sum(isActive) AS activeSessions, sum(messageCount) AS messages,
            sum(inputTokens + outputTokens) AS tokens, sum(isActive * messageCount) AS activeMessages,
            sum(toolCalls) AS toolCalls, sum(errors) AS errors, sum(summaries) AS summaries
        FROM session GROUP BY interfaceType
        """

    /// Makes the table and its triggers, and counts.
    static func begin(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE counter (
                    interfaceType TEXT PRIMARY KEY,
                    sessions INTEGER NOT NULL DEFAULT 0,
                    activeSessions INTEGER NOT NULL DEFAULT 0,
                    messages INTEGER NOT NULL DEFAULT 0,
                    tokens INTEGER NOT NULL DEFAULT 0,
                    activeMessages INTEGER NOT NULL DEFAULT 0,
                    toolCalls INTEGER NOT NULL DEFAULT 0,
                    errors INTEGER NOT NULL DEFAULT 0,
                    summaries INTEGER NOT NULL DEFAULT 0
                ) STRICT, WITHOUT ROWID;

                CREATE TEMP TRIGGER session_inserted AFTER INSERT ON main.session BEGIN
                    INSERT OR IGNORE INTO counter (interfaceType) VALUES (NEW.interfaceType);
                    UPDATE counter SET
                        sessions = sessions + 1,
                        activeSessions = activeSessions + NEW.isActive,
                        messages = messages + NEW.messageCount,
                        tokens = tokens + NEW.inputTokens + NEW.outputTokens,
                        activeMessages = activeMessages + NEW.isActive * NEW.messageCount,
                        toolCalls = toolCalls + NEW.toolCalls,
                        errors = errors + NEW.errors,
                        summaries = summaries + NEW.summaries
                    WHERE interfaceType = NEW.interfaceType;
                END;

                CREATE TEMP TRIGGER session_updated
                AFTER UPDATE OF isActive, messageCount, inputTokens, outputTokens, toolCalls, errors, summaries
                ON main.session BEGIN
                    UPDATE counter SET
                        activeSessions = activeSessions + NEW.isActive - OLD.isActive,
                        messages = messages + NEW.messageCount - OLD.messageCount,
                        tokens = tokens + NEW.inputTokens + NEW.outputTokens - OLD.inputTokens - OLD.outputTokens,
                        activeMessages = activeMessages
                            + NEW.isActive * NEW.messageCount - OLD.isActive * OLD.messageCount,
                        toolCalls = toolCalls + NEW.toolCalls - OLD.toolCalls,
                        errors = errors + NEW.errors - OLD.errors,
                        summaries = summaries + NEW.summaries - OLD.summaries
                    WHERE interfaceType = NEW.interfaceType;
                END;

                CREATE TEMP TRIGGER session_deleted AFTER DELETE ON main.session BEGIN
                    UPDATE counter SET
                        sessions = sessions - 1,
                        activeSessions = activeSessions - OLD.isActive,
                        messages = messages - OLD.messageCount,
                        tokens = tokens - OLD.inputTokens - OLD.outputTokens,
                        activeMessages = activeMessages - OLD.isActive * OLD.messageCount,
                        toolCalls = toolCalls - OLD.toolCalls,
                        errors = errors - OLD.errors,
                        summaries = summaries - OLD.summaries
                    WHERE interfaceType = OLD.interfaceType;
                END;
                """)
        try count(db)
    }

    /// Makes the totals anew from the sessions.
    static func count(_ db: Database) throws {
        try db.run("DELETE FROM counter")
        try db.run("INSERT INTO counter (\(columns)) \(counted)")
    }

    /// The totals of all interfaces together.
    static func statistics(_ db: Database) throws -> StoreStatistics {
        var statistics = StoreStatistics()
        for row in try db.rows("SELECT \(columns) FROM counter") {
            let active: Int = row[2]
            statistics.totalSessions += row[1]
            statistics.activeSessions += active
            statistics.totalMessages += row[3]
            statistics.totalTokens += row[4]
            statistics.activeMessages += row[5]
            statistics.toolCalls += row[6]
            statistics.errors += row[7]
            statistics.summaries += row[8]
            if active > 0 { statistics.activeByInterface[row[0]] = active }
        }
        return statistics
    }

    /// Interfaces whose totals differ from those of their sessions; one without sessions may be there with zeros, or not at all.
    static func wrong(_ db: Database) throws -> [String] {
        try db.rows(
            """
            SELECT interfaceType FROM (
                SELECT * FROM (SELECT \(columns) FROM counter WHERE sessions <> 0 OR messages <> 0 OR tokens <> 0
                    OR activeSessions <> 0 OR activeMessages <> 0 OR toolCalls <> 0 OR errors <> 0 OR summaries <> 0
                    EXCEPT SELECT \(columns) FROM (\(counted)))
                UNION
                SELECT * FROM (SELECT \(columns) FROM (\(counted)) EXCEPT SELECT \(columns) FROM counter)
            ) GROUP BY interfaceType
            """
        ).map { $0[0] }
    }
}
