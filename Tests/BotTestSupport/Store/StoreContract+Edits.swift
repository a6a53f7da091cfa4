import BotCore
import Testing

extension StoreContract {
    /// Behaviours of stores when people edit their messages.
    package static let edits: [Behaviour] = [
        Behaviour("replaces the text of a message that waits", replacesWaiting),
        Behaviour("begins the turn of an edited message again with the new text", resumesWithTheNewText),
        Behaviour("answers an edited message anew, in the messages of the old answer", answersAnew),
        Behaviour("leaves older, unknown and unchanged messages alone", leavesOthers),
        Behaviour("follows an edit only once the whole answer stands", followsWhatStands),
        Behaviour("lets a reset win over an edit", resetWins),
        Behaviour("leaves nothing but its deletion of a message that waits", deletesWaiting),
        Behaviour("lets a turn go on whose message is deleted", deletesNothingBegun),
    ]

    private static func message(_ text: String, _ id: String) -> InboundEvent.Body {
        .message(InboundMessage(id: id, text: text, album: "9"))
    }

    private static func accept(_ number: String, _ body: InboundEvent.Body, _ store: any Store) async throws
        -> InboxEntry
    {
        try await StoreSamples.accept(StoreSamples.event(number, body: body), in: store)
    }

    private static func edit(_ number: String, _ text: String, _ store: any Store) async throws -> InboxEntry {
        try await accept(number, .edited(InboundMessage(id: "m1", text: text)), store)
    }

    private static func draft(_ entry: InboxEntry, _ text: String, since: Int? = nil) -> TurnDraft {
        let message = StoreSamples.message(text, externalID: entry.event.externalID)
        return TurnDraft(
            events: [entry.id], session: StoreSamples.session(),
            work: since.map { .answerEdited(message, since: StoreSamples.at($0)) } ?? .answer(message),
            address: StoreSamples.address(of: StoreSamples.chat), messageID: "m1")
    }

    private static func begin(_ draft: TurnDraft, _ store: any Store, at seconds: Int) async throws -> TurnStart {
        try await store.begin(draft, attempts: 3, apology: StoreSamples.apology, at: StoreSamples.at(seconds))
    }

    private static func begun(_ draft: TurnDraft, _ store: any Store, at seconds: Int) async throws -> Turn {
        guard case .started(let turn) = try await begin(draft, store, at: seconds) else {
            throw StoreError.failed("the turn did not start")
        }
        return turn
    }

    /// A question that is answered in two messages.
    private static func answered(_ store: any Store) async throws -> Turn {
        let entry = try await accept("1", message("one", "m1"), store)
        let turn = try await begun(draft(entry, "one"), store, at: 1)
        let commit = try await store.commit(
            turn.id, StoreSamples.result("a b", chunks: ["a", "b"]), at: StoreSamples.at(2))
        guard case .committed(_, _, let rows) = commit else { throw StoreError.failed("superseded") }
        for row in rows { try await store.delivered(row.id, as: "p\(row.chunk)", at: StoreSamples.at(3)) }
        return turn
    }

    @Sendable private static func deletesWaiting(_ store: any Store) async throws {
        let first = try await accept("1", message("one", "m1"), store)
        let second = try await accept("2", message("two", "m2"), store)
        let deletion = try await accept("3", .deleted(message: "m1"), store)
        guard case .waiting(let left) = try await store.applyEdit(deletion.id) else {
            throw StoreError.failed("nothing was found")
        }
        #expect(left.id == first.id && left.event.body == .deleted(message: "m1"))
        let unfinished = try await store.unfinished(after: nil, limit: 9)
        #expect(unfinished.map(\.event.body) == [left.event.body, second.event.body, deletion.event.body])
        #expect(try await store.applyEdit(deletion.id) == .notWaiting)
        let unknown = try await accept("4", .deleted(message: "m9"), store)
        #expect(try await store.applyEdit(unknown.id) == .notWaiting)
    }

    @Sendable private static func deletesNothingBegun(_ store: any Store) async throws {
        let entry = try await accept("1", message("one", "m1"), store)
        _ = try await begun(draft(entry, "one"), store, at: 1)
        let deletion = try await accept("2", .deleted(message: "m1"), store)
        #expect(try await store.applyEdit(deletion.id) == .notWaiting)
        let unfinished = try await store.unfinished(after: nil, limit: 9)
        #expect(unfinished.first?.event.body == entry.event.body)
    }

    @Sendable private static func replacesWaiting(_ store: any Store) async throws {
        let first = try await accept("1", message("one", "m1"), store)
        _ = try await accept("2", message("two", "m2"), store)
        let same = try await edit("3", "one", store)
        #expect(try await store.applyEdit(same.id) == .waiting(first))
        _ = try await store.finish(same.id, answer: [], at: StoreSamples.at(1))
        let edit = try await edit("4", "wan", store)
        // What is edited again before its edit was carried out is one edit.
        let next = try await Self.edit("5", "won", store)
        #expect(
            try await store.applyEdit(next.id) == .waiting(InboxEntry(id: edit.id, event: renamed(next, as: edit))))
        let replaced = InboxEntry(
            id: first.id, event: StoreSamples.event("1", body: message("won", "m1")))
        #expect(try await store.applyEdit(edit.id) == .waiting(replaced))
        #expect(try await store.applyEdit(edit.id) == .waiting(replaced), "it is harmless to repeat it")
        let stored = try #require(try await store.unfinished(after: nil, limit: 9).first)
        #expect(stored.id == first.id)
        // What joins it to other messages stays.
        #expect(stored.event.body == message("won", "m1"))
        _ = try await store.finish(edit.id, answer: [], at: StoreSamples.at(1))
        #expect(try await store.applyEdit(edit.id) == .notWaiting)
    }

    /// The event of one edit with the content of a later one.
    private static func renamed(_ later: InboxEntry, as earlier: InboxEntry) -> InboundEvent {
        let event = earlier.event
        return InboundEvent(
            externalID: event.externalID, conversation: event.conversation, scope: event.scope,
            isAddressed: event.isAddressed, speaker: event.speaker, receivedAt: event.receivedAt,
            replyAddress: event.replyAddress, body: later.event.body)
    }

    @Sendable private static func resumesWithTheNewText(_ store: any Store) async throws {
        let entry = try await accept("1", message("one", "m1"), store)
        let turn = try await begun(draft(entry, "one"), store, at: 1)
        try await store.park(turn.id)
        let again = try await begun(draft(entry, "won"), store, at: 2)
        #expect(again.id == turn.id)
        #expect(again.attempt == turn.attempt)
        #expect(again.message.text == "won")
        _ = try await store.commit(turn.id, StoreSamples.result("x"), at: StoreSamples.at(3))
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["won", "x"])
        #expect(try await store.audit(limit: 9) == [])
    }

    @Sendable private static func answersAnew(_ store: any Store) async throws {
        let old = try await answered(store)
        let edit = try await edit("2", "won", store)
        let turn = try await begun(draft(edit, "won", since: 1), store, at: 10)
        #expect(turn.id != old.id)
        #expect(turn.reply.messageID == "p0")
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["won"])
        // A crash begins the same turn again.
        let again = try await begun(draft(edit, "won", since: 1), store, at: 11)
        #expect(again.id == turn.id)
        #expect(again.message == turn.message)
        #expect(again.reply.messageID == "p0")
        let result = TurnResult(
            ending: .answered, message: StoreSamples.message("c", role: .assistant), chunks: [RenderedChunk(text: "c")],
            usage: nil, model: nil)
        guard
            case .committed(let session, _, let rows) = try await store.commit(turn.id, result, at: StoreSamples.at(12))
        else { throw StoreError.failed("superseded") }
        #expect(rows.map(\.messageID) == ["p0", "p1"])
        // What has no place in the new answer is taken away.
        #expect(rows.map(\.payload) == [RenderedChunk(text: "c"), .nothing])
        #expect(try await store.ready(on: .telegram, after: nil, limit: 9) == rows)
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["won", "c"])
        #expect(session.messageCount == 2)
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        #expect(try await store.audit(limit: 9) == [])
    }

    @Sendable private static func leavesOthers(_ store: any Store) async throws {
        _ = try await answered(store)
        let edit = try await edit("2", "won", store)
        // No words have changed; the answer is too old; it is another message; several were joined.
        #expect(try await begin(draft(edit, "one", since: 1), store, at: 10) == .nothingToRetry)
        #expect(try await begin(draft(edit, "won", since: 5), store, at: 10) == .nothingToRetry)
        let message = StoreSamples.message("won")
        for id in ["m2", nil] {
            let other = TurnDraft(
                events: [edit.id], session: StoreSamples.session(),
                work: .answerEdited(message, since: StoreSamples.at(1)),
                address: StoreSamples.address(of: StoreSamples.chat), messageID: id)
            #expect(try await begin(other, store, at: 10) == .nothingToRetry)
        }
        // Something has come after it.
        try await StoreSamples.turn("3", in: store, at: 20)
        #expect(try await begin(draft(edit, "won", since: 1), store, at: 30) == .nothingToRetry)
        let session = try #require(try await store.session(of: StoreSamples.chat))
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["one", "a b", "hello", "hi"])
    }

    @Sendable private static func followsWhatStands(_ store: any Store) async throws {
        let entry = try await accept("1", message("one", "m1"), store)
        let turn = try await begun(draft(entry, "one"), store, at: 1)
        let commit = try await store.commit(
            turn.id, StoreSamples.result("a b", chunks: ["a", "b"]), at: StoreSamples.at(2))
        guard case .committed(_, _, let rows) = commit else { throw StoreError.failed("superseded") }
        let edit = try await edit("2", "won", store)
        for row in rows {
            #expect(try await begin(draft(edit, "won", since: 1), store, at: 3) == .notYet)
            #expect(try await begin(draft(edit, "one", since: 1), store, at: 3) == .nothingToRetry)
            try await store.delivered(row.id, as: "p\(row.chunk)", at: StoreSamples.at(4))
        }
        #expect(try await begun(draft(edit, "won", since: 1), store, at: 5).reply.messageID == "p0")
    }

    @Sendable private static func resetWins(_ store: any Store) async throws {
        _ = try await answered(store)
        let edit = try await edit("2", "won", store)
        let turn = try await begun(draft(edit, "won", since: 1), store, at: 10)
        _ = try await StoreSamples.reset(in: store, at: 11)
        #expect(try await begin(draft(edit, "won", since: 1), store, at: 12) == .gone)
        #expect(try await store.commit(turn.id, StoreSamples.result("x"), at: StoreSamples.at(13)) == .superseded)
        let late = try await accept("4", .edited(InboundMessage(id: "m1", text: "later")), store)
        #expect(try await begin(draft(late, "later", since: 1), store, at: 14) == .nothingToRetry)
    }
}
