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
            world.notes
                == [.unreachable(PlannerWorld.chat, wholeChat: true, reason: "bot was blocked by the user")])
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
                == [.unreachable(topic, wholeChat: false, reason: "Bad Request: message thread not found")])
        #expect(world.store.fates[lost] == .abandoned("Bad Request: message thread not found"))
        #expect(world.store.fates[kept] == .delivered)
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
