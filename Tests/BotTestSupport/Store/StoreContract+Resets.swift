import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `TurnStore` around resets.
    package static let resets: [Behaviour] = [
        Behaviour("clears the context and raises the epoch", clears),
        Behaviour("confirms when there is no session yet", resetsNothing),
        Behaviour("supersedes a running turn: its answer is not added", supersedes),
        Behaviour("supersedes a parked turn", supersedesParked),
        Behaviour("drops what waited before the command and keeps what came after", dropsWaiting),
        Behaviour("drops all that waits over REST", dropsAll),
        Behaviour("drops no command that clears the chat itself", keepsClearingCommands),
        Behaviour("turns a standing preview into the last word", stopsStanding),
        Behaviour("turns a preview under way into the last word once it stands", stopsUnderWay),
        Behaviour("turns a final send under way into the last word once it stands", stopsFinalUnderWay),
        Behaviour("keeps the last word when an older edit succeeds after it", stopsDuringEdit),
        Behaviour("cancels replies that have not arrived", cancelsUndelivered),
        Behaviour("sends no file any more that was made before, and other answers all the same", endsFiles),
        Behaviour("leaves other conversations alone", leavesOthers),
        Behaviour("does nothing the second time for the same event", resetsOnce),
        Behaviour("takes a reset back if nothing was said since", undoes),
        Behaviour("takes a reset back once, and not too late", undoesInTime),
        Behaviour("passes over a reset that cleared nothing", undoesDoubleReset),
        Behaviour("takes back what was said since a reset, and then the reset", undoesBoth),
        Behaviour("takes resets back one by one", undoesStack),
        Behaviour("deletes what was cleared, in batches", deletesCleared),
        Behaviour("deletes what was cleared however many empty resets came first", deletesBehindEmptyResets),
        Behaviour("does not delete what was restored, nor restore what is being deleted", deletesAfterUndo),
    ]

    @Sendable private static func clears(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let outcome = try await StoreSamples.reset(command.id, in: store)
        #expect(outcome.summary == ResetSummary(clearedMessages: 2, droppedEvents: 0))
        #expect(outcome.session?.epoch == before.epoch + 1)
        #expect(outcome.session?.floorSeq == 2)
        #expect(outcome.session?.headSeq == 2)
        #expect(outcome.session?.messageCount == 0)
        #expect(outcome.session?.totalTokens == 0)
        #expect(outcome.stoppedTurns.isEmpty)
        #expect(outcome.rows.map(\.payload?.text) == ["cleared 2, dropped 0"])
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10) == outcome.rows)
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
        #expect(try await StoreSamples.texts(of: before.id, in: store).isEmpty)
        let after = try await StoreSamples.turn("3", in: store, at: 20)
        #expect(after.headSeq == 4)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi"])
    }

    @Sendable private static func resetsNothing(_ store: any Store) async throws {
        let command = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let outcome = try await StoreSamples.reset(command.id, in: store)
        #expect(outcome.session == nil)
        #expect(outcome.summary == ResetSummary(clearedMessages: 0, droppedEvents: 0))
        #expect(outcome.rows.count == 1)
        let overREST = try await StoreSamples.reset(in: store)
        #expect(overREST.rows.isEmpty)
    }

    @Sendable private static func supersedes(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let outcome = try await StoreSamples.reset(command.id, in: store)
        #expect(outcome.stoppedTurns == [turn.id])
        #expect(outcome.summary == ResetSummary(clearedMessages: 1, droppedEvents: 0))
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(11)) == .superseded)
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store).isEmpty)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10) == outcome.rows)
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
        #expect(try await store.beginFirstSend(of: turn.reply.id) == false)
    }

    @Sendable private static func supersedesParked(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store)
        try await store.park(turn.id)
        _ = try await StoreSamples.reset(in: store)
        let again = try await store.begin(
            StoreSamples.draft([entry]), attempts: 3, apology: [], at: StoreSamples.at(11))
        #expect(again == .gone)
    }

    @Sendable private static func dropsWaiting(_ store: any Store) async throws {
        let entries = try await store.accept((1...6).map { StoreSamples.event("\($0)") }, cursor: nil)
        _ = try await StoreSamples.begin([entries[0]], in: store)
        let outcome = try await StoreSamples.reset(entries[3].id, in: store)
        #expect(outcome.summary == ResetSummary(clearedMessages: 1, droppedEvents: 2))
        #expect(try await store.unfinished(after: nil, limit: 10) == [entries[4], entries[5]])
    }

    @Sendable private static func dropsAll(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("0", in: store)
        _ = try await store.accept((1...3).map { StoreSamples.event("\($0)") }, cursor: nil)
        let other = try await StoreSamples.accept(StoreSamples.event("4", in: StoreSamples.otherChat), in: store)
        let session = try #require(try await store.session(of: StoreSamples.chat))
        let outcome = try await store.reset(
            CommandRequest(conversation: .number(session.conversation), event: nil, at: StoreSamples.at(5)),
            stopped: StoreSamples.stopped
        ) { _ in [] }
        #expect(outcome.summary == ResetSummary(clearedMessages: 2, droppedEvents: 3))
        #expect(try await store.unfinished(after: nil, limit: 10) == [other])
    }

    @Sendable private static func keepsClearingCommands(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("0", in: store)
        let session = try #require(try await store.session(of: StoreSamples.chat))
        let bodies: [InboundEvent.Body] = [
            .message(InboundMessage(text: "hello")), .command(name: "forget", arguments: " Yes"),
            .command(name: "forget", arguments: ""), .command(name: "search", arguments: "yes"),
            .command(name: "reset", arguments: "now"),
        ]
        let entries = try await store.accept(
            bodies.enumerated().map { StoreSamples.event("\($0 + 1)", body: $1) }, cursor: nil)
        let outcome = try await store.reset(
            CommandRequest(conversation: .number(session.conversation), event: nil, at: StoreSamples.at(5)),
            stopped: StoreSamples.stopped
        ) { _ in [] }
        #expect(outcome.summary == ResetSummary(clearedMessages: 2, droppedEvents: 3))
        #expect(try await store.unfinished(after: nil, limit: 10) == [entries[1], entries[4]])
        #expect(try await store.erase(session.id))
        #expect(try await store.unfinished(after: nil, limit: 10) == [entries[1], entries[4]])
        let forgotten = try await StoreSamples.reset(entries[4].id, in: store)
        #expect(forgotten.summary == ResetSummary(clearedMessages: 0, droppedEvents: 0))
        #expect(try await store.unfinished(after: nil, limit: 10) == [entries[1]])
    }

    @Sendable private static func stopsStanding(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.beginFirstSend(of: turn.reply.id)
        _ = try await store.previewStands(of: turn.reply.id, as: "m1")
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let outcome = try await StoreSamples.reset(command.id, in: store)
        let row = try #require(outcome.rows.first { $0.id == turn.reply.id })
        #expect(row.payload == StoreSamples.stopped)
        #expect(row.messageID == "m1")
        #expect(outcome.rows.first?.turn == nil, "the confirmation comes first")
        try await store.delivered(row.id, as: "m1", at: StoreSamples.at(11))
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).map(\.turn) == [nil])
    }

    @Sendable private static func stopsUnderWay(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.beginFirstSend(of: turn.reply.id)
        let outcome = try await StoreSamples.reset(in: store)
        #expect(outcome.rows.isEmpty)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
        let row = try await store.previewStands(of: turn.reply.id, as: "m1")
        #expect(row?.payload == StoreSamples.stopped)
        #expect(row?.messageID == "m1")
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10) == [row])
    }

    @Sendable private static func stopsFinalUnderWay(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        #expect(try await store.beginFirstSend(of: turn.reply.id))
        _ = try await StoreSamples.reset(in: store)
        try await store.delivered(turn.reply.id, as: "m1", at: StoreSamples.at(11))
        let row = try await store.ready(on: .telegram, after: nil, limit: 10).first
        #expect(row?.payload == StoreSamples.stopped)
        #expect(row?.messageID == "m1")
    }

    @Sendable private static func stopsDuringEdit(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.previewStands(of: turn.reply.id, as: "m1")
        _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        // The final edit is under way when the reset comes; then it succeeds, or its markup is refused.
        _ = try await StoreSamples.reset(in: store)
        try await store.replace(turn.reply.id, payload: RenderedChunk(text: "hi"), messageID: "m1")
        try await store.delivered(turn.reply.id, as: "m1", at: StoreSamples.at(11))
        let rows = try await store.ready(on: .telegram, after: nil, limit: 10)
        #expect(rows.map(\.payload) == [StoreSamples.stopped])
        try await store.delivered(turn.reply.id, as: "m1", at: StoreSamples.at(12))
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
    }

    @Sendable private static func cancelsUndelivered(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let result = StoreSamples.result("long", chunks: ["a", "b", "c"])
        guard case .committed(_, _, let rows) = try await store.commit(turn.id, result, at: StoreSamples.at(2)) else {
            Issue.record("superseded")
            return
        }
        try await store.delivered(rows[0].id, as: "m1", at: StoreSamples.at(3))
        let outcome = try await StoreSamples.reset(in: store)
        #expect(outcome.rows.isEmpty)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
        #expect(try await store.beginFirstSend(of: rows[1].id) == false)
    }

    @Sendable private static func endsFiles(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        let file = ReplyFile(name: "a.md", mediaType: "text/markdown", content: "what was said")
        var rows: [OutboxRow] = []
        for (id, chunk) in [
            ("export", RenderedChunk(text: "here", file: file)), ("help", RenderedChunk(text: "commands")),
            ("sent", RenderedChunk(text: "here", file: file)),
        ] {
            let entry = try await StoreSamples.accept(StoreSamples.event(id), in: store)
            rows += try await store.finish(entry.id, answer: [chunk], at: StoreSamples.at(3))
        }
        #expect(try await store.beginFirstSend(of: rows[2].id))
        _ = try await StoreSamples.reset(in: store)
        let left = try await store.ready(on: .telegram, after: nil, limit: 10).map(\.id)
        #expect(left == [rows[1].id, rows[2].id])
        #expect(try await store.beginFirstSend(of: rows[0].id) == false)
    }

    @Sendable private static func leavesOthers(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store, chat: StoreSamples.otherChat)
        _ = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.reset(in: store)
        guard case .committed = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(20)) else {
            Issue.record("a reset of one chat reached another")
            return
        }
    }

    @Sendable private static func resetsOnce(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let first = try await StoreSamples.reset(command.id, in: store)
        let after = try await StoreSamples.turn("3", in: store, at: 11)
        let second = try await StoreSamples.reset(command.id, in: store, at: 12)
        #expect(second.session?.epoch == first.session?.epoch)
        #expect(second.rows.isEmpty)
        #expect(try await StoreSamples.texts(of: after.id, in: store).count == 2)
    }

    @Sendable private static func undoes(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let reset = try await StoreSamples.reset(in: store)
        let command = try await StoreSamples.accept(StoreSamples.event("3"), in: store)
        let (undone, outcome) = try await StoreSamples.undo(command.id, in: store)
        #expect(undone == .reset(messages: 2))
        let session = try #require(outcome.session)
        #expect(session.floorSeq == before.floorSeq)
        #expect(session.epoch == before.epoch + 1)
        #expect(session.revision == (reset.session?.revision ?? 0) + 1)
        #expect(session.coverage == before.coverage)
        #expect(session.messageCount == 2)
        #expect(session.inputTokens == 3)
        #expect(session.outputTokens == 5)
        #expect(outcome.rows.map(\.payload?.text) == ["reset(messages: 2)"])
        #expect(try await store.session(session.id) == session)
        #expect(try await store.newestMessages(of: session.id, limit: 10).map(\.seq) == [1, 2])
        // The event has ended: a crash after the commit takes nothing more back.
        let again = try await StoreSamples.undo(command.id, in: store)
        #expect(again.undone == .nothing)
        #expect(again.outcome == CommandOutcome(session: session, rows: []))
    }

    @Sendable private static func undoesInTime(_ store: any Store) async throws {
        let command = try await StoreSamples.accept(StoreSamples.event("0"), in: store)
        let none = try await StoreSamples.undo(command.id, in: store)
        #expect(none.undone == .nothing)
        #expect(none.outcome.session == nil)
        #expect(none.outcome.rows.map(\.payload?.text) == ["nothing"])
        _ = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.reset(in: store, at: 10)
        #expect(try await StoreSamples.undo(in: store, at: 10 + 86_400).undone == .nothing)
        #expect(try await StoreSamples.undo(in: store, at: 10 + 86_399).undone == .reset(messages: 2))
    }

    @Sendable private static func undoesDoubleReset(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.reset(in: store, at: 10)
        _ = try await StoreSamples.reset(in: store, at: 11)
        #expect(try await StoreSamples.undo(in: store).undone == .reset(messages: 2))
    }

    @Sendable private static func undoesBoth(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.reset(in: store)
        _ = try await StoreSamples.turn("2", in: store, at: 12)
        #expect(try await StoreSamples.undo(in: store).undone == .exchange(messages: 2, question: "hello"))
        let (undone, outcome) = try await StoreSamples.undo(in: store, at: 21)
        #expect(undone == .reset(messages: 2))
        #expect(outcome.session?.messageCount == 2)
        #expect(outcome.session?.coverage == Coverage(seq: 0, liveMessages: 2, liveTokens: 8))
        let session = try #require(outcome.session)
        #expect(try await store.newestMessages(of: session.id, limit: 10).map(\.seq) == [1, 2])
    }

    @Sendable private static func undoesStack(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.reset(in: store, at: 10)
        let second = try await StoreSamples.turn("2", in: store, at: 11)
        _ = try await StoreSamples.reset(in: store, at: 12)
        #expect(try await StoreSamples.undo(in: store, at: 13).undone == .reset(messages: 2))
        #expect(try await store.newestMessages(of: second.id, limit: 10).map(\.seq) == [3, 4])
        #expect(try await StoreSamples.undo(in: store, at: 14).undone == .exchange(messages: 2, question: "hello"))
        #expect(try await StoreSamples.undo(in: store, at: 15).undone == .reset(messages: 2))
        #expect(try await store.newestMessages(of: second.id, limit: 10).map(\.seq) == [1, 2])
        #expect(try await StoreSamples.undo(in: store, at: 16).undone == .exchange(messages: 2, question: "hello"))
        #expect(try await StoreSamples.undo(in: store, at: 17).undone == .nothing)
    }

    @Sendable private static func deletesCleared(_ store: any Store) async throws {
        for number in 1...3 { _ = try await StoreSamples.turn("\(number)", in: store) }
        _ = try await StoreSamples.reset(in: store, at: 10)
        let session = try await StoreSamples.turn("9", in: store, at: 11)
        #expect(try await store.deleteCleared(before: StoreSamples.at(10), limit: 100) == 0)
        #expect(try await store.deleteCleared(before: StoreSamples.at(11), limit: 4) == 4)
        #expect(try await store.deleteCleared(before: StoreSamples.at(11), limit: 4) == 2)
        #expect(try await store.deleteCleared(before: StoreSamples.at(11), limit: 4) == 0)
        #expect(try await store.newestMessages(of: session.id, limit: 10).map(\.seq) == [7, 8])
        #expect(try await store.session(session.id) == session)
    }

    @Sendable private static func deletesBehindEmptyResets(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store, chat: StoreSamples.otherChat)
        for second in 2..<102 {
            _ = try await StoreSamples.reset(in: store, chat: StoreSamples.otherChat, at: second)
        }
        _ = try await StoreSamples.turn("1", in: store)
        _ = try await StoreSamples.reset(in: store, at: 110)
        #expect(try await store.deleteCleared(before: StoreSamples.at(200), limit: 100) == 4)
    }

    @Sendable private static func deletesAfterUndo(_ store: any Store) async throws {
        for number in 1...2 { _ = try await StoreSamples.turn("\(number)", in: store) }
        _ = try await StoreSamples.reset(in: store, at: 10)
        _ = try await StoreSamples.undo(in: store, at: 12)
        #expect(try await store.deleteCleared(before: StoreSamples.at(100), limit: 100) == 0)
        _ = try await StoreSamples.reset(in: store, at: 20)
        #expect(try await store.deleteCleared(before: StoreSamples.at(21), limit: 1) == 1)
        #expect(try await StoreSamples.undo(in: store, at: 22).undone == .nothing)
        #expect(try await store.deleteCleared(before: StoreSamples.at(21), limit: 10) == 3)
    }
}
