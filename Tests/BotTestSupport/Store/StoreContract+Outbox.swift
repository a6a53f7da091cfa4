import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `OutboxStore`.
    package static let outbox: [Behaviour] = [
        Behaviour("lists ready rows of a platform in order and in pages", listsReady),
        Behaviour("knows a first send as doubtful until it is known to have failed or to stand", marksDoubtful),
        Behaviour("keeps the address until a row has arrived", delivers),
        Behaviour("puts rows off and counts the tries", postpones),
        Behaviour("replaces what a row shows", replaces),
        Behaviour("keeps the file that a row carries", keepsFiles),
        Behaviour("keeps the buttons of a message", keepsButtons),
        Behaviour("abandons a row", abandons),
        Behaviour("abandons what is ready in a conversation, up to a row", abandonsAll),
        Behaviour("abandons no reply in the making, and a finished one as a whole", abandonsNoReplyInTheMaking),
        Behaviour("gives every row a nonce of its own", makesNonces),
        Behaviour("forgets ended rows alone", forgetsEnded),
    ]

    private static func notice(
        _ texts: [String], in store: any Store, chat: ConversationKey = StoreSamples.chat
    ) async throws -> [OutboxRow] {
        try await store.queueNotice(
            texts.map { RenderedChunk(text: $0) }, in: chat, address: StoreSamples.address(of: chat),
            at: StoreSamples.start)
    }

    private static func ready(_ store: any Store) async throws -> [OutboxRow] {
        try await store.ready(on: .telegram, after: nil, limit: 100)
    }

    @Sendable private static func listsReady(_ store: any Store) async throws {
        let rows = try await notice(["a", "b", "c"], in: store)
        let other = try await notice(["d"], in: store, chat: StoreSamples.otherChat)
        #expect(try await ready(store) == rows)
        #expect(try await store.ready(on: .discord, after: nil, limit: 10) == other)
        #expect(try await store.ready(on: .telegram, after: rows[0].id, limit: 1) == [rows[1]])
        #expect(other.first?.conversation == StoreSamples.otherChat)
    }

    @Sendable private static func marksDoubtful(_ store: any Store) async throws {
        let row = try #require(try await notice(["a"], in: store).first)
        #expect(!row.isDoubtful)
        #expect(try await store.beginFirstSend(of: row.id))
        let doubtful = try #require(try await ready(store).first)
        #expect(doubtful.isDoubtful)
        #expect(doubtful.doubtfulSince != nil)
        try await store.firstSendFailed(of: row.id)
        #expect(try await ready(store).first == row)
        #expect(try await store.beginFirstSend(of: row.id))
        #expect(try await store.previewStands(of: row.id, as: "m1")?.isDoubtful == false)
        #expect(try await ready(store).first?.doubtfulSince == nil)
        #expect(try await store.beginFirstSend(of: OutboxID(999)) == false)
    }

    @Sendable private static func delivers(_ store: any Store) async throws {
        let row = try #require(try await notice(["a"], in: store).first)
        try await store.delivered(row.id, as: nil, at: StoreSamples.at(1))
        #expect(try await ready(store).isEmpty)
        #expect(try await store.beginFirstSend(of: row.id) == false)
        #expect(try await store.previewStands(of: row.id, as: "m1") == nil)
        try await store.delivered(row.id, as: "m1", at: StoreSamples.at(2))
        #expect(try await ready(store).isEmpty)
    }

    @Sendable private static func postpones(_ store: any Store) async throws {
        let row = try #require(try await notice(["a"], in: store).first)
        try await store.postpone(row.id, until: StoreSamples.at(30))
        try await store.postpone(row.id, until: StoreSamples.at(60))
        let later = try #require(try await ready(store).first)
        #expect(later.retryAt == StoreSamples.at(60))
        #expect(later.attempts == 2)
        let turn = try await StoreSamples.begin("1", in: store)
        try await store.postpone(turn.reply.id, until: StoreSamples.at(90))
        let rows = try await commit(turn, ["final"], in: store)
        #expect(rows.map(\.retryAt) == [StoreSamples.at(90)], "the wait of a preview holds for the final text")
    }

    @Sendable private static func replaces(_ store: any Store) async throws {
        let row = try #require(try await notice(["a"], in: store).first)
        _ = try await store.beginFirstSend(of: row.id)
        _ = try await store.previewStands(of: row.id, as: "m1")
        try await store.replace(row.id, payload: RenderedChunk(text: "plain"), messageID: "m1")
        #expect(try await ready(store).first?.payload == RenderedChunk(text: "plain"))
        #expect(try await ready(store).first?.messageID == "m1")
        // The message was gone: the text goes as a new one, which is no repeat.
        try await store.replace(row.id, payload: RenderedChunk(text: "again", markup: "x"), messageID: nil)
        let again = try #require(try await ready(store).first)
        #expect(again.payload == RenderedChunk(text: "again", markup: "x"))
        #expect(again.messageID == nil)
        #expect(!again.isDoubtful)
    }

    @Sendable private static func keepsFiles(_ store: any Store) async throws {
        let file = ReplyFile(name: "a.py", mediaType: "text/x-python", content: "print(\"\u{1F600}\")\n")
        let chunks = [RenderedChunk(text: "here", markup: "x", file: file), RenderedChunk(text: "there")]
        let rows = try await store.queueNotice(
            chunks, in: StoreSamples.chat, address: StoreSamples.address(of: StoreSamples.chat), at: StoreSamples.start)
        #expect(rows.map(\.payload) == chunks)
        #expect(try await ready(store) == rows)
        try await store.replace(rows[0].id, payload: chunks[0].plain, messageID: nil)
        #expect(try await ready(store).first?.payload == RenderedChunk(text: "here", file: file))
        try await store.replace(rows[0].id, payload: chunks[1], messageID: nil)
        #expect(try await ready(store).first?.payload == chunks[1])
    }

    @Sendable private static func keepsButtons(_ store: any Store) async throws {
        let button = ReplyButton(label: "Retry", action: .retry(TurnID(7)))
        let chunk = RenderedChunk(text: "a", markup: "x", buttons: [button])
        let rows = try await store.queueNotice(
            [RenderedChunk(text: "b"), chunk], in: StoreSamples.chat,
            address: StoreSamples.address(of: StoreSamples.chat),
            at: StoreSamples.start)
        #expect(rows.map(\.payload) == [RenderedChunk(text: "b"), chunk])
        #expect(try await ready(store) == rows)
        try await store.replace(rows[1].id, payload: chunk.plain, messageID: nil)
        #expect(try await ready(store).last?.payload == RenderedChunk(text: "a", buttons: [button]))
        // The last words of a reply that a reset has stopped have none.
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.previewStands(of: turn.reply.id, as: "m1")
        let result = TurnResult(ending: .failed, message: nil, chunks: [chunk], usage: nil, model: nil)
        _ = try await store.commit(turn.id, result, at: StoreSamples.at(2))
        #expect(try await ready(store).last?.payload == chunk)
        let reset = try await StoreSamples.reset(in: store)
        #expect(reset.rows.map(\.payload) == [StoreSamples.stopped])
        #expect(try await ready(store).last?.payload == StoreSamples.stopped)
    }

    @Sendable private static func abandons(_ store: any Store) async throws {
        let rows = try await notice(["a", "b"], in: store)
        try await store.abandon(rows[0].id, reason: "refused", at: StoreSamples.at(1))
        #expect(try await ready(store) == [rows[1]])
        #expect(try await store.beginFirstSend(of: rows[0].id) == false)
    }

    @Sendable private static func abandonsAll(_ store: any Store) async throws {
        let other = ConversationKey(platform: .telegram, account: "42", chat: "5")
        let elsewhere = try await notice(["c"], in: store, chat: other)
        let lost = try await notice(["a", "b"], in: store)
        let later = try await notice(["d"], in: store)
        try await store.abandonAll(
            in: StoreSamples.chat, upTo: lost[1].id, reason: "blocked", at: StoreSamples.at(1))
        #expect(try await ready(store) == elsewhere + later)
    }

    @Sendable private static func abandonsNoReplyInTheMaking(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let between = try #require(try await notice(["a"], in: store).first).id
        try await store.abandonAll(in: StoreSamples.chat, upTo: between, reason: "blocked", at: StoreSamples.at(2))
        guard
            case .committed(_, _, let rows) = try await store.commit(
                turn.id, StoreSamples.result(chunks: ["b", "c"]), at: StoreSamples.at(3))
        else {
            Issue.record("superseded")
            return
        }
        #expect(rows.count == 2)
        #expect(try await ready(store) == rows)
        // The second message was made after the notice, and belongs to the first.
        try await store.abandonAll(in: StoreSamples.chat, upTo: between, reason: "blocked", at: StoreSamples.at(4))
        #expect(try await ready(store).isEmpty)
    }

    @Sendable private static func makesNonces(_ store: any Store) async throws {
        var rows = try await notice(["a", "b"], in: store)
        rows += try await notice(["c"], in: store)
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        rows += try await store.finish(entry.id, answer: [RenderedChunk(text: "d")], at: StoreSamples.at(1))
        rows.append(try await StoreSamples.begin("2", in: store).reply)
        #expect(Set(rows.map(\.nonce)).count == 5)
        #expect(rows.allSatisfy { (1...25).contains($0.nonce.utf8.count) })
        #expect(try await ready(store).map(\.nonce) == rows.dropLast().map(\.nonce))
    }

    @Sendable private static func forgetsEnded(_ store: any Store) async throws {
        let rows = try await notice(["a", "b", "c", "d"], in: store)
        try await store.delivered(rows[0].id, as: "m", at: StoreSamples.at(1))
        try await store.abandon(rows[1].id, reason: "refused", at: StoreSamples.at(1))
        try await store.delivered(rows[2].id, as: "m", at: StoreSamples.at(5))
        #expect(try await store.forgetEnded(before: StoreSamples.at(5), limit: 1) == 1)
        #expect(try await store.forgetEnded(before: StoreSamples.at(5), limit: 10) == 1)
        #expect(try await store.forgetEnded(before: StoreSamples.at(5), limit: 10) == 0)
        #expect(try await ready(store) == [rows[3]])
    }
}
