import GRDB

extension Schema {
    /// Totals by interface. Triggers keep them, so no statement that changes a session can forget to, and no statistic ever
    /// scans the sessions.
    static func v1Statistics(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE counter (
                    interfaceType TEXT PRIMARY KEY,
                    sessions INTEGER NOT NULL DEFAULT 0,
                    activeSessions INTEGER NOT NULL DEFAULT 0,
                    messages INTEGER NOT NULL DEFAULT 0,
                    tokens INTEGER NOT NULL DEFAULT 0,
                    activeMessages INTEGER NOT NULL DEFAULT 0,
                    toolCalls INTEGER NOT NULL DEFAULT 0,
                    errors INTEGER NOT NULL DEFAULT 0
                ) STRICT, WITHOUT ROWID;

                CREATE TRIGGER session_inserted AFTER INSERT ON session BEGIN
                    INSERT OR IGNORE INTO counter (interfaceType) VALUES (NEW.interfaceType);
                    UPDATE counter SET
                        sessions = sessions + 1,
                        activeSessions = activeSessions + NEW.isActive,
                        messages = messages + NEW.messageCount,
                        tokens = tokens + NEW.inputTokens + NEW.outputTokens,
                        activeMessages = activeMessages + NEW.isActive * NEW.messageCount,
                        toolCalls = toolCalls + NEW.toolCalls,
                        errors = errors + NEW.errors
                    WHERE interfaceType = NEW.interfaceType;
                END;

                CREATE TRIGGER session_updated
                AFTER UPDATE OF isActive, messageCount, inputTokens, outputTokens, toolCalls, errors ON session BEGIN
                    UPDATE counter SET
                        activeSessions = activeSessions + NEW.isActive - OLD.isActive,
                        messages = messages + NEW.messageCount - OLD.messageCount,
                        tokens = tokens + NEW.inputTokens + NEW.outputTokens - OLD.inputTokens - OLD.outputTokens,
                        activeMessages = activeMessages
                            + NEW.isActive * NEW.messageCount - OLD.isActive * OLD.messageCount,
                        toolCalls = toolCalls + NEW.toolCalls - OLD.toolCalls,
                        errors = errors + NEW.errors - OLD.errors
                    WHERE interfaceType = NEW.interfaceType;
                END;

                CREATE TRIGGER session_deleted AFTER DELETE ON session BEGIN
                    UPDATE counter SET
                        sessions = sessions - 1,
                        activeSessions = activeSessions - OLD.isActive,
                        messages = messages - OLD.messageCount,
                        tokens = tokens - OLD.inputTokens - OLD.outputTokens,
                        activeMessages = activeMessages - OLD.isActive * OLD.messageCount,
                        toolCalls = toolCalls - OLD.toolCalls,
                        errors = errors - OLD.errors
                    WHERE interfaceType = OLD.interfaceType;
                END;
                """)
    }
}
