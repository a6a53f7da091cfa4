import BotCore
import Testing

@testable import BotConversation

struct LaneSchedulerTests {
    private static func entry(_ id: Int64, _ chat: String, _ event: InboundEvent? = nil) -> InboxEntry {
        InboxEntry(id: InboxID(id), event: event ?? .message("\(id)", chat: chat))
    }

    private static func reset(_ id: Int64, _ chat: String) -> InboxEntry {
        entry(id, chat, .command("reset", chat: chat))
    }

    @Test("T15: one event at a time in a chat, in order")
    func oneAtATimeInAChat() {
        var lanes = LaneScheduler(limit: 8)
        let (first, second, third) = (Self.entry(1, "a"), Self.entry(2, "a"), Self.entry(3, "a"))
        #expect(lanes.handle(.arrived(first)) == [.start(first)])
        #expect(lanes.handle(.arrived(second)) == [])
        #expect(lanes.handle(.arrived(third)) == [])
        #expect(lanes.handle(.finished(first)) == [.start(second)])
        #expect(lanes.handle(.finished(second)) == [.start(third)])
        #expect(lanes.handle(.finished(third)) == [])
        #expect(lanes.isIdle)
        #expect(lanes.laneCount == 0)
        #expect(lanes.load == 0)
    }

    @Test func aResetDoesNotOvertakeAForget() {
        var lanes = LaneScheduler(limit: 8)
        let forget = InboxEntry(
            id: InboxID(1),
            event: InboundEvent(
                externalID: "1", conversation: Self.entry(1, "a").event.conversation, scope: .direct, isAddressed: true,
                speaker: Speaker(id: "7", name: "Ann"), receivedAt: Timestamp(rawValue: 0),
                replyAddress: ReplyAddress(rawValue: "a"), body: .command(name: "forget", arguments: "yes")))
        let (reset, last) = (Self.reset(2, "a"), Self.entry(3, "a"))
        #expect(lanes.handle(.arrived(forget)) == [.startAround(forget)])
        #expect(lanes.handle(.arrived(reset)) == [], "it would drop the event before it")
        #expect(lanes.handle(.arrived(last)) == [])
        let elsewhere = Self.reset(4, "b")
        #expect(lanes.handle(.arrived(elsewhere)) == [.startAround(elsewhere)])
        #expect(lanes.handle(.finished(forget)) == [.startAround(reset)])
        #expect(lanes.handle(.finished(reset)) == [.start(last)])
        #expect(lanes.handle(.finished(last)) == [])
        #expect(lanes.handle(.finished(elsewhere)) == [])
        #expect(lanes.isIdle && lanes.laneCount == 0 && lanes.load == 0)
    }

    @Test("T24: what waits and runs in a chat that moves keeps its order under the new name")
    func followsAMove() throws {
        var lanes = LaneScheduler(limit: 8)
        let (first, second) = (Self.entry(1, "a"), Self.entry(2, "a"))
        _ = lanes.handle(.arrived(first))
        _ = lanes.handle(.arrived(second))
        let order = ChatMoveOrder(
            ChatMove("a", to: "b", platform: .telegram, account: "1"), oldSpace: "telegram:chat:a",
            newSpace: "telegram:chat:b", grant: nil, at: Timestamp(rawValue: 0)
        ) { _ in ReplyAddress(rawValue: "to b") }
        #expect(lanes.handle(.moved(order)) == [])
        #expect(lanes.laneCount == 1)
        let (third, late) = (Self.entry(3, "b"), Self.entry(4, "a"))
        #expect(lanes.handle(.arrived(third)) == [])
        #expect(lanes.handle(.arrived(late)) == [])
        let moved = InboxEntry(id: second.id, event: try #require(order.moved(second.event)))
        #expect(moved.event.conversation == third.event.conversation)
        #expect(lanes.handle(.finished(first)) == [.start(moved)])
        #expect(lanes.handle(.finished(moved)) == [.start(third)])
        #expect(lanes.handle(.finished(third)) == [.start(late)])
        #expect(lanes.handle(.finished(late)) == [])
        #expect(lanes.isIdle && lanes.laneCount == 0 && lanes.load == 0)
    }

    @Test("T24: where something runs under both names, what waits begins after both")
    func joinsTwoLanes() throws {
        var lanes = LaneScheduler(limit: 8)
        let (old, new, next) = (Self.entry(1, "a"), Self.entry(2, "b"), Self.entry(3, "b"))
        for entry in [old, new, next] { _ = lanes.handle(.arrived(entry)) }
        let order = ChatMoveOrder(
            ChatMove("a", to: "b", platform: .telegram, account: "1"), oldSpace: "", newSpace: "", grant: nil,
            at: Timestamp(rawValue: 0)
        ) { $0 }
        #expect(lanes.handle(.moved(order)) == [])
        #expect(lanes.handle(.finished(new)) == [])
        #expect(lanes.handle(.finished(old)) == [.start(next)])
    }

    @Test("T15: a chat at work delays no other")
    func chatsAreIndependent() {
        var lanes = LaneScheduler(limit: 8)
        let (first, second) = (Self.entry(1, "a"), Self.entry(2, "b"))
        _ = lanes.handle(.arrived(first))
        #expect(lanes.handle(.arrived(second)) == [.start(second)])
    }

    @Test func atMostTheLimitRunsAndLanesAreServedInOrder() {
        var lanes = LaneScheduler(limit: 2)
        let entries = (1...5).map { Self.entry(Int64($0), "chat \($0)") }
        let started = entries.flatMap { lanes.handle(.arrived($0)) }
        #expect(started == [.start(entries[0]), .start(entries[1])])
        #expect(lanes.handle(.finished(entries[1])) == [.start(entries[2])])
        #expect(lanes.handle(.finished(entries[0])) == [.start(entries[3])])
        #expect(lanes.handle(.finished(entries[2])) == [.start(entries[4])])
    }

    @Test func whatAFullChatSendsIsSetAsideUntilHalfOfItsRoomIsFree() {
        var lanes = LaneScheduler(limit: 8, laneLimit: 4)
        let entries = (1...12).map { Self.entry(Int64($0), "a") }
        for entry in entries[0...4] { _ = lanes.handle(.arrived(entry)) }
        #expect(lanes.handle(.arrived(entries[5])) == [.setAside(entries[5], isFirst: true)])
        #expect(lanes.handle(.arrived(entries[6])) == [.setAside(entries[6], isFirst: false)])
        let other = Self.entry(20, "b")
        #expect(lanes.handle(.arrived(other)) == [.start(other)])
        #expect(lanes.handle(.finished(entries[5])) == [])
        #expect(lanes.handle(.finished(entries[0])) == [.start(entries[1])])
        #expect(lanes.handle(.arrived(entries[7])) == [.setAside(entries[7], isFirst: false)])
        #expect(lanes.handle(.finished(entries[1])) == [.start(entries[2])])
        #expect(lanes.handle(.arrived(entries[8])) == [], "two wait: there is room")
        #expect(lanes.handle(.arrived(entries[9])) == [])
        #expect(lanes.handle(.arrived(entries[10])) == [.setAside(entries[10], isFirst: true)])
        #expect(lanes.handle(.arrived(entries[11], isRecovered: true)) == [], "it was taken before")
        let control = Self.reset(30, "a")
        #expect(lanes.handle(.arrived(control)) == [.startAround(control)])
    }

    @Test func aBusyChatDoesNotStarveOthers() {
        var lanes = LaneScheduler(limit: 1)
        let busy = (1...3).map { Self.entry(Int64($0), "busy") }
        let other = Self.entry(4, "other")
        for entry in busy { _ = lanes.handle(.arrived(entry)) }
        _ = lanes.handle(.arrived(other))
        #expect(lanes.handle(.finished(busy[0])) == [.start(other)])
        #expect(lanes.handle(.finished(other)) == [.start(busy[1])])
    }

    @Test("T15: /stop and /reset go around what runs")
    func controlsGoAround() {
        var lanes = LaneScheduler(limit: 1)
        let running = Self.entry(1, "a")
        _ = lanes.handle(.arrived(running))
        let stop = Self.entry(2, "a", .command("stop", chat: "a"))
        #expect(lanes.handle(.arrived(stop)) == [.startAround(stop)])
        let reset = Self.reset(3, "a")
        #expect(lanes.handle(.arrived(reset)) == [.startAround(reset)])
        let pressed = Self.entry(4, "a", .test(.stopPressed(turn: TurnID(9)), chat: "a", id: "p"))
        #expect(lanes.handle(.arrived(pressed)) == [.startAround(pressed)])
    }

    @Test func whatComesAfterAResetWaitsForIt() {
        var lanes = LaneScheduler(limit: 8)
        let (reset, later) = (Self.reset(1, "a"), Self.entry(2, "a"))
        _ = lanes.handle(.arrived(reset))
        #expect(lanes.handle(.arrived(later)) == [])
        #expect(!lanes.isIdle)
        #expect(lanes.handle(.finished(reset)) == [.start(later)])
    }

    @Test func aReadyLaneThatAResetHoldsIsSkipped() {
        var lanes = LaneScheduler(limit: 1)
        let (running, waiting, other) = (Self.entry(1, "x"), Self.entry(2, "a"), Self.entry(3, "b"))
        for entry in [running, waiting, other] { _ = lanes.handle(.arrived(entry)) }
        let reset = Self.reset(4, "a")
        _ = lanes.handle(.arrived(reset))
        #expect(lanes.handle(.finished(running)) == [.start(other)])
        #expect(lanes.handle(.finished(reset)) == [])
        #expect(lanes.handle(.finished(other)) == [.start(waiting)])
    }

    @Test func aResetDropsOnlyWhatCameBefore() {
        var lanes = LaneScheduler(limit: 8)
        let running = Self.entry(1, "a")
        let (before, reset, after) = (Self.entry(2, "a"), Self.reset(3, "a"), Self.entry(4, "a"))
        for entry in [running, before, reset, after] { _ = lanes.handle(.arrived(entry)) }
        #expect(lanes.load == 4)
        #expect(lanes.handle(.dropped(running.event.conversation, before: reset.id)) == [])
        #expect(lanes.load == 3)
        #expect(lanes.handle(.finished(reset)) == [])
        #expect(lanes.handle(.finished(running)) == [.start(after)])
    }

    @Test func anEventToldTwiceIsHandledOnce() {
        var lanes = LaneScheduler(limit: 8)
        let entry = Self.entry(1, "a")
        #expect(lanes.handle(.arrived(entry)) == [.start(entry)])
        #expect(lanes.handle(.arrived(entry)) == [])
        #expect(lanes.handle(.finished(entry)) == [])
        #expect(lanes.handle(.finished(entry)) == [])
        #expect(lanes.isIdle)
    }

    @Test func nothingStartsWhileDraining() {
        var lanes = LaneScheduler(limit: 1)
        let (running, waiting) = (Self.entry(1, "a"), Self.entry(2, "a"))
        _ = lanes.handle(.arrived(running))
        _ = lanes.handle(.arrived(waiting))
        _ = lanes.handle(.drained)
        #expect(lanes.handle(.arrived(Self.reset(3, "b"))) == [])
        #expect(lanes.handle(.finished(running)) == [])
        #expect(lanes.isIdle)
    }
}
