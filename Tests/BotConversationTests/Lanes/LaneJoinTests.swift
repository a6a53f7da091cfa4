import BotCore
import Testing

@testable import BotConversation

/// Events that are handled together: which a lane takes out of its queue, and what may join one that runs.
struct LaneJoinTests {
    private static func entry(
        _ id: Int64, _ chat: String = "a", album: String? = nil, by person: String = "7"
    ) -> InboxEntry {
        InboxEntry(
            id: InboxID(id),
            event: .test(
                .message(InboundMessage(text: "\(id)", album: album)), chat: chat, id: "\(id)",
                scope: .shared(space: "telegram:chat:\(chat)", title: "Crew"),
                speaker: Speaker(id: person, name: person)))
    }

    /// Lets all arrive together.
    private static func arrive(_ entries: [InboxEntry], in lanes: inout LaneScheduler) -> [LaneScheduler.Action] {
        entries.enumerated().flatMap { place, entry in
            lanes.handle(.arrived(entry, isLast: place == entries.count - 1))
        }
    }

    @Test(
        "T16: what arrives together starts together, in the order in which it was written",
        arguments: [
            // An album, and what follows it.
            ([("x", "7"), ("x", "7"), ("x", "7"), (nil, "7")], [[1, 2, 3], [4]]),
            // Others wrote in between.
            ([("x", "7"), (nil, "8"), ("x", "7"), ("y", "8")], [[1, 3], [2], [4]]),
            // The same person did: what stands behind that is another question.
            ([("x", "7"), (nil, "7"), ("x", "7")], [[1], [2], [3]]),
            ([("x", "7"), ("y", "7"), ("x", "7"), ("y", "7")], [[1], [2], [3], [4]]),
            ([("x", "7"), ("x", "8"), ("x", "7"), ("x", "8")], [[1, 3], [2, 4]]),
        ] as [([(String?, String)], [[Int64]])])
    func startsTogether(written: [(album: String?, person: String)], handled: [[Int64]]) {
        var lanes = LaneScheduler(limit: 8)
        let entries = written.enumerated().map { Self.entry(Int64($0 + 1), album: $1.album, by: $1.person) }
        var actions = Self.arrive(entries, in: &lanes)
        var groups: [[Int64]] = []
        while case .start(let first, let joined)? = actions.first, actions.count == 1 {
            groups.append(([first] + joined).map(\.id.rawValue))
            actions = lanes.handle(.finished(first))
        }
        #expect(groups == handled)
        #expect(actions == [])
        #expect(lanes.isIdle && lanes.laneCount == 0 && lanes.load == 0)
    }

    @Test("T16: what joins a running event ends with it, and is handled once however often it is told")
    func endsWithWhatItJoined() {
        var lanes = LaneScheduler(limit: 8)
        let (first, part, next) = (Self.entry(1, album: "x"), Self.entry(2, album: "x"), Self.entry(3))
        _ = lanes.handle(.arrived(first))
        #expect(lanes.mayJoinRunning(part))
        for _ in 0..<2 { #expect(lanes.handle(.joined(part)) == []) }
        #expect(lanes.load == 2)
        #expect(!lanes.mayJoinRunning(part), "it has joined")
        #expect(lanes.handle(.arrived(part)) == [], "it is known")
        #expect(lanes.handle(.arrived(next)) == [])
        #expect(lanes.handle(.finished(first)) == [.start(next)])
        #expect(lanes.load == 1)
        #expect(lanes.handle(.finished(part)) == [], "it has ended")
        #expect(lanes.handle(.finished(next)) == [])
        #expect(lanes.isIdle && lanes.laneCount == 0 && lanes.load == 0)
    }

    @Test(
        "T16: nothing joins past what the same person has waiting, nor while a command clears the chat",
        arguments: [
            (.nothingRuns, false), (.nothingWaits, true), (.itsPersonWaits, false), (.anotherPersonWaits, true),
            (.aResetIsUnderWay, false), (.aResetIsOver, true), (.theProgramEnds, false), (.itHasEnded, false),
        ] as [(Situation, Bool)])
    func joinsRunning(situation: Situation, mayJoin: Bool) {
        var lanes = LaneScheduler(limit: 8)
        let first = Self.entry(1, album: "x")
        let reset = InboxEntry(id: InboxID(2), event: .command("reset", chat: "a"))
        if situation != .nothingRuns { _ = lanes.handle(.arrived(first)) }
        switch situation {
        case .nothingRuns, .nothingWaits: break
        case .itsPersonWaits: _ = lanes.handle(.arrived(Self.entry(2)))
        case .anotherPersonWaits: _ = lanes.handle(.arrived(Self.entry(2, by: "8")))
        case .aResetIsUnderWay: _ = lanes.handle(.arrived(reset))
        case .aResetIsOver:
            _ = lanes.handle(.arrived(reset))
            _ = lanes.handle(.finished(reset))
        case .theProgramEnds: _ = lanes.handle(.drained)
        case .itHasEnded: _ = lanes.handle(.finished(first))
        }
        #expect(lanes.mayJoinRunning(Self.entry(9, album: "x")) == mayJoin)
        #expect(!lanes.mayJoinRunning(Self.entry(9, "b", album: "x")), "it is of another chat")
    }

    enum Situation: Sendable {
        case nothingRuns, nothingWaits, itsPersonWaits, anotherPersonWaits, aResetIsUnderWay, aResetIsOver
        case theProgramEnds, itHasEnded
    }

    @Test("T24: in a chat that has moved to a name under which an event ran already, nothing joins either of them")
    func joinsNeitherOfTwo() {
        var lanes = LaneScheduler(limit: 8)
        let (old, new) = (Self.entry(1, "a", album: "x"), Self.entry(2, "b", album: "x"))
        for entry in [old, new] { _ = lanes.handle(.arrived(entry)) }
        let order = ChatMoveOrder(
            ChatMove("a", to: "b", platform: .telegram, account: "1"), oldSpace: "telegram:chat:a",
            newSpace: "telegram:chat:b", grant: nil, at: Timestamp(rawValue: 0)
        ) { _ in ReplyAddress(rawValue: "to b") }
        _ = lanes.handle(.moved(order))
        #expect(!lanes.mayJoinRunning(Self.entry(3, "b", album: "x")))
        _ = lanes.handle(.finished(new))
        #expect(lanes.mayJoinRunning(Self.entry(3, "b", album: "x")))
        #expect(
            lanes.mayJoinRunning(Self.entry(3, "a", album: "x")), "told under the old name it belongs there as well")
    }
}
