import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `ButtonStore`, and of turns that follow a certain turn.
    package static let buttons: [Behaviour] = [
        Behaviour("knows whether a turn's answer is the newest, and who asked", knowsNewest),
        Behaviour("knows nothing of what another chat has", knowsOwnChatAlone),
        Behaviour("lets no answer be the newest after a reset or when its message was taken back", outdates),
        Behaviour("begins a turn only after the newest one", beginsAfterNewest),
        Behaviour("goes on after a crash with a turn that had followed the newest", resumesAfterCrash),
        Behaviour("knows whether a reset can be taken back, and who asked for it", knowsResets),
        Behaviour("takes one certain reset back, once", undoesReset),
        Behaviour("takes nothing else back", undoesNothingElse),
    ]

    private static func standing(
        _ action: ReplyAction, in store: any Store, chat: ConversationKey = StoreSamples.chat, at seconds: Int = 60
    ) async throws -> ButtonStanding? {
        try await store.standing(
            of: action, in: chat, at: StoreSamples.at(seconds), undoWithin: .seconds(86_400))
    }

    private static func isCurrent(_ turn: TurnID, in store: any Store) async throws -> Bool? {
        try await standing(.retry(turn), in: store)?.isCurrent
    }

    /// A turn that somebody asks for in a shared chat, up to its end unless it is left open.
    private static func turn(
        _ externalID: String, in store: any Store, by person: String? = "7", work: TurnWork? = nil,
        after last: TurnID? = nil, isOpen: Bool = false
    ) async throws -> TurnStart {
        let entry = try await StoreSamples.accept(StoreSamples.event(externalID), in: store)
        let message = MessageDraft(
            role: .user, text: "hello", speaker: "Ann", tokens: 3, tokenizer: "o200k_base", externalID: externalID)
        let draft = TurnDraft(
            events: [entry.id], session: StoreSamples.session(), work: work ?? .answer(message),
            address: StoreSamples.address(of: StoreSamples.chat), person: person, onlyAfter: last)
        let start = try await store.begin(draft, attempts: 3, apology: [], at: StoreSamples.at(1))
        if case .started(let turn) = start, !isOpen {
            _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        }
        return start
    }

    private static func begun(_ start: TurnStart) throws -> Turn {
        guard case .started(let turn) = start else { throw StoreError.failed("it did not start") }
        return turn
    }

    @Sendable private static func knowsNewest(_ store: any Store) async throws {
        let first = try begun(try await turn("1", in: store, isOpen: true))
        #expect(
            try await standing(.retry(first.id), in: store)
                == ButtonStanding(person: "7", name: "Ann", isCurrent: false), "it has not ended")
        _ = try await store.commit(first.id, StoreSamples.result(), at: StoreSamples.at(2))
        let newest = ButtonStanding(person: "7", name: "Ann", isCurrent: true)
        #expect(try await standing(.retry(first.id), in: store) == newest)
        #expect(try await standing(.resume(first.id), in: store) == newest)
        let again = try begun(try await turn("2", in: store, by: nil, work: .answerAgain, isOpen: true))
        #expect(try await isCurrent(first.id, in: store) == false, "its message is being answered again")
        let failed = TurnResult(ending: .failed, message: nil, chunks: [], usage: nil, model: nil)
        _ = try await store.commit(again.id, failed, at: StoreSamples.at(3))
        #expect(
            try await standing(.retry(again.id), in: store) == ButtonStanding(person: nil, name: "Ann", isCurrent: true)
        )
        #expect(try await isCurrent(first.id, in: store) == false)
        let next = try begun(try await turn("3", in: store))
        #expect(try await isCurrent(again.id, in: store) == false)
        #expect(try await isCurrent(next.id, in: store) == true)
        let session = try #require(try await store.session(of: StoreSamples.chat))
        _ = try await store.append(StoreSamples.message("over REST"), to: session.id, at: StoreSamples.at(4))
        #expect(try await isCurrent(next.id, in: store) == false)
    }

    @Sendable private static func knowsOwnChatAlone(_ store: any Store) async throws {
        let turn = try begun(try await turn("1", in: store))
        #expect(try await standing(.retry(turn.id), in: store, chat: StoreSamples.otherChat) == nil)
        _ = try await StoreSamples.turn("2", in: store, chat: StoreSamples.otherChat)
        #expect(try await standing(.retry(turn.id), in: store, chat: StoreSamples.otherChat) == nil)
        #expect(try await standing(.resume(TurnID(999)), in: store) == nil)
        #expect(try await standing(.undoReset(InboxID(999)), in: store) == nil)
    }

    @Sendable private static func outdates(_ store: any Store) async throws {
        let first = try begun(try await turn("1", in: store))
        let second = try begun(try await turn("2", in: store))
        #expect(try await StoreSamples.undo(in: store).undone == .exchange(messages: 2, question: "hello"))
        #expect(try await isCurrent(second.id, in: store) == false)
        #expect(try await isCurrent(first.id, in: store) == true, "it is the newest again")
        _ = try await StoreSamples.reset(in: store)
        #expect(try await isCurrent(first.id, in: store) == false)
        #expect(try await StoreSamples.undo(in: store).undone == .reset(messages: 2))
        #expect(try await isCurrent(first.id, in: store) == false, "its epoch is over")
        _ = try await store.forget(
            CommandRequest(conversation: .key(StoreSamples.chat), event: nil, at: StoreSamples.at(30)),
            stopped: StoreSamples.stopped, confirmation: { _ in [] })
        #expect(try await standing(.retry(first.id), in: store) == nil)
    }

    @Sendable private static func beginsAfterNewest(_ store: any Store) async throws {
        let first = try begun(try await turn("1", in: store))
        let second = try begun(try await turn("2", in: store, after: first.id))
        let before = try #require(try await store.session(of: StoreSamples.chat))
        #expect(try await turn("3", in: store, after: first.id) == .nothingToRetry)
        #expect(try await turn("4", in: store, work: .answerAgain, after: first.id) == .nothingToRetry)
        #expect(try await turn("5", in: store, after: TurnID(999)) == .nothingToRetry)
        #expect(try await store.session(of: StoreSamples.chat) == before, "nothing was added")
        #expect(try await store.unfinished(after: nil, limit: 9).map(\.event.externalID) == ["3", "4", "5"])
        let third = try begun(try await turn("6", in: store, work: .answerAgain, after: second.id))
        #expect(third.message == second.message)
        let other = try await StoreSamples.accept(
            StoreSamples.event("7", in: StoreSamples.otherChat), in: store)
        let foreign = TurnDraft(
            events: [other.id], session: StoreSamples.session(.key(StoreSamples.otherChat)), work: .answerAgain,
            address: StoreSamples.address(of: StoreSamples.otherChat), onlyAfter: third.id)
        #expect(
            try await store.begin(foreign, attempts: 3, apology: [], at: StoreSamples.at(1)) == .nothingToRetry)
        #expect(try await store.session(of: StoreSamples.otherChat) == nil)
    }

    @Sendable private static func resumesAfterCrash(_ store: any Store) async throws {
        let first = try begun(try await turn("1", in: store))
        let entry = try await StoreSamples.accept(StoreSamples.event("2"), in: store)
        let draft = TurnDraft(
            events: [entry.id], session: StoreSamples.session(), work: .answer(StoreSamples.message("go on")),
            address: StoreSamples.address(of: StoreSamples.chat), onlyAfter: first.id)
        let second = try begun(try await store.begin(draft, attempts: 3, apology: [], at: StoreSamples.at(3)))
        // By now it is itself what came after.
        let again = try begun(try await store.begin(draft, attempts: 3, apology: [], at: StoreSamples.at(4)))
        #expect(again.id == second.id)
        #expect(again.attempt == 2)
        #expect(again.message == second.message)
    }

    private static func reset(
        _ externalID: String, in store: any Store, by person: String? = "7", at seconds: Int = 10
    ) async throws -> InboxID {
        let entry = try await StoreSamples.accept(StoreSamples.event(externalID), in: store)
        let request = CommandRequest(
            conversation: .key(StoreSamples.chat), event: entry.id, at: StoreSamples.at(seconds), person: person)
        _ = try await store.reset(request, stopped: StoreSamples.stopped) { _ in [] }
        return entry.id
    }

    @Sendable private static func knowsResets(_ store: any Store) async throws {
        _ = try await turn("1", in: store)
        let first = try await reset("2", in: store)
        let standing = try await standing(.undoReset(first), in: store)
        #expect(standing == ButtonStanding(person: "7", name: nil, isCurrent: true))
        #expect(try await self.standing(.undoReset(first), in: store, at: 86_410)?.isCurrent == false, "a day is over")
        // One that cleared nothing can be pressed in vain, and hides no other.
        let empty = try await reset("3", in: store, by: nil)
        #expect(
            try await self.standing(.undoReset(empty), in: store)
                == ButtonStanding(person: nil, name: nil, isCurrent: false))
        #expect(try await self.standing(.undoReset(first), in: store)?.isCurrent == true)
        _ = try await turn("4", in: store)
        #expect(try await self.standing(.undoReset(first), in: store)?.isCurrent == false)
        let second = try await reset("5", in: store)
        #expect(try await self.standing(.undoReset(first), in: store)?.isCurrent == false)
        #expect(try await self.standing(.undoReset(second), in: store)?.isCurrent == true)
    }

    private static func undo(
        _ reset: InboxID, in store: any Store, by externalID: String, at seconds: Int = 20
    ) async throws -> CommandOutcome {
        let entry = try await StoreSamples.accept(StoreSamples.event(externalID), in: store)
        let request = CommandRequest(
            conversation: .key(StoreSamples.chat), event: entry.id, at: StoreSamples.at(seconds))
        let outcome = try await store.undoReset(reset, request, within: .seconds(86_400)) {
            [RenderedChunk(text: "\($0) are back")]
        }
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        return outcome
    }

    @Sendable private static func undoesReset(_ store: any Store) async throws {
        let before = try begun(try await turn("1", in: store)).session
        let cleared = try await reset("2", in: store)
        let outcome = try await undo(cleared, in: store, by: "3")
        #expect(outcome.rows.map(\.payload?.text) == ["2 are back"])
        #expect(outcome.session?.messageCount == 2)
        #expect(outcome.session?.floorSeq == before.floorSeq)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi"])
        let again = try await undo(cleared, in: store, by: "4")
        #expect(again.rows.isEmpty)
        #expect(again.session == outcome.session)
    }

    @Sendable private static func undoesNothingElse(_ store: any Store) async throws {
        _ = try await turn("1", in: store)
        let first = try await reset("2", in: store)
        _ = try await turn("3", in: store)
        let second = try await reset("4", in: store)
        #expect(try await undo(first, in: store, by: "5").rows.isEmpty, "a later one came")
        #expect(try await undo(InboxID(999), in: store, by: "6").rows.isEmpty)
        #expect(try await undo(second, in: store, by: "7", at: 86_410).rows.isEmpty, "a day is over")
        #expect(try await undo(second, in: store, by: "8").rows.count == 1)
        // What is back are words, and no button of an older reset takes those back or more.
        #expect(try await undo(first, in: store, by: "9").rows.isEmpty)
        let session = try #require(try await store.session(of: StoreSamples.chat))
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["hello", "hi"])
    }
}
