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
            if let row { return try SessionRecord.key(row[0]) }
            return try db.row(
                "SELECT conversation FROM privateChat WHERE person = ?", ["\(platform):\(person)"]
            ).flatMap { try SessionRecord.key($0[0]) }
        }
    }

    package func notePrivateChat(
        _ conversation: ConversationKey, of person: String
    ) async throws(StoreError) {
        try await write { db in try Self.note(conversation, of: person, db) }
    }

    package func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError) {
        try await write { db in
            try db.run("DELETE FROM pairingAttempt")
            try db.run(
                "INSERT OR REPLACE INTO pairing (id, hash, expiresAt) VALUES (1, ?, ?)",
                [PairingHash.data(hash), expiresAt.rawValue])
        }
    }

    package func redeem(
        hash: [UInt8], person: String, name: String, in conversation: ConversationKey, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult {
        try await write { db in
            let codes = try CodeDesk(db, at: now)
            guard codes.areAny else { return .noCode }
            guard let used = try codes.wrongTries(of: person), used < tries else { return .lockedOut }
            if try codes.takePairing(hash) {
                try Self.store(
                    AccessGrant(entry: person, role: .owner, name: name, grantedBy: "pairing", grantedAt: now), db)
                try Self.note(conversation, of: person, db)
                _ = try Admissions.close(of: person, by: person, at: now, db)
                return .paired
            }
            // Who is let in already leaves the invite to others.
            let isKnown = try db.number("SELECT count(*) FROM accessGrant WHERE entry = ?", [person]) > 0
            if let maker = try codes.takeInvite(hash, unless: isKnown) {
                if isKnown { return .invited(nil) }
                try Self.store(
                    AccessGrant(entry: person, role: .member, name: name, grantedBy: maker, grantedAt: now), db)
                let request = try Admissions.close(of: person, by: maker, at: now, db)
                return .invited(try request.flatMap { try Admissions.admit($0, at: now, db) })
            }
            try codes.countWrongTry(of: person)
            return .wrong(triesLeft: tries - used - 1)
        }
    }

    package func addInvite(_ invite: Invite, limit: Int, at now: Timestamp) async throws(StoreError) -> Bool {
        try await write { db in
            try db.run("DELETE FROM invite WHERE expiresAt <= ?", [now.rawValue])
            guard try db.number("SELECT count(*) FROM invite") < limit else { return false }
            try db.run(
                "INSERT OR REPLACE INTO invite (hash, usesLeft, madeBy, expiresAt) VALUES (?, ?, ?, ?)",
                [PairingHash.data(invite.hash), invite.uses, invite.madeBy, invite.expiresAt.rawValue])
            return true
        }
    }

    private static func note(_ conversation: ConversationKey, of person: String, _ db: Database) throws {
        try db.run(
            "INSERT OR REPLACE INTO privateChat (person, conversation) VALUES (?, ?)",
            [person, conversation.description])
    }

    static func store(_ grant: AccessGrant, _ db: Database) throws {
        try db.run(
            "INSERT OR REPLACE INTO accessGrant (entry, role, name, grantedBy, grantedAt) VALUES (?, ?, ?, ?, ?)",
            [grant.entry, grant.role.rawValue, grant.name, grant.grantedBy, grant.grantedAt.rawValue])
    }
}
