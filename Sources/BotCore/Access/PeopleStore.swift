/// What somebody or some chat may do.
package enum AccessRole: String, Sendable, Codable {
    case owner
    case member
}

/// One stored permission: a person (`telegram:123`), a chat (`telegram:chat:-100123`) or a server (`discord:guild:789`).
package struct AccessGrant: Sendable, Equatable {
    package let entry: String
    package let role: AccessRole
    /// The person's or chat's name when the grant was made: untrusted text.
    package let name: String
    /// The entry of the person who granted it, or how else it came (`pairing`).
    package let grantedBy: String
    package let grantedAt: Timestamp

    package init(entry: String, role: AccessRole, name: String, grantedBy: String, grantedAt: Timestamp) {
        self.entry = entry
        self.role = role
        self.name = name
        self.grantedBy = grantedBy
        self.grantedAt = grantedAt
    }
}

/// What became of a pairing code that somebody sent.
package enum PairingResult: Sendable, Equatable {
    /// It was right: the person is an owner now, and the code is used up.
    case paired
    /// It was wrong; so many tries are left for this person.
    case wrong(triesLeft: Int)
    /// This person has no tries left, until a new code is made.
    case lockedOut
    /// No code is valid now.
    case noCode
}

/// People, permissions and pairing: each use case is one transaction.
package protocol PeopleStore: Sendable {
    /// All stored permissions.
    func grants() async throws(StoreError) -> [AccessGrant]

    /// Stores a permission, replacing one of the same entry.
    func grant(_ grant: AccessGrant) async throws(StoreError)

    /// Takes a permission back. Returns whether there was one.
    func revoke(entry: String) async throws(StoreError) -> Bool

    /// The private chat in which a person was active last on a platform; nil when there is none, or it was erased.
    func privateConversation(of person: String, on platform: Platform) async throws(StoreError) -> ConversationKey?

    /// Makes a code the only valid one. Only its hash is stored; tries are forgotten.
    func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError)

    /// Checks a code's hash and makes the person an owner when it is right: one transaction, so it works once.
    ///
    /// - Parameter tries: how many wrong codes a person may send.
    func redeemPairingCode(
        hash: [UInt8], person: String, name: String, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult
}
