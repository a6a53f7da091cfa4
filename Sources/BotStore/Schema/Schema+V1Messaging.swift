import GRDB

extension Schema {
    /// The inbox, the outbox and the platforms' positions.
    ///
    /// Both boxes name a conversation by its text key, for an event is stored before anybody has a session. An event's
    /// payload and a row's text and address are emptied when they end; the rest stays for a while, so that repeats are known.
    static func v1Messaging(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE cursor (
                    name TEXT PRIMARY KEY,
                    value TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE inbox (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    platform TEXT NOT NULL,
                    account TEXT NOT NULL,
                    externalID TEXT NOT NULL,
                    conversation TEXT NOT NULL,
                    payload BLOB,
                    state TEXT NOT NULL DEFAULT 'pending'
                        CHECK (state IN ('pending', 'finished', 'dropped', 'setAside')),
                    turnID INTEGER,
                    receivedAt INTEGER NOT NULL,
                    UNIQUE (externalID, account, platform),
                    CHECK ((state = 'pending') = (payload IS NOT NULL))
                ) STRICT;
                CREATE INDEX inbox_pending ON inbox (conversation, id) WHERE state = 'pending';
                CREATE INDEX inbox_turn ON inbox (turnID) WHERE turnID IS NOT NULL AND state = 'pending';

                CREATE TABLE outbox (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    origin TEXT NOT NULL CHECK (origin IN ('turn', 'event', 'notice')),
                    originID INTEGER NOT NULL,
                    chunk INTEGER NOT NULL CHECK (chunk >= 0),
                    platform TEXT NOT NULL,
                    conversation TEXT NOT NULL,
                    address TEXT,
                    text TEXT,
                    markup TEXT,
                    state TEXT NOT NULL CHECK (state IN ('making', 'ready', 'delivered', 'abandoned', 'cancelled')),
                    firstSendAt INTEGER,
                    isOverruled INTEGER NOT NULL DEFAULT 0 CHECK (isOverruled IN (0, 1)),
                    messageID TEXT,
                    attempts INTEGER NOT NULL DEFAULT 0,
                    retryAt INTEGER,
                    reason TEXT,
                    endedAt INTEGER,
                    UNIQUE (originID, origin, chunk),
                    CHECK (state NOT IN ('making', 'ready') OR address IS NOT NULL),
                    CHECK (state <> 'ready' OR text IS NOT NULL)
                ) STRICT;
                CREATE INDEX outbox_ready ON outbox (platform, id) WHERE state = 'ready';
                CREATE INDEX outbox_open ON outbox (conversation, id) WHERE state IN ('making', 'ready');
                """)
    }
}
