import BotCore
import GRDB

/// The codes that are valid at a moment, and how often people have sent wrong ones: steps of one transaction.
struct CodeDesk {
    /// After so long a wrong code is forgotten.
    private static let memory = Duration.seconds(86_400)
    /// People whose wrong codes are remembered; more of them may try none.
    private static let mostPeople: Int64 = 1000

    let areAny: Bool
    private let db: Database
    private let now: Timestamp

    init(_ db: Database, at now: Timestamp) throws {
        self.db = db
        self.now = now
        try db.run("DELETE FROM invite WHERE expiresAt <= ?", [now.rawValue])
        let codes = try db.number("SELECT count(*) FROM pairing WHERE expiresAt > ?", [now.rawValue])
        let invites = try db.number("SELECT count(*) FROM invite")
        areAny = codes + invites > 0
    }

    /// How many wrong codes somebody has sent; nil when no more people can be remembered.
    func wrongTries(of person: String) throws -> Int? {
        try db.run("DELETE FROM pairingAttempt WHERE at > 0 AND at <= ?", [(now - Self.memory).rawValue])
        let used = try db.number("SELECT tries FROM pairingAttempt WHERE person = ?", [person])
        if used == 0, try db.number("SELECT count(*) FROM pairingAttempt") >= Self.mostPeople { return nil }
        return Int(used)
    }

    func countWrongTry(of person: String) throws {
        try db.run(
            """
            INSERT INTO pairingAttempt (person, tries, at) VALUES (?, 1, ?)
            ON CONFLICT (person) DO UPDATE SET tries = tries + 1, at = excluded.at
            """, [person, now.rawValue])
    }

    /// Uses the pairing code up, if it is this one.
    func takePairing(_ hash: [UInt8]) throws -> Bool {
        guard let row = try db.row("SELECT hash FROM pairing WHERE expiresAt > ?", [now.rawValue]),
            PairingHash.areEqual(PairingHash.bytes(row[0]), hash)
        else { return false }
        try db.run("DELETE FROM pairing")
        try db.run("DELETE FROM pairingAttempt")
        return true
    }

    /// Uses an invite once, if there is one of this code; returns who made it.
    ///
    /// - Parameter isKept: whether it is only looked up.
    func takeInvite(_ hash: [UInt8], unless isKept: Bool) throws -> String? {
        let key = PairingHash.data(hash)
        guard let row = try db.row("SELECT madeBy, usesLeft FROM invite WHERE hash = ?", [key]) else { return nil }
        if isKept { return row[0] }
        if row[1] as Int64 > 1 {
            try db.run("UPDATE invite SET usesLeft = usesLeft - 1 WHERE hash = ?", [key])
        } else {
            try db.run("DELETE FROM invite WHERE hash = ?", [key])
        }
        return row[0]
    }
}
