import BotCore
import Testing

/// Replies whose previews have gone on in further messages.
extension StoreContract {
    /// Behaviours of `OutboxStore.openPart`, and what becomes of its rows.
    package static let parts: [Behaviour] = [
        Behaviour("opens a further message of a reply once, also after a crash", opensParts),
        Behaviour("opens none when the reply has ended", opensNoneAtTheEnd),
        Behaviour("gives the messages of a reply to the rows of its previews", settles),
        Behaviour("takes away what stands beyond the end of a reply", removesSurplus),
        Behaviour("takes away a surplus message that turns out to stand", removesLate),
        Behaviour("sends a file as a new message behind the text", settlesFiles),
        Behaviour("stops a reply of several messages with one last word", stopsParts),
        Behaviour("opens parts again after the chat was lost", reopensParts),
    ]

    /// Commits a reply of the texts and returns its rows.
    static func commit(_ turn: Turn, _ texts: [String], in store: any Store) async throws -> [OutboxRow] {
        try await commit(turn, texts.map { RenderedChunk(text: $0) }, in: store)
    }

    private static func commit(
        _ turn: Turn, _ chunks: [RenderedChunk], in store: any Store
    ) async throws -> [OutboxRow] {
        let result = TurnResult(ending: .answered, message: nil, chunks: chunks, usage: nil, model: nil)
        guard case .committed(_, _, let rows) = try await store.commit(turn.id, result, at: StoreSamples.at(3)) else {
            throw StoreError.failed("superseded")
        }
        return rows
    }

    /// Begins a turn whose preview stands in so many messages, `m0` and so on; returns the rows as well.
    private static func begin(
        _ externalID: String, standing count: Int, in store: any Store
    ) async throws -> (turn: Turn, rows: [OutboxRow]) {
        let turn = try await StoreSamples.begin(externalID, in: store)
        var rows = [turn.reply]
        for chunk in 1..<max(1, count) { rows.append(try #require(try await store.openPart(chunk, of: rows[0].id))) }
        for (index, row) in rows.enumerated() {
            #expect(try await store.beginFirstSend(of: row.id))
            #expect(try await store.previewStands(of: row.id, as: "m\(index)") == nil)
        }
        return (turn, rows)
    }

    private static func ready(_ store: any Store) async throws -> [OutboxRow] {
        try await store.ready(on: .telegram, after: nil, limit: 100)
    }

    private static func facts(_ rows: [OutboxRow]) -> [String] {
        rows.map { "\($0.chunk) \($0.messageID ?? "-") \($0.payload?.text ?? "none")" }
    }

    @Sendable private static func opensParts(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store)
        let part = try #require(try await store.openPart(1, of: turn.reply.id))
        #expect(part.id > turn.reply.id)
        #expect(part.turn == turn.id)
        #expect(part.chunk == 1)
        #expect(part.payload == nil)
        #expect(part.address == turn.reply.address)
        #expect(part.conversation == turn.reply.conversation)
        #expect(part.nonce != turn.reply.nonce)
        #expect(try await store.openPart(1, of: turn.reply.id) == part)
        #expect(try await ready(store).isEmpty)
        #expect(try await store.beginFirstSend(of: part.id))
        #expect(try await store.previewStands(of: part.id, as: "m1") == nil)
        let again = try await StoreSamples.begin([entry], in: store)
        #expect(try await store.openPart(1, of: again.reply.id)?.messageID == "m1")
        #expect(try await store.openPart(0, of: turn.reply.id) == nil)
        #expect(try await store.openPart(1, of: OutboxID(999)) == nil)
    }

    @Sendable private static func opensNoneAtTheEnd(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let rows = try await commit(turn, ["one"], in: store)
        #expect(try await store.openPart(1, of: rows[0].id) == nil)
        let stopped = try await StoreSamples.begin("2", in: store)
        _ = try await StoreSamples.reset(in: store)
        #expect(try await store.openPart(1, of: stopped.reply.id) == nil)
    }

    @Sendable private static func settles(_ store: any Store) async throws {
        let (turn, opened) = try await begin("1", standing: 2, in: store)
        let rows = try await commit(turn, ["a", "b", "c"], in: store)
        #expect(facts(rows) == ["0 m0 a", "1 m1 b", "2 - c"])
        #expect(rows.prefix(2).map(\.id) == opened.map(\.id))
        #expect(Set(rows.map(\.nonce)).count == 3)
        #expect(try await ready(store) == rows)
    }

    @Sendable private static func removesSurplus(_ store: any Store) async throws {
        let (turn, opened) = try await begin("1", standing: 3, in: store)
        _ = try await store.openPart(3, of: opened[0].id)
        let rows = try await commit(turn, ["a"], in: store)
        #expect(facts(rows) == ["0 m0 a", "1 m1 ", "2 m2 "])
        #expect(rows.map { $0.payload?.isNothing } == [false, true, true])
        #expect(try await ready(store) == rows)
        for row in rows { try await store.delivered(row.id, as: row.messageID, at: StoreSamples.at(4)) }
        #expect(try await ready(store).isEmpty)
    }

    @Sendable private static func removesLate(_ store: any Store) async throws {
        let (turn, opened) = try await begin("1", standing: 1, in: store)
        let part = try #require(try await store.openPart(1, of: opened[0].id))
        #expect(try await store.beginFirstSend(of: part.id))
        let rows = try await commit(turn, ["a"], in: store)
        #expect(facts(rows) == ["0 m0 a"])
        #expect(try await store.beginFirstSend(of: part.id) == false)
        let late = try #require(try await store.previewStands(of: part.id, as: "m1"))
        #expect(facts([late]) == ["1 m1 "])
        #expect(late.payload?.isNothing == true)
    }

    @Sendable private static func settlesFiles(_ store: any Store) async throws {
        let (turn, _) = try await begin("1", standing: 2, in: store)
        let file = RenderedChunk(
            text: "here", file: ReplyFile(name: "a.py", mediaType: "text/x-python", content: "pass"))
        let rows = try await commit(turn, [RenderedChunk(text: "a"), file, RenderedChunk(text: "b")], in: store)
        #expect(facts(rows) == ["0 m0 a", "1 m1 ", "2 - here", "3 - b"])
        #expect(rows[2].payload == file)
        #expect(try await ready(store) == rows)
    }

    @Sendable private static func stopsParts(_ store: any Store) async throws {
        let (_, opened) = try await begin("1", standing: 2, in: store)
        _ = try await store.openPart(2, of: opened[0].id)
        _ = try await StoreSamples.begin("2", in: store)
        let outcome = try await StoreSamples.reset(in: store)
        #expect(facts(outcome.rows.filter { $0.turn != nil }) == ["0 m0 (stopped)", "1 m1 "])
    }

    @Sendable private static func reopensParts(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store)
        let part = try #require(try await store.openPart(1, of: turn.reply.id))
        for row in [turn.reply.id, part.id] {
            try await store.abandon(row, reason: "blocked", at: StoreSamples.at(2))
        }
        #expect(try await store.openPart(1, of: turn.reply.id) == nil)
        let again = try await StoreSamples.begin([entry], in: store)
        #expect(facts(try await commit(again, ["a", "b"], in: store)) == ["0 - a", "2 - b"])
        let other = try await StoreSamples.begin("2", in: store)
        #expect(try await store.openPart(1, of: other.reply.id) != part)
    }
}
