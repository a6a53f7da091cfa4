import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `TurnStore` up to the commit.
    package static let turns: [Behaviour] = [
        Behaviour("begins with the session, the message and an open reply", beginsTurn),
        Behaviour("begins again after a crash with the same turn, message and reply", beginsAgain),
        Behaviour("does not begin with an event that has ended", refusesEndedEvents),
        Behaviour("sets events aside after too many attempts", setsAside),
        Behaviour("does not count a parked attempt", parks),
        Behaviour("commits the answer, its rows and the end of its events", commits),
        Behaviour("edits a preview that stands, with the first chunk", commitsOntoPreview),
        Behaviour("commits once", commitsOnce),
        Behaviour("knows the answer that a message in the chat is a part of", findsAnswers),
        Behaviour("knows no answer that was cleared, taken back, forgotten or never one", findsNoOtherAnswers),
        Behaviour("adds nothing to the log for a failed turn", commitsFailure),
        Behaviour("ends a reply without text", commitsNothing),
        Behaviour("joins several events into one turn", joinsEvents),
        Behaviour("keeps the whole question when a part of it is told again", keepsWhatWasJoined),
        Behaviour("gives a turn up when its event is finished otherwise", givesUp),
    ]

    @Sendable private static func beginsTurn(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store, at: 5)
        #expect(turn.attempt == 1)
        #expect(turn.session.key == StoreSamples.chat)
        #expect(turn.session.conversation >= .firstOfPlatforms)
        #expect(turn.session.headSeq == 1)
        #expect(turn.session.messageCount == 1)
        #expect(turn.session.inputTokens == 3)
        #expect(turn.session.state == ["language": .string("en")])
        #expect(turn.message.seq == 1)
        #expect(turn.message.text == "hello")
        #expect(turn.message.createdAt == StoreSamples.at(5))
        #expect(turn.epoch == turn.session.epoch)
        #expect(turn.reply.payload == nil)
        #expect(turn.reply.turn == turn.id)
        #expect(turn.reply.nonce.utf8.count <= 25)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
        #expect(try await store.unfinished(after: nil, limit: 10) == [entry])
    }

    @Sendable private static func beginsAgain(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let first = try await StoreSamples.begin([entry], in: store)
        #expect(try await store.beginFirstSend(of: first.reply.id))
        let second = try await StoreSamples.begin([entry], in: store)
        #expect(second.id == first.id)
        #expect(second.attempt == 2)
        #expect(second.message == first.message)
        #expect(second.session.headSeq == 1)
        #expect(second.reply.id == first.reply.id)
        #expect(second.reply.nonce == first.reply.nonce)
        #expect(second.reply.isDoubtful)
        #expect(try await store.previewStands(of: first.reply.id, as: "m1") == nil)
        let third = try await StoreSamples.begin([entry], in: store)
        #expect(third.reply.messageID == "m1")
        #expect(!third.reply.isDoubtful)
    }

    @Sendable private static func refusesEndedEvents(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        _ = try await store.finish(entry.id, answer: [], at: StoreSamples.at(1))
        let draft = StoreSamples.draft([entry])
        #expect(try await store.begin(draft, attempts: 3, apology: [], at: StoreSamples.at(2)) == .gone)
        #expect(try await store.session(of: StoreSamples.chat) == nil)
    }

    @Sendable private static func setsAside(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store)
        _ = try await store.previewStands(of: turn.reply.id, as: "m1")
        _ = try await StoreSamples.begin([entry], in: store)
        _ = try await StoreSamples.begin([entry], in: store)
        let last = try await store.begin(
            StoreSamples.draft([entry]), attempts: 3, apology: StoreSamples.apology, at: StoreSamples.at(9))
        guard case .setAside(let rows) = last else {
            Issue.record("it was begun a fourth time")
            return
        }
        #expect(rows.map(\.payload) == StoreSamples.apology)
        #expect(rows.map(\.id) == [turn.reply.id])
        #expect(rows.first?.messageID == "m1")
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10) == rows)
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(9)) == .superseded)
    }

    @Sendable private static func parks(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        for _ in 1...5 {
            let turn = try await StoreSamples.begin([entry], in: store)
            #expect(turn.attempt == 1)
            try await store.park(turn.id)
        }
    }

    @Sendable private static func commits(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let result = StoreSamples.result("hi there", chunks: ["hi", "there"])
        let commit = try await store.commit(turn.id, result, at: StoreSamples.at(8))
        guard case .committed(let session, let appended, let rows) = commit else {
            Issue.record("superseded")
            return
        }
        #expect(appended?.seq == 2)
        #expect(appended?.role == .assistant)
        #expect(appended?.model == "test/model")
        #expect(session.headSeq == 2)
        #expect(session.messageCount == 2)
        #expect(session.inputTokens == 3)
        #expect(session.outputTokens == 5)
        #expect(session.lastActiveAt == StoreSamples.at(8))
        #expect(rows.map(\.payload) == result.chunks)
        #expect(rows.map(\.chunk) == [0, 1])
        #expect(rows.first?.id == turn.reply.id)
        #expect(Set(rows.map(\.nonce)).count == 2)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10) == rows)
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["hello", "hi there"])
    }

    /// A whole turn whose answer stands in the chat as `<id>.0`, `<id>.1` and so on.
    private static func answered(
        _ id: String, _ text: String?, chunks: [String], in store: any Store
    ) async throws -> Session {
        let turn = try await StoreSamples.begin(id, in: store)
        let result =
            text.map { StoreSamples.result($0, chunks: chunks) }
            ?? TurnResult(
                ending: .failed, message: nil, chunks: chunks.map { RenderedChunk(text: $0) }, usage: nil, model: nil)
        let commit = try await store.commit(turn.id, result, at: StoreSamples.at(2))
        guard case .committed(let session, _, let rows) = commit else { throw StoreError.failed("superseded") }
        for row in rows { try await store.delivered(row.id, as: "\(id).\(row.chunk)", at: StoreSamples.at(3)) }
        return session
    }

    @Sendable private static func findsAnswers(_ store: any Store) async throws {
        _ = try await answered("1", "one and two", chunks: ["one", "two"], in: store)
        let session = try await answered("2", "three", chunks: ["three"], in: store)
        for (message, text) in [("1.0", "one and two"), ("1.1", "one and two"), ("2.0", "three"), ("3.0", nil)] {
            #expect(try await store.answer(standingAs: message, in: session.id)?.text == text)
        }
        #expect(try await store.answer(standingAs: "2.0", in: session.id)?.seq == 4)
        let other = try await StoreSamples.turn("9", in: store, chat: StoreSamples.otherChat)
        #expect(try await store.answer(standingAs: "2.0", in: other.id) == nil, "another chat has its own numbers")
        #expect(try await store.answer(standingAs: "2.0", in: SessionID(999)) == nil)
    }

    @Sendable private static func findsNoOtherAnswers(_ store: any Store) async throws {
        _ = try await answered("1", "one", chunks: ["one"], in: store)
        let session = try await answered("2", nil, chunks: ["It did not work."], in: store)
        #expect(try await store.answer(standingAs: "2.0", in: session.id) == nil, "it is not in the log")
        _ = try await answered("3", "three", chunks: ["three"], in: store)
        #expect(try await store.answer(standingAs: "3.0", in: session.id) != nil)
        _ = try await StoreSamples.undo(in: store)
        #expect(try await store.answer(standingAs: "3.0", in: session.id) == nil, "it was taken back")
        _ = try await StoreSamples.reset(in: store)
        #expect(try await store.answer(standingAs: "1.0", in: session.id) == nil, "it was cleared")
        _ = try await answered("4", "four", chunks: ["four"], in: store)
        #expect(try await store.answer(standingAs: "4.0", in: session.id) != nil)
        _ = try await store.forgetEnded(before: StoreSamples.at(90), limit: 100)
        #expect(try await store.answer(standingAs: "4.0", in: session.id) == nil, "its rows are forgotten")
    }

    @Sendable private static func commitsOntoPreview(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        #expect(try await store.beginFirstSend(of: turn.reply.id))
        _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        let waiting = try await store.ready(on: .telegram, after: nil, limit: 10)
        #expect(waiting.first?.isDoubtful == true)
        // The preview's send comes back only now: the row is to be finished by an edit.
        let row = try await store.previewStands(of: turn.reply.id, as: "m1")
        #expect(row?.messageID == "m1")
        #expect(row?.payload?.text == "hi")
        #expect(row?.isDoubtful == false)
    }

    @Sendable private static func commitsOnce(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(3)) == .superseded)
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["hello", "hi"])
        #expect(try await store.commit(TurnID(999), StoreSamples.result(), at: StoreSamples.at(3)) == .superseded)
    }

    @Sendable private static func commitsFailure(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let result = TurnResult(
            ending: .failed, message: nil, chunks: StoreSamples.apology, usage: nil, model: nil)
        let commit = try await store.commit(turn.id, result, at: StoreSamples.at(2))
        guard case .committed(let session, let appended, let rows) = commit else {
            Issue.record("superseded")
            return
        }
        #expect(appended == nil)
        #expect(session.headSeq == 1)
        #expect(rows.map(\.payload) == StoreSamples.apology)
    }

    @Sendable private static func commitsNothing(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let result = TurnResult(ending: .stopped, message: nil, chunks: [], usage: nil, model: nil)
        guard case .committed(_, _, let rows) = try await store.commit(turn.id, result, at: StoreSamples.at(2)) else {
            Issue.record("superseded")
            return
        }
        #expect(rows.isEmpty)
        #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
        #expect(try await store.beginFirstSend(of: turn.reply.id) == false)
    }

    @Sendable private static func joinsEvents(_ store: any Store) async throws {
        let entries = try await store.accept(["1", "2"].map { StoreSamples.event($0) }, cursor: nil)
        let turn = try await StoreSamples.begin(entries, in: store, text: "first second")
        #expect(turn.session.headSeq == 1)
        // After a crash a third is joined: nothing of it is lost.
        let third = try await StoreSamples.accept(StoreSamples.event("3"), in: store)
        let metadata: [String: JSONValue] = ["files": .integer(3)]
        let whole = MessageDraft(
            role: .user, text: "first second third", tokens: 3, tokenizer: "o200k_base", metadata: metadata)
        let draft = TurnDraft(
            events: (entries + [third]).map(\.id), session: StoreSamples.session(), work: .answer(whole),
            address: turn.reply.address)
        let start = try await store.begin(draft, attempts: 3, apology: StoreSamples.apology, at: StoreSamples.at(1))
        guard case .started(let again) = start else { throw StoreError.failed("the turn did not start") }
        #expect(again.id == turn.id)
        #expect(again.message.text == "first second third")
        #expect(again.message.metadata == metadata)
        _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
        // The shorter text does not stand beside the longer one.
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["first second third", "hi"])
    }

    /// After a crash the events of a turn are told one by one: a part of them is not the whole question.
    @Sendable private static func keepsWhatWasJoined(_ store: any Store) async throws {
        let entries = try await store.accept(["1", "2"].map { StoreSamples.event($0) }, cursor: nil)
        let turn = try await StoreSamples.begin(entries, in: store, text: "first second")
        let part = try await StoreSamples.begin([entries[0]], in: store, text: "first")
        #expect(part.id == turn.id)
        #expect(part.message == turn.message)
        let whole = try await StoreSamples.begin(entries, in: store, text: "first second")
        #expect(whole.message == turn.message)
        #expect(whole.session.headSeq == 1)
    }

    @Sendable private static func givesUp(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store)
        _ = try await store.finish(entry.id, answer: [], at: StoreSamples.at(2))
        #expect(try await store.beginFirstSend(of: turn.reply.id) == false)
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(3)) == .superseded)
    }
}
