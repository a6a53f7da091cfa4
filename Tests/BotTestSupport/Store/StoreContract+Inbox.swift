import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `InboxStore` and `CursorStore`.
    package static let inbox: [Behaviour] = [
        Behaviour("accepts each event once", acceptsOnce),
        Behaviour("knows seen events as a set, not as a high-water mark", acceptsOutOfOrder),
        Behaviour("tells accounts and platforms apart", separatesAccounts),
        Behaviour("moves the cursor when nothing is new", movesCursor),
        Behaviour("keeps events until they are finished", listsUnfinished),
        Behaviour("finishes an event once, with its answer", finishesOnce),
        Behaviour("forgets finished events, never unfinished ones", forgetsFinished),
        Behaviour("sets and deletes cursors", setsCursors),
    ]

    @Sendable private static func acceptsOnce(_ store: any Store) async throws {
        let events = ["1", "2", "2", "3"].map { StoreSamples.event($0) }
        let first = try await store.accept(events, cursor: nil)
        #expect(first.map(\.event.externalID) == ["1", "2", "3"])
        #expect(first.map(\.id) == first.map(\.id).sorted())
        #expect(first.first?.event == events.first)
        let again = try await store.accept(events + [StoreSamples.event("4")], cursor: nil)
        #expect(again.map(\.event.externalID) == ["4"])
    }

    @Sendable private static func acceptsOutOfOrder(_ store: any Store) async throws {
        _ = try await store.accept([StoreSamples.event("9")], cursor: nil)
        let late = try await store.accept([StoreSamples.event("3"), StoreSamples.event("9")], cursor: nil)
        #expect(late.map(\.event.externalID) == ["3"])
    }

    @Sendable private static func separatesAccounts(_ store: any Store) async throws {
        let chats = [
            StoreSamples.chat, ConversationKey(platform: .telegram, account: "43", chat: "1001"),
            ConversationKey(platform: .discord, account: "42", chat: "1001"),
        ]
        let entries = try await store.accept(chats.map { StoreSamples.event("1", in: $0) }, cursor: nil)
        #expect(entries.count == 3)
    }

    @Sendable private static func movesCursor(_ store: any Store) async throws {
        let event = StoreSamples.event("1")
        _ = try await store.accept([event], cursor: Cursor(name: "telegram/42", value: "2"))
        let again = try await store.accept([event], cursor: Cursor(name: "telegram/42", value: "3"))
        #expect(again.isEmpty)
        #expect(try await store.cursor(named: "telegram/42") == "3")
        _ = try await store.accept([], cursor: Cursor(name: "telegram/42", value: "4"))
        #expect(try await store.cursor(named: "telegram/42") == "4")
    }

    @Sendable private static func listsUnfinished(_ store: any Store) async throws {
        let entries = try await store.accept((1...5).map { StoreSamples.event("\($0)") }, cursor: nil)
        _ = try await store.finish(entries[1].id, answer: [], at: StoreSamples.at(1))
        let all = try await store.unfinished(after: nil, limit: 100)
        #expect(all == [entries[0], entries[2], entries[3], entries[4]])
        let page = try await store.unfinished(after: entries[0].id, limit: 2)
        #expect(page == [entries[2], entries[3]])
    }

    @Sendable private static func finishesOnce(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let answer = [RenderedChunk(text: "one", markup: "<i>one</i>"), RenderedChunk(text: "two")]
        let rows = try await store.finish(entry.id, answer: answer, at: StoreSamples.at(1))
        #expect(rows.map(\.payload) == answer)
        #expect(rows.map(\.chunk) == [0, 1])
        #expect(rows.allSatisfy { $0.turn == nil && $0.conversation == StoreSamples.chat })
        #expect(rows.allSatisfy { $0.address == entry.event.replyAddress && $0.nonce.utf8.count <= 25 })
        #expect(try await store.finish(entry.id, answer: answer, at: StoreSamples.at(2)).isEmpty)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10) == rows)
    }

    @Sendable private static func forgetsFinished(_ store: any Store) async throws {
        let entries = try await store.accept((1...4).map { StoreSamples.event("\($0)", at: $0) }, cursor: nil)
        for entry in entries.dropFirst() { _ = try await store.finish(entry.id, answer: [], at: StoreSamples.at(9)) }
        #expect(try await store.forgetFinished(before: StoreSamples.at(4), limit: 1) == 1)
        #expect(try await store.forgetFinished(before: StoreSamples.at(4), limit: 10) == 1)
        #expect(try await store.forgetFinished(before: StoreSamples.at(4), limit: 10) == 0)
        // The first is unfinished and the last is too young: both are still known.
        let again = try await store.accept((1...4).map { StoreSamples.event("\($0)", at: $0) }, cursor: nil)
        #expect(again.map(\.event.externalID) == ["2", "3"])
    }

    @Sendable private static func setsCursors(_ store: any Store) async throws {
        #expect(try await store.cursor(named: "a") == nil)
        try await store.setCursor(named: "a", to: "1")
        try await store.setCursor(named: "b", to: "2")
        try await store.setCursor(named: "a", to: "3")
        #expect(try await store.cursor(named: "a") == "3")
        try await store.setCursor(named: "a", to: nil)
        #expect(try await store.cursor(named: "a") == nil)
        #expect(try await store.cursor(named: "b") == "2")
    }
}
