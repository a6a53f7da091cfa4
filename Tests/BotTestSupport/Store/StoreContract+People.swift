import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `PeopleStore`, and the probe.
    package static let people: [Behaviour] = [
        Behaviour("stores, replaces and revokes permissions", grants),
        Behaviour("pairs the owner once with the right code", pairs),
        Behaviour("counts wrong codes of each person", locksOut),
        Behaviour("takes no expired code, nor one that was replaced", expiresCodes),
        Behaviour("knows where a person was last active in private", findsPrivateChats),
        Behaviour("knows the noted private chat of who has no session", notesPrivateChats),
        Behaviour("lets in as many people by an invite as it says", invites),
        Behaviour("keeps no more invites than it may, and none that is over", boundsInvites),
        Behaviour("answers what somebody had asked who is let in by an invite", invitesWhoAsked),
        Behaviour("tells that it can be written", probes),
    ]

    private static let right: [UInt8] = [1, 2, 3, 4]

    private static func redeem(
        _ hash: [UInt8], by person: String = "telegram:7", in store: any Store, at seconds: Int = 1
    ) async throws -> PairingResult {
        try await store.redeem(
            hash: hash, person: person, name: "Ann", in: StoreSamples.chat, tries: 3, at: StoreSamples.at(seconds))
    }

    @Sendable private static func grants(_ store: any Store) async throws {
        #expect(try await store.grants().isEmpty)
        let member = AccessGrant(
            entry: "telegram:8", role: .member, name: "Bo", grantedBy: "telegram:7", grantedAt: StoreSamples.at(1))
        let owner = AccessGrant(
            entry: "telegram:8", role: .owner, name: "Bob", grantedBy: "telegram:7", grantedAt: StoreSamples.at(2))
        try await store.grant(member)
        try await store.grant(owner)
        #expect(try await store.grants() == [owner])
        #expect(try await store.revoke(entry: "telegram:8"))
        #expect(try await store.revoke(entry: "telegram:8") == false)
        #expect(try await store.grants().isEmpty)
    }

    @Sendable private static func pairs(_ store: any Store) async throws {
        #expect(try await redeem(right, in: store) == .noCode)
        try await store.setPairingCode(hash: right, expiresAt: StoreSamples.at(600))
        #expect(try await redeem([1, 2, 3, 5], in: store) == .wrong(triesLeft: 2))
        #expect(try await redeem([1, 2, 3], in: store) == .wrong(triesLeft: 1))
        #expect(try await redeem(right, in: store, at: 5) == .paired)
        let grant = AccessGrant(
            entry: "telegram:7", role: .owner, name: "Ann", grantedBy: "pairing", grantedAt: StoreSamples.at(5))
        #expect(try await store.grants() == [grant])
        #expect(try await redeem(right, by: "telegram:9", in: store) == .noCode)
    }

    @Sendable private static func locksOut(_ store: any Store) async throws {
        try await store.setPairingCode(hash: right, expiresAt: StoreSamples.at(600))
        for left in [2, 1, 0] { #expect(try await redeem([9], in: store) == .wrong(triesLeft: left)) }
        #expect(try await redeem(right, in: store) == .lockedOut)
        #expect(try await redeem([9], by: "telegram:8", in: store) == .wrong(triesLeft: 2))
        try await store.setPairingCode(hash: right, expiresAt: StoreSamples.at(600))
        #expect(try await redeem(right, in: store) == .paired)
    }

    @Sendable private static func expiresCodes(_ store: any Store) async throws {
        try await store.setPairingCode(hash: right, expiresAt: StoreSamples.at(600))
        #expect(try await redeem(right, in: store, at: 600) == .noCode)
        try await store.setPairingCode(hash: [5, 6], expiresAt: StoreSamples.at(600))
        #expect(try await redeem(right, in: store) == .wrong(triesLeft: 2))
        #expect(try await redeem([5, 6], in: store) == .paired)
    }

    @Sendable private static func findsPrivateChats(_ store: any Store) async throws {
        func talk(_ person: String, in chat: String, at seconds: Int, on platform: Platform = .telegram) async throws {
            let key = ConversationKey(platform: platform, account: "42", chat: chat)
            let draft = SessionDraft(
                conversation: .key(key), interfaceType: platform.rawValue, externalUserID: person, externalChatID: chat,
                tokenLimit: 4000, expiresAfter: .seconds(3600))
            let session = try await store.getOrCreate(draft, at: StoreSamples.at(seconds))
            _ = try await store.append(StoreSamples.message("hello"), to: session.id, at: StoreSamples.at(seconds))
        }
        func place(of person: String, on platform: Platform = .telegram) async throws -> String? {
            try await store.privateConversation(of: person, on: platform)?.chat
        }
        #expect(try await place(of: "7") == nil)
        try await talk("7", in: "1001", at: 1)
        try await talk("7", in: "1002", at: 5)
        try await talk("7", in: "2002", at: 9, on: .discord)
        // A shared chat, and a chat of the REST API.
        try await talk("", in: "-100", at: 20)
        _ = try await store.getOrCreate(
            StoreSamples.session(.number(ConversationID(3)), interface: "telegram"), at: StoreSamples.at(30))
        #expect(try await place(of: "7") == "1002")
        #expect(try await place(of: "7", on: .discord) == "2002")
        #expect(try await place(of: "8") == nil)
        try await talk("7", in: "1001", at: 40)
        #expect(try await place(of: "7") == "1001")
        let known = try #require(
            try await store.session(of: ConversationKey(platform: .telegram, account: "42", chat: "1001")))
        _ = try await store.erase(known.id)
        #expect(try await place(of: "7") == "1002")
    }

    @Sendable private static func notesPrivateChats(_ store: any Store) async throws {
        let noted = ConversationKey(platform: .telegram, account: "42", chat: "7")
        try await store.notePrivateChat(noted, of: "telegram:7")
        #expect(try await store.privateConversation(of: "7", on: .telegram) == noted)
        #expect(try await store.privateConversation(of: "7", on: .discord) == nil)
        try await store.setPairingCode(hash: right, expiresAt: StoreSamples.at(600))
        #expect(try await redeem(right, by: "telegram:9", in: store) == .paired)
        #expect(try await store.privateConversation(of: "9", on: .telegram) == StoreSamples.chat)
    }

    private static func invite(_ hash: [UInt8], uses: Int = 1, until seconds: Int = 600) -> Invite {
        Invite(hash: hash, uses: uses, madeBy: "telegram:1", expiresAt: StoreSamples.at(seconds))
    }

    @Sendable private static func invites(_ store: any Store) async throws {
        #expect(try await store.addInvite(invite([7], uses: 2), limit: 9, at: StoreSamples.start))
        #expect(try await redeem([8], in: store) == .wrong(triesLeft: 2))
        #expect(try await redeem([7], in: store) == .invited(nil))
        // Who is let in already does not use it up.
        #expect(try await redeem([7], in: store) == .invited(nil))
        #expect(try await redeem([7], by: "telegram:8", in: store) == .invited(nil))
        #expect(try await redeem([7], by: "telegram:9", in: store) == .noCode)
        let grant = AccessGrant(
            entry: "telegram:7", role: .member, name: "Ann", grantedBy: "telegram:1", grantedAt: StoreSamples.at(1))
        #expect(try await store.grants().first { $0.entry == "telegram:7" } == grant)
        #expect(try await store.grants().count == 2)
        #expect(try await store.addInvite(invite([7], until: 5), limit: 9, at: StoreSamples.start))
        #expect(try await redeem([7], by: "telegram:9", in: store, at: 5) == .noCode)
    }

    @Sendable private static func boundsInvites(_ store: any Store) async throws {
        #expect(try await store.addInvite(invite([1], until: 5), limit: 2, at: StoreSamples.start))
        #expect(try await store.addInvite(invite([2]), limit: 2, at: StoreSamples.start))
        #expect(try await store.addInvite(invite([3]), limit: 2, at: StoreSamples.start) == false)
        #expect(try await redeem([3], in: store) == .wrong(triesLeft: 2))
        #expect(try await store.addInvite(invite([3]), limit: 2, at: StoreSamples.at(5)))
        // A wrong try of yesterday is forgotten.
        #expect(try await store.addInvite(invite([4], until: 200_000), limit: 3, at: StoreSamples.at(5)))
        #expect(try await redeem([9], in: store, at: 86_500) == .wrong(triesLeft: 2))
    }

    @Sendable private static func invitesWhoAsked(_ store: any Store) async throws {
        let entry = try #require(try await store.accept([StoreSamples.event("e1")], cursor: nil).first)
        _ = try await store.ask(
            AdmissionDraft(
                event: entry.id, person: "telegram:7", name: "Ann", address: ReplyAddress(rawValue: "later"),
                at: StoreSamples.start), rules: AdmissionRules(), answer: { _ in [] })
        _ = try await store.addInvite(invite([7]), limit: 9, at: StoreSamples.start)
        guard case .invited(let admitted?) = try await redeem([7], in: store) else {
            Issue.record("what was asked is not to be answered")
            return
        }
        #expect(admitted.event.body == entry.event.body)
        #expect(try await store.unfinished(after: nil, limit: 9) == [admitted])
        #expect(try await store.openAdmissions(AdmissionRules(), at: StoreSamples.start).isEmpty)
    }

    @Sendable private static func probes(_ store: any Store) async throws {
        try await store.probe()
    }
}
