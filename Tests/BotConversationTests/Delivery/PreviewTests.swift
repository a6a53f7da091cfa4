import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// Previews and typing, and how they and the final text meet in one message.
struct PreviewTests {
    private let long = String(repeating: "x", count: 60)
    private let edits = PreviewStyle.edit(interval: .seconds(3))

    @Test("T36: typing shows at once and again in its interval, until a message stands")
    func typesUntilAMessageStands() {
        var world = PlannerWorld()
        _ = world.begin(edits, typing: .seconds(4))
        world.settle()
        world.advance(.milliseconds(3999))
        #expect(world.requests == ["typing"])
        world.advance(.milliseconds(1))
        world.settle()
        #expect(world.requests == ["typing", "typing"])
        world.preview("hello")
        world.settle()
        world.advance(.seconds(20))
        world.settle()
        #expect(world.requests == ["typing", "typing", "send hello"])
    }

    @Test("T40: a short text first shows after a second, a long one at once")
    func firstFrameWaits() {
        var world = PlannerWorld()
        _ = world.begin(edits)
        world.preview("hello")
        #expect(world.pending.isEmpty)
        world.advance(.seconds(1))
        world.settle()
        #expect(world.requests == ["send hello"])

        var other = PlannerWorld()
        _ = other.begin(edits)
        other.preview(long)
        other.settle()
        #expect(other.requests == ["send \(long)"])
    }

    @Test("T40: edits are an interval apart, the newest text wins, equal texts are not sent")
    func editsAreCoalesced() {
        var world = PlannerWorld()
        _ = world.begin(edits)
        world.preview(long)
        world.settle()
        for end in ["1", "2", "3"] {
            world.preview(long + end)
            world.settle()
        }
        #expect(world.requests.count == 1)
        world.advance(.seconds(3))
        world.settle()
        #expect(world.requests.dropFirst() == ["edit \(long)3"])
        world.preview(long + "3")
        world.advance(.seconds(30))
        world.settle()
        #expect(world.requests.count == 2)
    }

    @Test("T37: drafts come at most once an interval and are refreshed while the model is silent")
    func draftsAreRefreshed() {
        var world = PlannerWorld()
        _ = world.begin(.draft(interval: .seconds(1)), typing: .seconds(4))
        world.settle()
        world.preview("a")
        world.settle()
        world.preview("ab")
        world.settle()
        #expect(world.requests == ["typing", "draft a"])
        world.advance(.seconds(1))
        world.settle()
        #expect(world.requests == ["typing", "draft a", "draft ab"])
        world.advance(.milliseconds(19_999))
        #expect(world.pending.isEmpty)
        world.advance(.milliseconds(1))
        world.settle()
        #expect(world.requests == ["typing", "draft a", "draft ab", "draft ab"])
    }

    @Test("T37: before there is any text a placeholder stands behind the typing sign, and is refreshed")
    func showsAPlaceholder() {
        var world = PlannerWorld()
        let row = world.begin(.draft(interval: .seconds(1), hasPlaceholder: true), typing: .seconds(4))
        world.settle()
        #expect(world.requests == ["typing", "placeholder"], "both at once")
        world.advance(.milliseconds(19_999))
        #expect(world.pending.isEmpty)
        world.advance(.milliseconds(1))
        world.settle()
        #expect(world.requests == ["typing", "placeholder", "placeholder"])
        world.advance(.seconds(1))
        world.preview("a")
        world.settle()
        world.commit(row, "final")
        world.settle()
        #expect(world.requests.dropFirst(3) == ["draft a", "send final"])
    }

    @Test("T39: where the placeholder is not taken typing goes on and drafts come")
    func goesOnWithoutPlaceholder() {
        var world = PlannerWorld()
        _ = world.begin(.draft(interval: .seconds(1), hasPlaceholder: true), typing: .seconds(4))
        world.perform()
        world.perform(0, .refuse(.previewUnsupported("empty")), style: .draft(interval: .seconds(1)))
        world.settle()
        world.advance(.seconds(4))
        world.settle()
        world.preview("a")
        world.settle()
        #expect(world.requests == ["typing", "placeholder", "typing", "draft a"])
    }

    @Test("T36: typing ends with the turn, whatever becomes of it, and its errors change nothing")
    func typingEndsWithTheTurn() {
        var world = PlannerWorld()
        let row = world.begin(.off, typing: .seconds(4))
        world.perform(0, .refuse(.notSent("500")))
        world.advance(.seconds(4))
        world.perform(0, .refuse(.outcomeUnknown("reset")))
        world.advance(.seconds(4))
        world.perform(0, .refuse(.refused("no")))
        world.advance(.seconds(30))
        #expect(world.pending.isEmpty, "a chat that takes no typing sign is not asked again")
        world.commit(row, "final")
        world.settle()
        #expect(world.requests == ["typing", "typing", "typing", "send final"])
        _ = world.begin(turn: 2, .off, typing: .seconds(4))
        world.settle()
        world.planner.end(TurnID(2), at: world.now)
        world.advance(.seconds(30))
        #expect(world.requests.count == 5)
    }

    @Test("T35: an edit that is refused for good becomes a new message")
    func aPreviewThatCannotBeEditedIsReplaced() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.settle()
        world.commit(row, "final")
        world.perform(0, .refuse(.refused("message can't be edited any more")))
        world.settle()
        #expect(world.texts() == [long, "final"])
    }

    @Test func theFinalTextEditsThePreview() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.settle()
        world.commit(row, "final")
        world.settle()
        #expect(world.texts() == ["final"])
        #expect(world.requests == ["send \(long)", "edit final"])
    }

    @Test func theFinalTextWaitsForThePreviewUnderWayAndEditsItsMessage() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.commit(row, "final")
        #expect(world.pending.count == 1)
        world.settle()
        #expect(world.texts() == ["final"])
        #expect(!world.store.hasUnended)
    }

    @Test func aCopyOfTheRowFromBeforeThePreviewStoodMakesNoSecondMessage() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        // The turn commits while the preview's send is under way; its row is handed over only after all is done.
        _ = world.store.beginFirstSend(of: row.id)
        let copy = world.store.commit(row.id, "final")
        world.settle()
        #expect(world.texts() == ["final"])
        world.planner.end(TurnID(1), at: world.now)
        world.planner.enqueue([copy].compactMap { $0 }, at: world.now)
        world.dispatch()
        world.settle()
        #expect(world.texts() == ["final"])
    }

    @Test func aPreviewThatSurelyDidNotArriveLeavesTheFinalTextUnlabelled() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        let copy = { (world: inout PlannerWorld) in
            _ = world.store.beginFirstSend(of: row.id)
            return world.store.commit(row.id, "final")
        }(&world)
        world.perform(0, .refuse(.notSent("500")))
        world.settle()
        world.planner.end(TurnID(1), at: world.now)
        world.planner.enqueue([copy].compactMap { $0 }, at: world.now)
        world.dispatch()
        world.settle()
        #expect(world.texts() == ["final"])
    }

    @Test func aDoubtfulPreviewIsNotSentAgainAndTheFinalTextIsLabelled() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.perform(0, .loseAnswer)
        world.preview(long + "more")
        world.advance(.seconds(30))
        world.settle()
        #expect(world.requests.count == 1)
        world.commit(row, "final")
        world.settle()
        #expect(world.texts() == [long, RepeatLabel.line + "\n\nfinal"])
    }

    @Test("T34: after the first 429 of a turn its previews stop for good and the final text arrives")
    func previewsStopAtTheFirstFloodLimit() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.settle()
        world.preview(long + "1")
        world.advance(.seconds(3))
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(126), everywhere: false)))
        world.write()
        #expect(world.store.rows[row.id]?.retryAt != nil)
        world.preview(long + "2")
        world.advance(.seconds(127))
        world.settle()
        #expect(world.requests.count == 2)
        world.commit(row, "final")
        world.settle()
        #expect(world.texts() == ["final"])
    }

    @Test("T34: a 429 for typing closes the chat for the final text too")
    func typingSharesTheGate() {
        var world = PlannerWorld()
        let row = world.begin(.off, typing: .seconds(4))
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(10), everywhere: false)))
        world.commit(row, "final")
        world.write()
        world.advance(.seconds(10))
        #expect(world.requests == ["typing"])
        world.advance(.milliseconds(75))
        world.settle()
        #expect(world.requests == ["typing", "send final"])
    }

    @Test("T39: where drafts are not taken the turn goes on with edits, and the final text arrives")
    func fallsBackFromDrafts() {
        var world = PlannerWorld()
        let row = world.begin(.draft(interval: .seconds(1)))
        world.preview(long)
        world.perform(0, .refuse(.previewUnsupported("TEXTDRAFT_PEER_INVALID")), style: edits)
        world.settle()
        #expect(world.requests == ["draft \(long)", "send \(long)"])
        world.commit(row, "final")
        world.settle()
        #expect(world.texts() == ["final"])
    }

    @Test("T39: where no preview is taken the conversation is remembered")
    func latchesPreviewsOff() {
        var world = PlannerWorld()
        let row = world.begin(.draft(interval: .seconds(1)))
        world.preview(long)
        world.perform(0, .refuse(.previewUnsupported("no")))
        world.commit(row, "one")
        world.settle()
        let next = world.begin(turn: 2, .draft(interval: .seconds(1)))
        world.preview(long, of: 2)
        world.settle()
        world.commit(next, "two")
        world.settle()
        #expect(world.requests == ["draft \(long)", "send one", "send two"])
    }

    @Test("T35: where the preview is gone the final text comes as a new message, under a new nonce")
    func aLostPreviewIsReplaced() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.settle()
        world.commit(row, "final")
        world.perform(0, .refuse(.messageMissing("deleted")))
        world.write()
        guard case .send(_, let nonce, nil) = world.pending.first?.work else {
            Issue.record("no new message: \(world.pending)")
            return
        }
        #expect(nonce != row.nonce)
        #expect(nonce.count <= 25)
    }

    @Test func nothingUnfinishedIsShownOnceTheReplyEnded() {
        var world = PlannerWorld()
        _ = world.begin(edits, typing: .seconds(4))
        world.settle()
        world.preview(long)
        world.settle()
        world.preview(long + "1")
        world.planner.end(TurnID(1), at: world.now)
        world.preview(long + "2")
        world.advance(.seconds(30))
        world.settle()
        #expect(world.requests == ["typing", "send \(long)"])
    }

    @Test func aHangingTypingSignDoesNotHoldUpTheFinalText() {
        var world = PlannerWorld()
        let row = world.begin(.off, typing: .seconds(4))
        world.commit(row, "final")
        #expect(world.pending.count == 1)
        world.advance(.seconds(2))
        #expect(world.pending.count == 2)
        world.perform(1)
        world.write()
        #expect(world.texts() == ["final"])
        // Its late answer changes nothing.
        world.perform(0)
        #expect(world.pending.isEmpty)
    }

    @Test func aStandingPreviewOfAStoppedTurnGetsItsLastWord() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        // The reset comes while the preview's first send is under way.
        _ = world.store.beginFirstSend(of: row.id)
        #expect(world.store.cancel(row.id, lastWord: "stopped") == nil)
        let operation = world.pending.removeFirst()
        world.messages.append(.init(id: "m1", conversation: PlannerWorld.chat, text: long))
        world.planner.finish(
            operation, .begun(message: "m1", .init(chunk: RenderedChunk(text: long))), at: world.now)
        world.planner.end(TurnID(1), at: world.now)
        world.dispatch()
        world.settle()
        #expect(world.texts() == ["stopped"])
    }

    /// The reset's row comes before or after the older text's edit has been written as delivered, or never.
    @Test(arguments: [0, 1, 2])
    func aResetDuringTheFinalEditHasTheLastWord(_ order: Int) {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.settle()
        world.commit(row, "final")
        let stopped = [world.store.cancel(row.id, lastWord: "stopped")].compactMap { $0 }
        #expect(stopped.count == 1)
        if order == 0 { world.planner.enqueue(stopped, at: world.now) }
        world.settle()
        if order == 1 { world.planner.enqueue(stopped, at: world.now) }
        world.dispatch()
        world.settle()
        #expect(world.texts() == ["stopped"])
        #expect(!world.store.hasUnended)
    }

    @Test func noPreviewGoesBeforeAnOlderAnswerThatIsStillInTheStore() {
        var planner = DeliveryPlanner(platforms: [.telegram]) { 1 }
        let now = Moment(uptime: .zero, wall: Timestamp(rawValue: 1))
        func row(_ id: Int64, _ text: String?) -> OutboxRow {
            OutboxRow(
                id: OutboxID(id), conversation: PlannerWorld.chat, address: ReplyAddress(rawValue: "7"),
                turn: TurnID(id), chunk: 0, nonce: "n\(id)", payload: text.map { RenderedChunk(text: $0) })
        }
        let loads = planner.dispatch(at: now).loads
        planner.begin(row(2, nil), style: edits, typingInterval: nil, at: now)
        planner.update(long, of: TurnID(2))
        #expect(planner.dispatch(at: now).operations.isEmpty, "the store has not been read yet")
        planner.loaded(loads[0], [row(1, "older")], at: now)
        let first = planner.dispatch(at: now).operations
        #expect(first.map(\.work) == [.send(row(1, "older"), nonce: "n1", doubtfulFor: nil)])
        planner.finish(
            first[0], .sent(message: "m1", RenderedChunk(text: "older"), isLabelled: false), at: now)
        let write = planner.dispatch(at: now).operations
        planner.finish(write[0], .written(), at: now)
        #expect(planner.dispatch(at: now).operations.map(\.work) == [.beginPreview(row(2, nil), text: long)])
    }

    @Test func aResetDuringTheOnlySendHasTheLastWord() {
        var world = PlannerWorld()
        let row = world.begin(.off)
        world.commit(row, "final")
        guard case .send? = world.pending.first?.work else { return }
        world.perform()
        #expect(world.store.cancel(row.id, lastWord: "stopped") == nil)
        world.settle()
        #expect(world.texts() == ["stopped"])
        #expect(!world.store.hasUnended)
    }

    @Test func aTurnThatIsBegunAgainEditsTheMessageThatStands() {
        var world = PlannerWorld()
        let row = world.begin(edits)
        world.preview(long)
        world.settle()
        world.crash()
        guard let again = world.store.rows[row.id] else { return }
        world.planner.begin(again, style: edits, typingInterval: nil, at: world.now)
        world.preview("from the start")
        world.settle()
        #expect(world.texts() == ["from the start"])
        world.commit(again, "final")
        world.settle()
        #expect(world.texts() == ["final"])
    }

    @Test func whatIsKnownOfAnEndedReplyIsForgottenInTheEnd() {
        var world = PlannerWorld()
        _ = world.begin(.off)
        world.planner.end(TurnID(1), at: world.now)
        world.dispatch()
        #expect(world.due == .seconds(60))
        world.advance(.seconds(60))
        #expect(world.due == nil)
    }
}
