import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// Final texts: every outcome, order, gates.
struct DeliveryPlannerTests {
    private static let other = ConversationKey(platform: .telegram, account: "1", chat: "8")
    private static let topic = ConversationKey(platform: .telegram, account: "1", chat: "7", thread: "3")

    @Test func deliversRowsOfAConversationInOrder() {
        var world = PlannerWorld()
        for text in ["a", "b", "c"] { _ = world.enqueue(text) }
        #expect(world.pending.count == 1)
        world.settle()
        #expect(world.texts() == ["a", "b", "c"])
        #expect(!world.store.hasUnended)
    }

    @Test func aRowIsWrittenAsDeliveredBeforeTheNextOneGoes() {
        var world = PlannerWorld()
        let first = world.enqueue("a")
        _ = world.enqueue("b")
        world.perform()
        #expect(world.pending.map(\.work) == [.write(.delivered(first, message: "m1", isReply: false))])
    }

    @Test func theEndOfTheProgramTellsTheStoreOnceMoreAtOnce() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        world.perform()
        let write = world.pending.removeFirst()
        world.planner.finish(write, .storeFailed(.full), at: world.now)
        world.dispatch()
        #expect(world.pending.isEmpty)
        world.planner.drain()
        world.dispatch()
        #expect(world.pending.map(\.work) == [.write(.delivered(row, message: "m1", isReply: false))])
    }

    @Test func troubleAfterAChatWasGivenUpIsNewsAgain() {
        var world = PlannerWorld()
        let other = ConversationKey(platform: .telegram, account: "1", chat: "8")
        _ = world.enqueue("a")
        world.perform(0, .refuse(.notSent("down")))
        world.write()
        world.advance(.seconds(1))
        world.perform(0, .refuse(.chatUnavailable("blocked")))
        world.settle()
        world.notes = []
        _ = world.enqueue("b", in: other)
        world.perform(0, .refuse(.notSent("down again")))
        #expect(world.notes == [.failing(.telegram, reason: "down again")])
    }

    @Test func aRowFromTheFutureOfAClockThatWasSetBackCountsAsOld() {
        var world = PlannerWorld()
        var row = OutboxRow(
            id: OutboxID(5), conversation: PlannerWorld.chat, address: ReplyAddress(rawValue: "7"), turn: nil, chunk: 0,
            nonce: "n5", payload: RenderedChunk(text: "a"))
        row.isDoubtful = true
        row.doubtfulSince = world.now.wall + .seconds(3600)
        world.planner.enqueue([row], at: world.now)
        world.dispatch()
        guard case .send(_, _, let age?)? = world.pending.first?.work else {
            Issue.record("it is sent as one that may stand in the chat already")
            return
        }
        #expect(age > .seconds(86_400), "no platform is trusted to know its nonce")
    }

    @Test func aWriteThatFailsIsRepeatedBeforeAnythingElseGoes() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        _ = world.enqueue("b")
        world.perform()
        let write = world.pending.removeFirst()
        world.planner.finish(write, .storeFailed(.full), at: world.now)
        world.dispatch()
        #expect(world.pending.isEmpty)
        #expect(world.notes == [.storeFailing(.full)])
        world.advance(.seconds(1))
        #expect(world.pending.map(\.work) == [write.work])
        world.settle()
        #expect(world.texts() == ["a", "b"])
        #expect(world.notes == [.storeFailing(.full), .storeRecovered])
    }

    @Test func aChatThatHangsDelaysNoOther() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        _ = world.enqueue("b", in: Self.other)
        #expect(world.pending.count == 2)
        world.perform(1)
        world.perform(1)
        #expect(world.texts(in: Self.other) == ["b"])
        #expect(world.texts() == [])
    }

    @Test func boundsWhatIsUnderWayAndServesChatsInTurn() {
        var policy = DeliveryPolicy()
        policy.operationsAtOnce = 2
        var world = PlannerWorld(policy: policy)
        let keys = (0..<6).map { ConversationKey(platform: .telegram, account: "1", chat: "\($0)") }
        for key in keys { for text in ["a", "b"] { _ = world.enqueue(text, in: key) } }
        var most = 0
        while !world.pending.isEmpty {
            most = max(most, world.pending.count)
            world.perform()
        }
        #expect(most == 2)
        // Every chat has its first message before any has its second.
        #expect(world.messages.prefix(6).map(\.text) == Array(repeating: "a", count: 6))
    }

    @Test("T12: after a 429 nothing goes to the chat before retry_after is over, and other chats go on")
    func waitsForTheFloodLimitOfTheChatAlone() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        _ = world.enqueue("b")
        _ = world.enqueue("c", in: Self.other)
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(3), everywhere: false)))
        world.settle()
        #expect(world.texts(in: Self.other) == ["c"])
        #expect(world.texts() == [])
        #expect(world.store.rows[row]?.retryAt == world.wallStart + .milliseconds(3075))
        #expect(world.store.rows[row]?.isDoubtful == false)
        world.advance(.milliseconds(3074))
        #expect(world.pending.isEmpty)
        world.advance(.milliseconds(1))
        world.settle()
        #expect(world.requests == ["send a", "send c", "send a"])
        world.advance(.seconds(1))
        world.settle()
        #expect(world.texts() == ["a", "b"])
    }

    @Test func aRowThatComesWhileTheChatIsClosedIsPutOffInTheStore() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(30), everywhere: false)))
        world.settle()
        let later = world.enqueue("b", in: Self.topic)
        world.settle()
        #expect(world.store.rows[later]?.retryAt == world.wallStart + .milliseconds(30_075))
        #expect(world.requests == ["send a"])
    }

    @Test func aFloodLimitEverywhereClosesThePlatform() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(2), everywhere: true)))
        _ = world.enqueue("b", in: Self.other)
        world.settle()
        #expect(world.requests == ["send a"])
        world.advance(.milliseconds(2075))
        world.settle()
        #expect(world.messages.count == 2)
    }

    @Test func aStoredWaitHoldsAfterARestart() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(60), everywhere: false)))
        world.settle()
        world.advance(.seconds(10))
        world.crash()
        #expect(world.pending.isEmpty)
        world.advance(.milliseconds(50_075))
        world.settle()
        #expect(world.texts() == ["a"])
    }

    @Test func topicsOfAChatShareItsGateAndItsTurn() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        _ = world.enqueue("b", in: Self.topic)
        #expect(world.pending.count == 1)
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(5), everywhere: false)))
        world.settle()
        #expect(world.requests == ["send a"])
        world.advance(.milliseconds(5075))
        world.settle()
        #expect(world.messages.count == 1, "a second apart, as the 429 has taught")
        world.advance(.seconds(1))
        world.settle()
        #expect(world.texts() == ["a"])
        #expect(world.texts(in: Self.topic) == ["b"])
    }

    @Test(arguments: [DeliveryError.notSent("500"), .linkDown("not up yet")])
    func whatSurelyDidNotArriveIsTriedAgainWithoutALabel(_ error: DeliveryError) {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        for _ in 0..<8 {
            world.perform(0, .refuse(error))
            world.settle()
            #expect(world.texts() == [])
            world.advance(.seconds(60))
            #expect(world.pending.count == 1)
        }
        world.settle()
        #expect(world.texts() == ["a"])
        let news = world.notes.count
        #expect(news == 2, "one line when it began, one when it was over: \(world.notes)")
    }

    @Test func attemptsAreFurtherAndFurtherApart() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        var waits: [Duration] = []
        for _ in 0..<9 {
            world.perform(0, .refuse(.notSent("500")))
            world.write()
            guard let due = world.due else { break }
            waits.append(due - world.uptime)
            world.advance(due - world.uptime)
        }
        #expect(waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    }

    @Test("T31: refused markup goes plain at once, in one message")
    func refusedMarkupGoesPlain() {
        var world = PlannerWorld()
        let row = world.enqueue("a", markup: "bold")
        world.perform(0, .refuse(.markupRefused("can't parse entities")))
        world.write()
        #expect(world.store.rows[row]?.payload == RenderedChunk(text: "a"))
        world.settle()
        #expect(world.texts() == ["a"])
    }

    @Test("T25: a chat that is gone loses its rows quietly")
    func aGoneChatEndsItsRows() {
        var world = PlannerWorld()
        let rows = world.enqueue(together: ["a", "b"])
        world.perform(0, .refuse(.chatUnavailable("blocked")))
        world.settle()
        #expect(rows.map { world.store.fates[$0] } == [.abandoned("blocked"), .abandoned("blocked")])
        #expect(world.requests == ["send a"])
    }

    @Test func aRowThatWasCancelledIsNotSent() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        _ = world.store.cancel(row, lastWord: "stopped")
        world.settle()
        #expect(world.requests == [])
    }

    @Test func aRowIsNotSentAgainWhenAnOlderCopyOfItComesLate() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        let copy = world.store.rows[row]
        world.settle()
        world.planner.enqueue([copy].compactMap { $0 }, at: world.now)
        world.dispatch()
        #expect(world.pending.isEmpty)
    }

    @Test func rowsBeyondTheBoundWaitInTheStoreAndKeepTheirOrder() {
        var policy = DeliveryPolicy()
        policy.rowsInMemory = 10
        policy.pageSize = 3
        var world = PlannerWorld(policy: policy)
        let keys = [PlannerWorld.chat, Self.other]
        for number in 0..<60 { _ = world.enqueue("\(number)", in: keys[number % 2]) }
        #expect((world.planner.platforms[.telegram]?.rows ?? 0) <= 12)
        world.settle()
        for (index, key) in keys.enumerated() {
            #expect(world.texts(in: key) == stride(from: index, to: 60, by: 2).map(String.init))
        }
        #expect(!world.store.hasUnended)
    }

    @Test func loadsWhatAnEarlierRunLeft() {
        var world = PlannerWorld()
        for text in ["a", "b"] { _ = world.enqueue(text) }
        world.crash()
        world.settle()
        #expect(world.texts() == ["a", "b"])
    }

    @Test func isQuietOnceAllIsOutOrHasToWaitLonger() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.planner.drain()
        #expect(!world.planner.isQuiet(until: .seconds(5)))
        world.settle()
        #expect(world.planner.isQuiet(until: .seconds(5)))
        _ = world.enqueue("b")
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(60), everywhere: false)))
        world.write()
        #expect(world.planner.isQuiet(until: .seconds(5)))
        #expect(!world.planner.isQuiet(until: .seconds(61)))
    }
}
