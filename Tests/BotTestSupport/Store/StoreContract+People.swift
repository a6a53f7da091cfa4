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
        Behaviour("tells that it can be written", probes),
    ]

    private static let right: [UInt8] = [1, 2, 3, 4]

    private static func redeem(
        _ hash: [UInt8], by person: String = "telegram:7", in store: any Store, at seconds: Int = 1
    ) async throws -> PairingResult {
        try await store.redeemPairingCode(
            hash: hash, person: person, name: "Ann", tries: 3, at: StoreSamples.at(seconds))
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

    @Sendable private static func probes(_ store: any Store) async throws {
        try await store.probe()
    }
}
