package import BotCore
import GRDB

extension SQLiteStore {
    package func grants() async throws(StoreError) -> [AccessGrant] {
        try await read { db in
            try db.rows("SELECT entry, role, name, grantedBy, grantedAt FROM accessGrant ORDER BY grantedAt, entry")
                .map { row in
                    let role: String = row[1]
                    guard let role = AccessRole(rawValue: role) else {
                        throw StoreError.failed("a stored permission has an unknown role")
                    }
                    return AccessGrant(
                        entry: row[0], role: role, name: row[2], grantedBy: row[3],
                        grantedAt: Timestamp(rawValue: row[4]))
                }
        }
    }

    package func grant(_ grant: AccessGrant) async throws(StoreError) {
        try await write { db in try Self.store(grant, db) }
    }

    package func revoke(entry: String) async throws(StoreError) -> Bool {
        try await write { db in
            try db.run("DELETE FROM accessGrant WHERE entry = ?", [entry])
            return db.changesCount > 0
        }
    }

    package func privateConversation(
        of person: String, on platform: Platform
    ) async throws(StoreError) -> ConversationKey? {
        try await read { db in
            // It walks through the sessions, and is asked a few times a day at most. Those of shared chats name nobody.
            let row = try db.row(
                """
                SELECT conversation.key FROM session JOIN conversation ON conversation.id = session.conversationID
                WHERE session.externalUserID = ? AND session.interfaceType = ? AND conversation.key IS NOT NULL
                ORDER BY session.lastActiveAt DESC LIMIT 1
                """, [person, platform.rawValue])
            return try row.flatMap { try SessionRecord.key($0[0]) }
        }
    }

    package func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError) {
        try await write { db in
            try db.run("DELETE FROM pairingAttempt")
            try db.run(
                "INSERT OR REPLACE INTO pairing (id, hash, expiresAt) VALUES (1, ?, ?)",
                [PairingHash.data(hash), expiresAt.rawValue])
        }
    }

    package func redeemPairingCode(
        hash: [UInt8], person: String, name: String, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult {
        try await write { db in
            guard let row = try db.row("SELECT hash FROM pairing WHERE expiresAt > ?", [now.rawValue]) else {
                return .noCode
            }
            let used = Int(try db.number("SELECT tries FROM pairingAttempt WHERE person = ?", [person]))
            guard used < tries else { return .lockedOut }
            guard PairingHash.areEqual(PairingHash.bytes(row[0]), hash) else {
                try db.run(
                    """
                    INSERT INTO pairingAttempt (person, tries) VALUES (?, 1)
                    ON CONFLICT (person) DO UPDATE SET tries = tries + 1
                    """, [person])
                return .wrong(triesLeft: tries - used - 1)
            }
            try db.run("DELETE FROM pairing")
            try db.run("DELETE FROM pairingAttempt")
            try Self.store(
                AccessGrant(entry: person, role: .owner, name: name, grantedBy: "pairing", grantedAt: now), db)
            return .paired
        }
    }

    static func store(_ grant: AccessGrant, _ db: Database) throws {
        try db.run(
            "INSERT OR REPLACE INTO accessGrant (entry, role, name, grantedBy, grantedAt) VALUES (?, ?, ?, ?, ?)",
            [grant.entry, grant.role.rawValue, grant.name, grant.grantedBy, grant.grantedAt.rawValue])
    }
}
