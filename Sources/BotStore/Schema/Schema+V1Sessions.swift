import GRDB

extension Schema {
    /// Conversations, their sessions, the append-only log, what happened to it, turns and their usage.
    ///
    /// `message.id` is `sessionID << 32 | seq`: a session's messages lie together, so a context and a search read one range.
    /// What a reset clears is the range between two floors; `sessionEvent` keeps both and the counters, for taking it back.
    static func v1Sessions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE installation (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    code TEXT NOT NULL CHECK (length(code) = 8),
                    notices INTEGER NOT NULL DEFAULT 0,
                    probes INTEGER NOT NULL DEFAULT 0
                ) STRICT;

                CREATE TABLE conversation (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    key TEXT UNIQUE,
                    CHECK ((key IS NULL) = (id < 4294967296))
                ) STRICT;
                INSERT INTO sqlite_sequence (name, seq) VALUES ('conversation', 4294967295);

                CREATE TABLE session (
                    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id < 2147483648),
                    conversationID INTEGER NOT NULL UNIQUE REFERENCES conversation (id),
                    interfaceType TEXT NOT NULL,
                    externalUserID TEXT NOT NULL,
                    externalChatID TEXT NOT NULL,
                    epoch INTEGER NOT NULL DEFAULT 1,
                    headSeq INTEGER NOT NULL DEFAULT 0 CHECK (headSeq < 4294967296),
                    floorSeq INTEGER NOT NULL DEFAULT 0 CHECK (floorSeq BETWEEN 0 AND headSeq),
                    messageCount INTEGER NOT NULL DEFAULT 0 CHECK (messageCount >= 0),
                    inputTokens INTEGER NOT NULL DEFAULT 0 CHECK (inputTokens >= 0),
                    outputTokens INTEGER NOT NULL DEFAULT 0 CHECK (outputTokens >= 0),
                    tokenLimit INTEGER NOT NULL,
                    toolCalls INTEGER NOT NULL DEFAULT 0,
                    errors INTEGER NOT NULL DEFAULT 0,
                    isActive INTEGER NOT NULL DEFAULT 1 CHECK (isActive IN (0, 1)),
                    createdAt INTEGER NOT NULL,
                    lastActiveAt INTEGER NOT NULL,
                    expiresAfter INTEGER NOT NULL,
                    state TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(state)),
                    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata))
                ) STRICT;
                CREATE INDEX session_active ON session (lastActiveAt, expiresAfter) WHERE isActive = 1;

                CREATE TABLE message (
                    id INTEGER PRIMARY KEY,
                    sessionID INTEGER NOT NULL REFERENCES session (id),
                    seq INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    turnID INTEGER,
                    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
                    kind TEXT NOT NULL DEFAULT 'text',
                    text TEXT NOT NULL,
                    speaker TEXT,
                    tokens INTEGER NOT NULL CHECK (tokens >= 0),
                    tokenizer TEXT NOT NULL,
                    model TEXT,
                    externalID TEXT,
                    metadata TEXT NOT NULL DEFAULT '{}',
                    createdAt INTEGER NOT NULL,
                    UNIQUE (sessionID, externalID),
                    CHECK (id = (sessionID << 32) + seq)
                ) STRICT;

                CREATE TABLE sessionEvent (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    sessionID INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                    kind TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    epoch INTEGER NOT NULL,
                    fromSeq INTEGER NOT NULL,
                    toSeq INTEGER NOT NULL,
                    messageCount INTEGER NOT NULL DEFAULT 0,
                    inputTokens INTEGER NOT NULL DEFAULT 0,
                    outputTokens INTEGER NOT NULL DEFAULT 0,
                    outcome TEXT CHECK (outcome IN ('undone', 'deleting', 'deleted'))
                ) STRICT;
                CREATE INDEX sessionEvent_session ON sessionEvent (sessionID, id);
                CREATE INDEX sessionEvent_cleared ON sessionEvent (at)
                    WHERE kind = 'reset' AND (outcome IS NULL OR outcome = 'deleting');

                CREATE TABLE turn (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    sessionID INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                    epoch INTEGER NOT NULL,
                    userSeq INTEGER NOT NULL,
                    status TEXT NOT NULL CHECK (status IN ('running', 'parked', 'done', 'superseded', 'setAside')),
                    ending TEXT,
                    attempt INTEGER NOT NULL CHECK (attempt >= 0),
                    startedAt INTEGER NOT NULL,
                    endedAt INTEGER
                ) STRICT;
                CREATE INDEX turn_session ON turn (sessionID, status);

                CREATE TABLE usage (
                    id INTEGER PRIMARY KEY,
                    sessionID INTEGER REFERENCES session (id) ON DELETE CASCADE,
                    turnID INTEGER,
                    model TEXT,
                    promptTokens INTEGER NOT NULL,
                    completionTokens INTEGER NOT NULL,
                    cachedTokens INTEGER NOT NULL,
                    wasSuperseded INTEGER NOT NULL CHECK (wasSuperseded IN (0, 1)),
                    at INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX usage_session ON usage (sessionID);
                """)
    }
}
