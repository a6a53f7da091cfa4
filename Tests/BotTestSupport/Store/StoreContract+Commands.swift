import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `ChatCommandStore`; `undo` of a reset is among those of resets.
    package static let commands: [Behaviour] = [
        Behaviour("takes the last exchange back: it is shown and counted no more", takesBackExchange),
        Behaviour("takes exchanges back one by one, up to the floor", takesBackAll),
        Behaviour("takes nothing back where the user said nothing", takesBackNothing),
        Behaviour("stops the turn whose message is taken back", takesBackRunning),
        Behaviour("deletes what was taken back, later", deletesTakenBack),
        Behaviour("forgets a chat with all that belongs to it", forgets),
        Behaviour("forgets what a reset had cleared, and its summaries", forgetsCleared),
        Behaviour("forgets a chat under a running turn", forgetsUnderTurn),
        Behaviour("ends a preview that stands when it forgets", forgetsStanding),
        Behaviour("ends a preview whose first send is under way when it forgets", forgetsUnderWay),
        Behaviour("keeps what came after the command", forgetsInOrder),
        Behaviour("forgets a chat that has no session", forgetsNothing),
        Behaviour("forgets once for an event", forgetsOnce),
        Behaviour("leaves other chats alone when it forgets and scrubs", scrubs),
    ]

    private static func forget(
        _ event: InboxID?, in store: any Store, chat: ConversationKey = StoreSamples.chat, at seconds: Int = 20
    ) async throws -> CommandOutcome {
        try await store.forget(
            CommandRequest(conversation: .key(chat), event: event, at: StoreSamples.at(seconds)),
            stopped: StoreSamples.stopped
        ) { [RenderedChunk(text: "forgot \($0.messages), \($0.summaries), \($0.droppedEvents)")] }
    }

    @Sendable private static func takesBackExchange(_ store: any Store) async throws {
        let first = try await StoreSamples.turn("1", in: store)
        let before = try await StoreSamples.turn("2", in: store)
        _ = try await store.append(
            StoreSamples.message("more", role: .assistant, tokens: 2), to: before.id, at: StoreSamples.at(3))
        let command = try await StoreSamples.accept(StoreSamples.event("3"), in: store)
        let (undone, outcome) = try await StoreSamples.undo(command.id, in: store)
        #expect(undone == .exchange(messages: 3, question: "hello"))
        let after = try #require(outcome.session)
        #expect(after.messageCount == first.messageCount)
        #expect(after.inputTokens == first.inputTokens)
        #expect(after.outputTokens == first.outputTokens)
        #expect(after.coverage == first.coverage)
        #expect(after.headSeq == 5)
        #expect(after.floorSeq == 0)
        #expect(after.epoch == before.epoch)
        #expect(after.revision == before.revision + 1)
        #expect(after.lastActiveAt == StoreSamples.at(20))
        #expect(outcome.stoppedTurns.isEmpty)
        #expect(outcome.rows.map(\.payload?.text) == ["exchange(messages: 3, question: \"hello\")"])
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9) == outcome.rows)
        #expect(try await store.session(first.id) == after)
        #expect(try await store.newestMessages(of: first.id, limit: 9).map(\.seq) == [1, 2])
        #expect(try await store.statistics().totalMessages == 2)
        let next = try await StoreSamples.turn("4", in: store, at: 30)
        #expect(next.messageCount == 4)
        #expect(try await store.newestMessages(of: first.id, limit: 9).map(\.seq) == [1, 2, 6, 7])
        #expect(try await store.newestMessages(of: first.id, limit: 3).map(\.seq) == [2, 6, 7])
    }

    @Sendable private static func takesBackAll(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(5, in: store)
        for left in [4, 3] {
            _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
            #expect(try await store.session(session.id)?.messageCount == 2 * left)
        }
        _ = try await StoreSamples.exchanges(1, in: store, at: 70)
        #expect(try await store.newestMessages(of: session.id, limit: 9).map(\.seq) == [1, 2, 3, 4, 5, 6, 11, 12])
        for left in [3, 2, 1, 0, 0] {
            _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
            #expect(try await store.session(session.id)?.messageCount == 2 * left)
            #expect(
                try await store.newestMessages(of: session.id, limit: 9).map(\.seq) == Array(1..<Int64(2 * left + 1)))
        }
        let last = try #require(try await store.session(session.id))
        #expect(last.totalTokens == 0)
        #expect(last.coverage == Coverage(seq: 0, liveMessages: 0, liveTokens: 0))
    }

    @Sendable private static func takesBackNothing(_ store: any Store) async throws {
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        let told = try #require(
            try await store.append(
                StoreSamples.message("a", role: .assistant), to: session.id, at: StoreSamples.start))
        let (undone, outcome) = try await StoreSamples.undo(in: store)
        #expect(undone == .nothing)
        #expect(outcome == CommandOutcome(session: told.session, rows: []))
    }

    @Sendable private static func takesBackRunning(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let turn = try await StoreSamples.begin("2", in: store)
        let (undone, outcome) = try await StoreSamples.undo(in: store)
        #expect(undone == .exchange(messages: 1, question: "hello"))
        #expect(outcome.stoppedTurns == [turn.id])
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(21)) == .superseded)
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        #expect(try await store.beginFirstSend(of: turn.reply.id) == false)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi"])
    }

    @Sendable private static func deletesTakenBack(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(4, in: store)
        for second in [60, 70] {
            _ = try await store.undo(
                StoreSamples.request(session, at: second), within: .seconds(1), confirmation: { _ in [] })
        }
        let before = try await StoreSamples.exchanges(1, in: store, at: 80)
        #expect(try await store.deleteCleared(before: StoreSamples.at(60), limit: 9) == 0)
        #expect(try await store.deleteCleared(before: StoreSamples.at(61), limit: 1) == 1)
        #expect(try await store.deleteCleared(before: StoreSamples.at(61), limit: 9) == 1)
        #expect(try await store.deleteCleared(before: StoreSamples.at(61), limit: 9) == 0)
        #expect(try await store.deleteCleared(before: StoreSamples.at(90), limit: 9) == 2)
        #expect(try await store.session(session.id) == before)
        #expect(try await store.newestMessages(of: session.id, limit: 9).map(\.seq) == [1, 2, 3, 4, 9, 10])
        #expect(try await store.audit(limit: 9) == [])
    }

    @Sendable private static func forgets(_ store: any Store) async throws {
        let session = try await StoreSamples.turn("1", in: store)
        let (_, checkpoint) = try await StoreSamples.summarize(session, through: 1, in: store)
        _ = try await store.queueNotice(
            [RenderedChunk(text: "x")], in: StoreSamples.chat, address: StoreSamples.address(of: StoreSamples.chat),
            at: StoreSamples.start)
        let waiting = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("3"), in: store)
        let outcome = try await forget(command.id, in: store)
        #expect(outcome.session == nil)
        #expect(outcome.rows.map(\.payload?.text) == ["forgot 2, 1, 1"])
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9) == outcome.rows)
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        #expect(try await store.session(session.id) == nil)
        #expect(try await store.session(of: StoreSamples.chat) == nil)
        #expect(try await store.session(of: session.conversation) == nil)
        #expect(try await store.checkpoint(checkpoint.id) == nil)
        #expect(try await store.checkpoints(of: session.id, limit: 9).isEmpty)
        #expect(try await store.newestMessages(of: session.id, limit: 9).isEmpty)
        #expect(try await store.messages(of: session.id, after: 0, limit: 9, maxBytes: 99).isEmpty)
        #expect(try await store.messages(of: session.id, seqs: [1, 2]).isEmpty)
        #expect(try await store.search(for: ["hello"], in: session.id, range: 0..<99, limit: 9).isEmpty)
        #expect(try await store.append(StoreSamples.message("x"), to: session.id, at: StoreSamples.at(21)) == nil)
        #expect(try await store.statistics() == StoreStatistics())
        // What the platform sends again is still known as seen.
        #expect(try await store.accept([waiting.event, command.event], cursor: nil).isEmpty)
        let fresh = try await StoreSamples.turn("4", in: store)
        #expect(fresh.id != session.id)
        #expect(fresh.headSeq == 2)
        #expect(fresh.epoch == 1)
    }

    @Sendable private static func forgetsCleared(_ store: any Store) async throws {
        let first = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.summarize(first, through: 2, in: store)
        _ = try await StoreSamples.reset(in: store, at: 10)
        _ = try await StoreSamples.turn("2", in: store, at: 11)
        _ = try await StoreSamples.undo(in: store, at: 12)
        #expect(try await store.deleteCleared(before: StoreSamples.at(11), limit: 1) == 1)
        let command = try await StoreSamples.accept(StoreSamples.event("3"), in: store)
        #expect(try await forget(command.id, in: store).rows.map(\.payload?.text) == ["forgot 3, 1, 0"])
        #expect(try await store.deleteCleared(before: StoreSamples.at(99), limit: 9) == 0)
        #expect(try await store.audit(limit: 9) == [])
    }

    @Sendable private static func forgetsUnderTurn(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let outcome = try await forget(nil, in: store)
        #expect(outcome.stoppedTurns == [turn.id])
        #expect(outcome.rows.isEmpty)
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(21)) == .superseded)
        #expect(try await store.previewStands(of: turn.reply.id, as: "m1") == nil)
        #expect(try await store.beginFirstSend(of: turn.reply.id) == false)
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        #expect(try await store.statistics() == StoreStatistics())
    }

    @Sendable private static func forgetsStanding(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.beginFirstSend(of: turn.reply.id)
        _ = try await store.previewStands(of: turn.reply.id, as: "m1")
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let outcome = try await forget(command.id, in: store)
        #expect(outcome.rows.map(\.turn) == [nil, turn.id], "the confirmation comes first")
        let row = try #require(outcome.rows.last)
        #expect(row.id == turn.reply.id)
        #expect(row.payload == StoreSamples.stopped)
        #expect(row.messageID == "m1")
        try await store.scrub()
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9).contains(row))
        try await store.delivered(row.id, as: "m1", at: StoreSamples.at(21))
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9).map(\.turn) == [nil])
        #expect(try await store.audit(limit: 9) == [])
    }

    @Sendable private static func forgetsUnderWay(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.beginFirstSend(of: turn.reply.id)
        #expect(try await forget(nil, in: store).rows.isEmpty)
        try await store.scrub()
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9).isEmpty)
        let row = try await store.previewStands(of: turn.reply.id, as: "m1")
        #expect(row?.payload == StoreSamples.stopped)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9) == [row])
        // Erased once more, by a caller of the API.
        let other = try await StoreSamples.begin("2", in: store)
        _ = try await store.previewStands(of: other.reply.id, as: "m2")
        #expect(try await store.erase(other.session.id))
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9).map(\.messageID) == ["m1", "m2"])
        #expect(
            try await store.ready(on: .telegram, after: nil, limit: 9).map(\.payload?.text) == [
                "(stopped)", "(stopped)",
            ])
    }

    @Sendable private static func forgetsInOrder(_ store: any Store) async throws {
        let entries = try await store.accept((1...4).map { StoreSamples.event("\($0)") }, cursor: nil)
        _ = try await StoreSamples.begin([entries[0]], in: store)
        let outcome = try await forget(entries[2].id, in: store)
        #expect(outcome.rows.map(\.payload?.text) == ["forgot 1, 0, 1"])
        #expect(try await store.unfinished(after: nil, limit: 9) == [entries[3]])
        let turn = try await StoreSamples.begin([entries[3]], in: store)
        #expect(turn.session.headSeq == 1)
    }

    @Sendable private static func forgetsNothing(_ store: any Store) async throws {
        let waiting = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        #expect(try await forget(command.id, in: store).rows.map(\.payload?.text) == ["forgot 0, 0, 1"])
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        #expect(try await store.accept([waiting.event], cursor: nil).isEmpty)
        #expect(try await forget(nil, in: store).rows.isEmpty)
    }

    @Sendable private static func forgetsOnce(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        _ = try await forget(command.id, in: store)
        let fresh = try await StoreSamples.turn("3", in: store)
        let again = try await forget(command.id, in: store)
        #expect(again == CommandOutcome(session: fresh, rows: []))
        #expect(try await store.session(fresh.id) == fresh)
    }

    @Sendable private static func scrubs(_ store: any Store) async throws {
        try await store.scrub()
        let other = try await StoreSamples.turn("1", in: store, chat: StoreSamples.otherChat)
        let (kept, checkpoint) = try await StoreSamples.summarize(other, through: 1, in: store)
        let notice = try await store.queueNotice(
            [RenderedChunk(text: "x")], in: StoreSamples.otherChat,
            address: StoreSamples.address(of: StoreSamples.otherChat), at: StoreSamples.start)
        _ = try await StoreSamples.turn("1", in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let outcome = try await forget(command.id, in: store)
        try await store.scrub()
        try await store.scrub()
        #expect(try await store.session(other.id) == kept)
        #expect(try await store.checkpoint(checkpoint.id) == checkpoint)
        #expect(
            try await store.messages(of: other.id, after: 0, limit: 9, maxBytes: 99).map(\.text) == ["hello", "hi"])
        #expect(try await store.search(for: ["hello"], in: other.id, range: 0..<99, limit: 9).map(\.seq) == [1])
        #expect(try await store.ready(on: .discord, after: nil, limit: 9) == notice)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9) == outcome.rows)
        #expect(try await store.audit(limit: 9) == [])
    }
}
