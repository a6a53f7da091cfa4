import GRDB

extension Schema {
    /// Admins and people who are kept out; strangers who ask to be let in, with what they have said while nobody has decided (`payload`, an
    /// event as in the inbox); invites; and where those can be written to who decide.
    static func v7People(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE accessGrantOfV7 (
                    entry TEXT PRIMARY KEY,
                    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'blocked')),
                    name TEXT NOT NULL,
                    grantedBy TEXT NOT NULL,
                    grantedAt INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                INSERT INTO accessGrantOfV7 (entry, role, name, grantedBy, grantedAt)
                    SELECT entry, role, name, grantedBy, grantedAt FROM accessGrant;
                DROP TABLE accessGrant;
                ALTER TABLE accessGrantOfV7 RENAME TO accessGrant;

                CREATE TABLE admission (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    entry TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('asked', 'allowed', 'denied', 'blocked')),
                    askedAt INTEGER NOT NULL,
                    toldAt INTEGER,
                    payload BLOB,
                    decidedBy TEXT,
                    decidedAt INTEGER,
                    CHECK ((state = 'asked') = (payload IS NOT NULL)),
                    CHECK ((state = 'asked') = (decidedAt IS NULL)),
                    CHECK ((decidedBy IS NULL) = (decidedAt IS NULL))
                ) STRICT;

                CREATE TABLE invite (
                    hash BLOB PRIMARY KEY,
                    usesLeft INTEGER NOT NULL CHECK (usesLeft > 0),
                    madeBy TEXT NOT NULL,
                    expiresAt INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE privateChat (
                    person TEXT PRIMARY KEY,
                    conversation TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;

                ALTER TABLE pairingAttempt ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
                """)
    }
}
