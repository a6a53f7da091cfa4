import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// What delivery makes of chats that are gone or have moved.
struct LostChatTests {
    private static let move = ChatMove("7", to: "-100", platform: .telegram, account: "1")

    @Test("T24: what a moved chat refuses goes once to where the chat is now, with all that waits behind it")
    func followsAMove() {
        var world = PlannerWorld()
        let rows = ["a", "b"].map { world.enqueue($0) }
        world.perform(0, .refuse(.chatMoved(to: "-100")))
        #expect(world.notes == [], "the store has to know first that the send did not arrive")
        world.write()
        #expect(world.notes == [.moved(Self.move)])
        world.move(Self.move)
        world.settle()
        #expect(world.requests == ["send a", "send a", "send b"])
        #expect(world.texts(in: Self.move.to) == ["a", "b"])
        #expect(rows.map { world.store.fates[$0] } == [.delivered, .delivered])
    }

    @Test("T24: a preview, a typing sign and an edit find the new chat as well")
    func followsFromPreviews() {
        var world = PlannerWorld()
        let row = world.begin(.edit(interval: .seconds(1)), typing: .seconds(4))
        world.perform(0, .refuse(.chatMoved(to: "-100")))
        #expect(world.notes == [.moved(Self.move)])
        world.move(Self.move)
        world.settle()
        world.commit(world.store.rows[row.id] ?? row, "the answer")
        world.settle()
        #expect(world.texts(in: Self.move.to) == ["the answer"])
        #expect(world.store.fates[row.id] == .delivered)
    }

    @Test("T24: a row that is handed over late, under the old name, arrives once under the new one")
    func takesLateRows() {
        var world = PlannerWorld()
        let row = world.store.add("a", in: PlannerWorld.chat)
        world.move(Self.move)
        world.settle()
        world.planner.enqueue([row], at: world.now)
        world.dispatch()
        world.settle()
        #expect(world.requests == ["send a"])
        #expect(world.texts(in: Self.move.to) == ["a"])
    }

    @Test("T24: a chat that is sent on again and again is given up")
    func endsALoop() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        for _ in 0..<world.policy.movesAtMost {
            world.perform(0, .refuse(.chatMoved(to: "-100")))
            world.write()
            world.advance(.seconds(61))
        }
        world.perform(0, .refuse(.chatMoved(to: "-100")))
        world.settle()
        #expect(world.requests.count == world.policy.movesAtMost + 1)
        if case .abandoned = world.store.fates[row] {} else { Issue.record("still tried") }
    }

    @Test("T25: where the bot is shut out, the typing sign alone ends what there is to do")
    func noticesAtOnce() {
        var world = PlannerWorld()
        _ = world.begin(.edit(interval: .seconds(1)), typing: .seconds(4))
        world.perform(0, .refuse(.chatGone("bot was blocked by the user")))
        world.settle()
        #expect(
            world.notes == [
                world.unreachable(PlannerWorld.chat, wholeChat: true, "bot was blocked by the user", row: 1)
            ])
        world.advance(.seconds(60))
        #expect(world.requests == ["typing"])
    }

    @Test("T23 T25: a topic that is gone ends its own conversation, and its chat goes on")
    func endsATopicAlone() {
        var world = PlannerWorld()
        let topic = ConversationKey(platform: .telegram, account: "1", chat: "7", thread: "9")
        let lost = world.enqueue("lost", in: topic)
        let kept = world.enqueue("kept")
        world.perform(0, .refuse(.chatUnavailable("Bad Request: message thread not found")))
        world.settle()
        #expect(
            world.notes
                == [world.unreachable(topic, wholeChat: false, "Bad Request: message thread not found", row: 1)])
        #expect(world.store.fates[lost] == .abandoned("Bad Request: message thread not found"))
        #expect(world.store.fates[kept] == .delivered)
    }

    @Test(
        "T25: what becomes ready while a request is under way that is then refused is sent: the bot may be let in again"
    )
    func keepsWhatCameLater() {
        var world = PlannerWorld()
        let lost = world.enqueue(together: ["a", "b"])
        let since = world.now.wall
        world.advance(.seconds(9))
        let kept = world.enqueue("c")
        world.perform(0, .refuse(.chatGone("blocked")))
        #expect(
            world.notes == [
                .unreachable(
                    LostChat(PlannerWorld.chat, wholeChat: true, reason: "blocked", since: since, newestRow: lost[1]))
            ])
        world.settle()
        #expect(world.requests == ["send a", "send c"])
        #expect(lost.map { world.store.fates[$0] } == [.abandoned("blocked"), .abandoned("blocked")])
        #expect(world.store.fates[kept] == .delivered)
    }

    @Test("T25: a reply that begins while a request is under way that is then refused is shown as it grows")
    func keepsALaterReply() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        let row = world.begin(.edit(interval: .seconds(1)))
        world.perform(0, .refuse(.chatGone("blocked")))
        world.write()
        world.preview("half")
        world.advance(.seconds(1))
        world.settle()
        world.commit(world.store.rows[row.id] ?? row, "half and half")
        world.settle()
        #expect(world.requests == ["send a", "send half", "edit half and half"])
        #expect(world.texts() == ["half and half"])
    }

    @Test(
        "T25: of a long reply that had begun before the refused request nothing is sent, also what is cut off it later")
    func losesAWholeReply() {
        var world = PlannerWorld()
        world.limit = 4
        let row = world.begin(.edit(interval: .seconds(1)))
        world.preview("one")
        world.advance(.seconds(1))
        world.settle()
        world.preview("one t")
        world.advance(.seconds(2))
        let kept = world.enqueue("kept")
        world.commit(world.store.rows[row.id] ?? row, whole: "one two")
        world.perform(0, .refuse(.chatGone("blocked")))
        world.settle()
        #expect(world.texts() == ["one", "kept"])
        #expect(world.store.fates[kept] == .delivered)
        #expect(!world.store.hasUnended)
    }

    @Test("T25: a chat that was gone is served again")
    func wakes() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .refuse(.chatGone("blocked")))
        world.settle()
        _ = world.enqueue("b")
        world.settle()
        #expect(world.texts() == ["b"])
    }
}

extension PlannerWorld {
    /// The note of a chat that was found to be lost by a request that took no time.
    fileprivate func unreachable(
        _ conversation: ConversationKey, wholeChat: Bool, _ reason: String, row: Int64
    ) -> DeliveryNote {
        .unreachable(
            LostChat(conversation, wholeChat: wholeChat, reason: reason, since: now.wall, newestRow: OutboxID(row)))
    }
}
