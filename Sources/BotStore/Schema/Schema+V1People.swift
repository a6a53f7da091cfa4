import GRDB

extension Schema {
    /// Who may do what, and the one pairing code with the tries that each person has used up.
    static func v1People(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE accessGrant (
                    entry TEXT PRIMARY KEY,
                    role TEXT NOT NULL CHECK (role IN ('owner', 'member')),
                    name TEXT NOT NULL,
                    grantedBy TEXT NOT NULL,
                    grantedAt INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE pairing (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    hash BLOB NOT NULL,
                    expiresAt INTEGER NOT NULL
                ) STRICT;

                CREATE TABLE pairingAttempt (
                    person TEXT PRIMARY KEY,
                    tries INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
