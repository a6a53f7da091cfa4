/// What somebody or some chat may do.
package enum AccessRole: String, Sendable, Codable {
    case owner
    /// Lets people in and keeps them out, as the owner does.
    case admin
    case member
    /// Nothing, whatever else would let them in.
    case blocked

    package var letsIn: Bool { self != .blocked }
}

/// One stored permission, or its opposite: of a person (`telegram:123`), a chat (`telegram:chat:-100123`), a server (`discord:guild:789`) or
/// a role (`discord:role:1011`).
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
    /// It was the code of an invite: the person is let in now. What they had asked is to be answered.
    case invited(InboxEntry?)
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

    /// Notes the private chat in which a person, by their entry, can be written to.
    func notePrivateChat(_ conversation: ConversationKey, of person: String) async throws(StoreError)

    /// The private chat in which a person was active last on a platform, or else the one that was noted; nil when there is none.
    func privateConversation(of person: String, on platform: Platform) async throws(StoreError) -> ConversationKey?

    /// Makes a code the only valid one. Only its hash is stored; tries are forgotten.
    func setPairingCode(hash: [UInt8], expiresAt: Timestamp) async throws(StoreError)

    /// Checks a code's hash: that of the pairing code makes the person an owner, that of an invite lets them in. One transaction, so it works
    /// once, or as often as the invite says. Who was asked about (see `AdmissionStore`) need not be decided about any more.
    ///
    /// - Parameters:
    ///   - conversation: the private chat that it came from; it is noted for an owner.
    ///   - tries: how many wrong codes a person may send, until a new pairing code is made or a day has passed.
    func redeem(
        hash: [UInt8], person: String, name: String, in conversation: ConversationKey, tries: Int, at now: Timestamp
    ) async throws(StoreError) -> PairingResult

    /// Stores an invite. Returns false, and stores nothing, when `limit` of them are valid already.
    func addInvite(_ invite: Invite, limit: Int, at now: Timestamp) async throws(StoreError) -> Bool
}

/// A code that lets people in, of which only the hash is stored.
package struct Invite: Sendable, Equatable {
    package let hash: [UInt8]
    /// How many people it lets in.
    package let uses: Int
    /// The entry of the person who made it.
    package let madeBy: String
    package let expiresAt: Timestamp

    package init(hash: [UInt8], uses: Int, madeBy: String, expiresAt: Timestamp) {
        self.hash = hash
        self.uses = uses
        self.madeBy = madeBy
        self.expiresAt = expiresAt
    }
}
