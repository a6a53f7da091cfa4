import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// How fast a chat is written to.
struct ChatPaceTests {
    @Test("T34: after a 429 the messages of a chat are further apart, and with the next one further still")
    func learnsFromFloods() {
        var pace = ChatPace()
        pace.used(at: .seconds(10))
        #expect(pace.messageDue == .seconds(10))
        pace.flooded(until: .seconds(15))
        #expect(pace.messageDue == .seconds(11))
        pace.flooded(until: .seconds(30))
        #expect(pace.messageDue == .seconds(12))
        for _ in 0..<5 { pace.flooded(until: .seconds(40)) }
        #expect(pace.messageDue == .seconds(14), "but never more than four seconds")
        #expect(!pace.isIdle(at: .seconds(339)))
        pace.used(at: .seconds(339))
        #expect(pace.messageDue == .seconds(343))
        pace.used(at: .seconds(340))
        #expect(pace.messageDue == .seconds(340), "forgotten after five minutes")
        #expect(pace.isIdle(at: .seconds(400)))
    }

    @Test("T34: two messages to a chat that has been flooded go one after the other")
    func spacesMessages() {
        var world = PlannerWorld()
        for text in ["a", "b", "c"] { _ = world.enqueue(text) }
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(5), everywhere: false)))
        world.write()
        world.advance(.seconds(6))
        world.settle()
        #expect(world.texts() == ["a"])
        world.advance(.milliseconds(999))
        #expect(world.texts() == ["a"])
        world.advance(.milliseconds(1))
        world.settle()
        #expect(world.texts() == ["a", "b"])
        world.advance(.seconds(1))
        world.settle()
        #expect(world.texts() == ["a", "b", "c"])
    }

    /// A reply is made for so long, with news every half second, in a group that takes 20 messages and edits a minute; then it
    /// is done, and fills seven messages.
    @Test("T34: previews leave room for the final text", arguments: Array(stride(from: 2, through: 150, by: 4)))
    func leavesRoom(_ seconds: Int) {
        var world = PlannerWorld()
        world.limit = 1000
        let row = world.begin(.edit(interval: .seconds(3), perMinute: 20))
        var times: [Duration] = []
        var length = 0
        func perform() {
            while !world.pending.isEmpty {
                if world.pending[0].work.usesMessage { times.append(world.uptime) }
                world.perform()
            }
        }
        for _ in 0..<seconds * 2 {
            length += 40
            world.preview(String(repeating: "x", count: min(length, 6500)))
            perform()
            world.advance(.milliseconds(500))
            perform()
        }
        let frames = times.count
        world.commit(row, whole: String(repeating: "y", count: 6500))
        perform()
        #expect(!world.store.hasUnended)
        #expect(world.texts().count == 7)
        for time in times {
            #expect(times.count { $0 > time - .seconds(60) && $0 <= time } <= 20, "more than the group takes")
        }
        #expect(frames >= min(seconds / 4, 4), "the reply was hardly shown")
    }

    @Test("T34: frames are rarer before they end, and without a number they are not held back")
    func framesGetRarer() {
        var pace = ChatPace()
        var now = Duration.zero
        var frames: [Duration] = []
        while now < .seconds(120) {
            if pace.frameDue(at: now, perMinute: 20) <= now {
                pace.used(at: now)
                frames.append(now)
            }
            now += .seconds(3)
        }
        #expect(Array(frames.prefix(6)) == [0, 3, 6, 9, 12, 15].map { Duration.seconds($0) })
        let later = zip(frames.dropFirst(6), frames.dropFirst(7)).map { $1 - $0 }
        #expect(later.allSatisfy { $0 >= .seconds(6) && $0 <= .seconds(12) })
        #expect(pace.frameDue(at: now, perMinute: nil) <= now)
    }
}
