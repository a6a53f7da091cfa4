import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// A platform that fails for a while: what waits goes as soon as there is a sign that it works again.
struct DeliveryOutageTests {
    private static let keys = (0..<40).map { ConversationKey(platform: .telegram, account: "1", chat: "\($0)") }

    /// Lets every operation under way fail, and what then falls due, until each chat waits for half a minute or so.
    private func outage(_ keys: some Collection<ConversationKey>) -> PlannerWorld {
        var world = PlannerWorld()
        for key in keys { _ = world.enqueue("answer", in: key) }
        while world.uptime < .seconds(20) {
            failAll(&world)
            world.advance(.milliseconds(500))
        }
        failAll(&world)
        return world
    }

    private func failAll(_ world: inout PlannerWorld) {
        while let operation = world.pending.first {
            world.perform(0, operation.work.isWrite ? .well : .refuse(.notSent("503")))
        }
    }

    @Test func whatGoesThroughInOneChatLetsTheOthersTryAtOnce() {
        var world = outage(Self.keys.prefix(4))
        #expect(world.pending.isEmpty)
        _ = world.enqueue("hello", in: PlannerWorld.chat)
        world.settle()
        for key in Self.keys.prefix(4) { #expect(world.texts(in: key) == ["answer"]) }
        #expect(world.notes.last == .recovered(.telegram))
    }

    @Test func allThatWaitWithinTheOperationsAtOnce() {
        var world = outage(Self.keys)
        _ = world.enqueue("hello", in: PlannerWorld.chat)
        var most = 0
        while !world.pending.isEmpty {
            most = max(most, world.pending.count)
            world.perform()
        }
        #expect(most == world.policy.operationsAtOnce)
        #expect(world.messages.count == Self.keys.count + 1)
    }

    @Test func aChatThatFailsWhileOthersDoNotIsHurriedOnce() {
        var world = outage(Self.keys.prefix(1))
        world.requests = []
        for number in 0..<10 {
            _ = world.enqueue("hello \(number)", in: PlannerWorld.chat)
            while let operation = world.pending.first {
                let fails = !operation.work.isWrite && operation.conversation == Self.keys[0]
                world.perform(0, fails ? .refuse(.notSent("500")) : .well)
            }
        }
        #expect(world.requests.filter { $0 == "send answer" }.count == 1)
        // Once it works, the next trouble is a new one.
        world.advance(.seconds(60))
        world.settle()
        _ = world.enqueue("another", in: Self.keys[0])
        failAll(&world)
        _ = world.enqueue("hello", in: PlannerWorld.chat)
        world.settle()
        #expect(world.texts(in: Self.keys[0]) == ["answer", "another"])
    }

    @Test func whatIsNewInAChatIsAReasonToTryAgain() {
        var world = outage([PlannerWorld.chat])
        #expect(world.pending.isEmpty)
        world.requests = []
        _ = world.enqueue("again")
        failAll(&world)
        #expect(world.requests == ["send answer"], "one attempt, in order")
        _ = world.enqueue("and again")
        world.settle()
        #expect(world.texts() == ["answer", "again", "and again"])
    }

    @Test func aSuccessOfItsOwnUsesUpNothing() {
        var world = PlannerWorld()
        // One fails once and then goes through by itself; with the next the platform fails again.
        for text in ["answer", "another"] { _ = world.enqueue(text) }
        world.perform(0, .refuse(.notSent("503")))
        world.write()
        world.advance(.seconds(1))
        world.perform()
        while world.uptime < .seconds(20) {
            failAll(&world)
            world.advance(.milliseconds(500))
        }
        failAll(&world)
        _ = world.enqueue("hello", in: Self.keys[0])
        world.settle()
        #expect(world.texts() == ["answer", "another"])
    }

    @Test(arguments: [
        DeliveryError.rateLimited(retryAfter: .seconds(30), everywhere: false), .chatMoved(to: "-1007"),
    ])
    func whatIsNewDoesNotShortenAWaitThatThePlatformAsksFor(_ error: DeliveryError) {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .refuse(error))
        world.settle()
        _ = world.enqueue("b")
        world.settle()
        #expect(world.requests == ["send a"])
    }

    @Test func norTheWaitAfterALabelledRepeat() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .loseAnswer)
        world.advance(.milliseconds(500))
        world.perform(0, .loseAnswer)
        world.write()
        let sent = world.requests.count
        _ = world.enqueue("b")
        world.write()
        #expect(world.pending.isEmpty)
        #expect(world.requests.count == sent)
    }
}
