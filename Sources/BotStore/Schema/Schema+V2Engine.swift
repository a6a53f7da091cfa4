import GRDB

extension Schema {
    /// Summaries, what was taken back, tool calls, the search index, and the erasing of conversations in steps.
    ///
    /// The log itself is never updated: what was taken back are ranges in `hidden`, which never overlap. A message is shown if it is
    /// above its session's floor and in no such range.
    ///
    /// What belongs to a session names it without a foreign key: the transaction that erases a session deletes its row alone, and its
    /// messages, which nobody sees any more, go in steps (`erasure`). Sessions are never numbered again.
    static func v2Engine(_ db: Database) throws {
        try v2Session(db)
        try v2Log(db)
        try v2Turns(db)
        try v2Statistics(db)
    }

    /// `deleted` is the number of messages that were deleted one by one: the log holds `headSeq - deleted`. The search index has the
    /// messages up to `indexedSeq`, and none after it.
    private static func v2Session(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE session ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE session ADD COLUMN checkpointID INTEGER;
                ALTER TABLE session ADD COLUMN summaryTokens INTEGER NOT NULL DEFAULT 0 CHECK (summaryTokens >= 0);
                ALTER TABLE session ADD COLUMN coveredSeq INTEGER NOT NULL DEFAULT 0 CHECK (coveredSeq >= 0);
                ALTER TABLE session ADD COLUMN liveCount INTEGER NOT NULL DEFAULT 0 CHECK (liveCount >= 0);
                ALTER TABLE session ADD COLUMN liveTokens INTEGER NOT NULL DEFAULT 0 CHECK (liveTokens >= 0);
                ALTER TABLE session ADD COLUMN nextSummaryAt INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE session ADD COLUMN summaries INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE session ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE session ADD COLUMN indexedSeq INTEGER NOT NULL DEFAULT 0;
                UPDATE session SET coveredSeq = floorSeq, liveCount = messageCount,
                    liveTokens = inputTokens + outputTokens,
                    deleted = headSeq - (
                        SELECT count(*) FROM message
                        WHERE message.id BETWEEN session.id << 32 AND (session.id << 32) + session.headSeq);

                CREATE TABLE checkpoint (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    sessionID INTEGER NOT NULL,
                    baseID INTEGER,
                    fromSeq INTEGER NOT NULL,
                    toSeq INTEGER NOT NULL,
                    text TEXT NOT NULL,
                    tokens INTEGER NOT NULL CHECK (tokens >= 0),
                    tokenizer TEXT NOT NULL,
                    replacedTokens INTEGER NOT NULL,
                    model TEXT,
                    round INTEGER NOT NULL,
                    messageCount INTEGER NOT NULL CHECK (messageCount >= 0),
                    messageTokens INTEGER NOT NULL CHECK (messageTokens >= 0),
                    createdAt INTEGER NOT NULL,
                    CHECK (fromSeq <= toSeq)
                ) STRICT;
                CREATE INDEX checkpoint_session ON checkpoint (sessionID);

                CREATE TABLE erasure (
                    id INTEGER PRIMARY KEY,
                    sessionID INTEGER,
                    conversation TEXT,
                    lastOutboxID INTEGER NOT NULL
                ) STRICT;
                """)
    }

    /// The message table is made anew: without its foreign key, without a column that was never used, and with the texts last, so
    /// that counting reads past none.
    private static func v2Log(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE newMessage (
                    id INTEGER PRIMARY KEY,
                    sessionID INTEGER NOT NULL,
                    seq INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    turnID INTEGER,
                    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
                    tokens INTEGER NOT NULL CHECK (tokens >= 0),
                    createdAt INTEGER NOT NULL,
                    externalID TEXT,
                    speaker TEXT,
                    tokenizer TEXT NOT NULL,
                    model TEXT,
                    toolCallID TEXT,
                    text TEXT NOT NULL,
                    tools TEXT,
                    metadata TEXT NOT NULL DEFAULT '{}',
                    CHECK (id = (sessionID << 32) + seq)
                ) STRICT;
                INSERT INTO newMessage (id, sessionID, seq, epoch, turnID, role, tokens, createdAt, externalID, speaker,
                    tokenizer, model, text, metadata)
                SELECT id, sessionID, seq, epoch, turnID, role, tokens, createdAt, externalID, speaker, tokenizer, model,
                    text, metadata
                FROM message ORDER BY id;
                DROP TABLE message;
                ALTER TABLE newMessage RENAME TO message;
                CREATE UNIQUE INDEX message_externalID ON message (sessionID, externalID) WHERE externalID IS NOT NULL;

                CREATE TABLE hidden (
                    sessionID INTEGER NOT NULL,
                    fromSeq INTEGER NOT NULL,
                    toSeq INTEGER NOT NULL,
                    PRIMARY KEY (sessionID, fromSeq),
                    CHECK (fromSeq <= toSeq)
                ) STRICT, WITHOUT ROWID;

                CREATE VIRTUAL TABLE messageIndex USING fts5(
                    norm, content = '', tokenize = 'porter unicode61 remove_diacritics 2');
                CREATE TABLE searchIndex (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    version INTEGER NOT NULL,
                    erasedBatches INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                INSERT INTO searchIndex (id, version) VALUES (1, 0);
                """)
    }

    /// A range of an event is `(fromSeq, toSeq]`. `newestCheckpointID` is the newest checkpoint that had been made by then.
    private static func v2Turns(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE newEvent (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    sessionID INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    fromSeq INTEGER NOT NULL,
                    toSeq INTEGER NOT NULL,
                    messageCount INTEGER NOT NULL DEFAULT 0,
                    inputTokens INTEGER NOT NULL DEFAULT 0,
                    outputTokens INTEGER NOT NULL DEFAULT 0,
                    checkpointID INTEGER,
                    summaryTokens INTEGER NOT NULL DEFAULT 0,
                    coveredSeq INTEGER NOT NULL DEFAULT 0,
                    liveCount INTEGER NOT NULL DEFAULT 0,
                    liveTokens INTEGER NOT NULL DEFAULT 0,
                    nextSummaryAt INTEGER NOT NULL DEFAULT 0,
                    newestCheckpointID INTEGER,
                    outcome TEXT CHECK (outcome IN ('undone', 'deleting', 'deleted'))
                ) STRICT;
                INSERT INTO newEvent (id, sessionID, kind, at, epoch, fromSeq, toSeq, messageCount, inputTokens,
                    outputTokens, coveredSeq, liveCount, liveTokens, outcome)
                SELECT id, sessionID, kind, at, epoch, fromSeq, toSeq, messageCount, inputTokens, outputTokens, fromSeq,
                    messageCount, inputTokens + outputTokens, outcome
                FROM sessionEvent ORDER BY id;
                DROP TABLE sessionEvent;
                ALTER TABLE newEvent RENAME TO sessionEvent;
                CREATE INDEX sessionEvent_session ON sessionEvent (sessionID, id);
                CREATE INDEX sessionEvent_ended ON sessionEvent (at)
                    WHERE kind IN ('reset', 'takeBack') AND (outcome IS NULL OR outcome = 'deleting');

                CREATE TABLE newTurn (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    sessionID INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    userSeq INTEGER NOT NULL,
                    replacesTo INTEGER,
                    status TEXT NOT NULL CHECK (status IN ('running', 'parked', 'done', 'superseded', 'setAside')),
                    ending TEXT,
                    attempt INTEGER NOT NULL CHECK (attempt >= 0),
                    startedAt INTEGER NOT NULL,
                    endedAt INTEGER
                ) STRICT;
                INSERT INTO newTurn (id, sessionID, epoch, userSeq, status, ending, attempt, startedAt, endedAt)
                SELECT id, sessionID, epoch, userSeq, status, ending, attempt, startedAt, endedAt FROM turn ORDER BY id;
                DROP TABLE turn;
                ALTER TABLE newTurn RENAME TO turn;
                CREATE INDEX turn_session ON turn (sessionID, status);

                CREATE TABLE newUsage (
                    id INTEGER PRIMARY KEY,
                    sessionID INTEGER,
                    turnID INTEGER,
                    model TEXT,
                    counted INTEGER,
                    promptTokens INTEGER NOT NULL,
                    completionTokens INTEGER NOT NULL,
                    cachedTokens INTEGER NOT NULL,
                    wasSuperseded INTEGER NOT NULL CHECK (wasSuperseded IN (0, 1)),
                    at INTEGER NOT NULL
                ) STRICT;
                INSERT INTO newUsage (id, sessionID, turnID, model, promptTokens, completionTokens, cachedTokens,
                    wasSuperseded, at)
                SELECT id, sessionID, turnID, model, promptTokens, completionTokens, cachedTokens, wasSuperseded, at
                FROM usage ORDER BY id;
                DROP TABLE usage;
                ALTER TABLE newUsage RENAME TO usage;
                CREATE INDEX usage_session ON usage (sessionID);
                """)
    }

    private static func v2Statistics(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE counter ADD COLUMN summaries INTEGER NOT NULL DEFAULT 0;
                DROP TRIGGER session_inserted;
                DROP TRIGGER session_updated;
                DROP TRIGGER session_deleted;

                CREATE TRIGGER session_inserted AFTER INSERT ON session BEGIN
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

                CREATE TRIGGER session_updated
                AFTER UPDATE OF isActive, messageCount, inputTokens, outputTokens, toolCalls, errors, summaries
                ON session BEGIN
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

                CREATE TRIGGER session_deleted AFTER DELETE ON session BEGIN
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
    }
}
