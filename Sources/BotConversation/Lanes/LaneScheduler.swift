import BotCore
import DequeModule

/// Decides which event is handled when: one first-in-first-out lane per conversation, at most `limit` lanes at work at
/// once, lanes served in the order in which they became ready. Pure: it starts nothing itself.
struct LaneScheduler {
    enum Event {
        /// `isRecovered`: an earlier run has taken it, so it has its place however many wait.
        /// `isLast`: nothing else arrived together with it. Lanes start when all has its place, so that what belongs together is seen
        /// together.
        case arrived(InboxEntry, isRecovered: Bool = false, isLast: Bool = true)
        /// The event was joined to those that its lane is working at.
        case joined(InboxEntry)
        /// The event that the lane was working at is done.
        case finished(InboxEntry)
        /// The event beside its lane is done, but has to go on in its turn.
        case goesOn(InboxEntry)
        /// A waiting event has got another content.
        case replaced(InboxEntry)
        /// A reset has dropped what waited in the lane and came before it.
        case dropped(ConversationKey, before: InboxID)
        /// A chat goes on under another name: what waits in it goes there, and what still has the old name belongs there.
        case moved(ChatMoveOrder)
        /// Nothing more is to be started: the program ends.
        case drained
    }

    enum Action: Equatable {
        /// Handle the event as its lane's, together with those that are one question with it.
        case start(InboxEntry, joined: [InboxEntry] = [])
        /// Handle the event beside its lane.
        case startAround(InboxEntry)
        /// Its chat has too many events waiting: end it without its turn. `isFirst` since the chat had room.
        case setAside(InboxEntry, isFirst: Bool)
    }

    private struct Lane {
        var waiting: Deque<InboxEntry> = []
        /// One event; two only where a chat has moved to a name under which one ran already. Each with those that are handled with it.
        var running: [InboxID: [InboxID]] = [:]
        /// Events around the queue that later events must wait for, those that wait for another of them included.
        var holds = 0
        /// Those of them that wait: a `/reset` that overtook `/forget yes` would drop its event, and nothing would be erased.
        var held: Deque<InboxEntry> = []
        var isReady = false
        /// Events are set aside until half of the room is free again, so that a chat at its limit hears of it once.
        var isFull = false

        var mayStart: Bool { running.isEmpty && holds == 0 && !waiting.isEmpty }
        var isIdle: Bool { running.isEmpty && holds == 0 && waiting.isEmpty }
    }

    private let limit: Int
    private let laneLimit: Int
    private var lanes: [ConversationKey: Lane] = [:]
    private var ready: Deque<ConversationKey> = []
    /// Chats that have moved in this run, by their old names; each does so once.
    private var moves: [ConversationKey: ChatMove] = [:]
    /// Everything that waits or is being handled, so that an event that is told twice is handled once.
    private var known: Set<InboxID> = []
    /// Events that were handled beside their lane first and are now in it.
    private var inLane: Set<InboxID> = []
    /// Events that are being set aside.
    private var aside: Set<InboxID> = []
    private var laneJobs = 0
    private var aroundJobs = 0
    private var isDrained = false

    /// - Parameters:
    ///   - limit: lanes at work at once.
    ///   - laneLimit: events that wait in one lane; what comes beyond is set aside.
    init(limit: Int, laneLimit: Int = .max) {
        precondition(limit > 0, "at least one lane must be able to run")
        precondition(laneLimit > 0, "at least one event must be able to wait")
        self.limit = limit
        self.laneLimit = laneLimit
    }

    /// Events that are in memory: they wait or are being handled.
    var load: Int { known.count }
    /// Whether nothing is being handled.
    var isIdle: Bool { laneJobs == 0 && aroundJobs == 0 }
    /// Lanes that exist; idle ones do not.
    var laneCount: Int { lanes.count }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .arrived(let entry, let isRecovered, let isLast):
            var actions: [Action] = []
            if !isDrained, known.insert(entry.id).inserted {
                actions =
                    if !isRecovered, let action = setAside(entry) { [action] } else { arrived(entry) }
            }
            return isLast ? actions + startReady() : actions
        case .joined(let entry):
            guard known.insert(entry.id).inserted else { return [] }
            let key = current(entry.event.conversation)
            if let running = lanes[key]?.running.keys.first { lanes[key]?.running[running]?.append(entry.id) }
            return []
        case .finished(let entry):
            guard known.remove(entry.id) != nil else { return [] }
            return finished(entry) + startReady()
        case .goesOn(let entry):
            guard known.contains(entry.id) else { return [] }
            let actions = finished(entry)
            if isDrained { return actions }
            inLane.insert(entry.id)
            let key = current(entry.event.conversation)
            let place = lanes[key]?.waiting.firstIndex { $0.id > entry.id } ?? lanes[key]?.waiting.count ?? 0
            lanes[key, default: Lane()].waiting.insert(entry, at: place)
            markReady(key)
            return actions + startReady()
        case .replaced(let entry):
            let key = current(entry.event.conversation)
            if let place = lanes[key]?.waiting.firstIndex(where: { $0.id == entry.id }) {
                lanes[key]?.waiting[place] = entry
                // What has become of it would go around; it keeps its place.
                if entry.event.laneRole != .inOrder { inLane.insert(entry.id) }
            }
            return []
        case .dropped(let key, let id):
            drop(in: key, before: id)
            return []
        case .moved(let order):
            move(order)
            return startReady()
        case .drained:
            isDrained = true
            return []
        }
    }

    /// What a conversation is called now.
    func current(_ key: ConversationKey) -> ConversationKey {
        if moves.isEmpty { return key }
        return moves[key.wholeChat]?.newName(of: key) ?? key
    }

    private mutating func move(_ order: ChatMoveOrder) {
        func there(_ entry: InboxEntry) -> InboxEntry {
            InboxEntry(id: entry.id, event: order.moved(entry.event) ?? entry.event)
        }
        moves[order.move.to] = nil
        moves[order.move.from] = order.move
        for key in Array(lanes.keys) {
            guard let name = order.move.newName(of: key), let old = lanes.removeValue(forKey: key) else { continue }
            var lane = lanes[name] ?? Lane()
            lane.waiting = Deque((lane.waiting + old.waiting.map(there)).sorted { $0.id < $1.id })
            lane.held = Deque((lane.held + old.held.map(there)).sorted { $0.id < $1.id })
            lane.holds += old.holds
            lane.running.merge(old.running) { $0 + $1 }
            lanes[name] = lane
            markReady(name)
        }
    }

    /// What waits in a lane and came before an event.
    func waiting(in conversation: ConversationKey, before id: InboxID) -> [InboxEntry] {
        lanes[current(conversation)]?.waiting.filter { $0.id < id } ?? []
    }

    /// Whether an event waits in its lane.
    func waits(_ entry: InboxEntry) -> Bool {
        lanes[current(entry.event.conversation)]?.waiting.contains { $0.id == entry.id } ?? false
    }

    /// Whether an event may be joined to what its lane is working at: nothing of its person waits in between, and no command that
    /// clears the chat is under way, which would take all of it or nothing.
    func mayJoinRunning(_ entry: InboxEntry) -> Bool {
        guard !isDrained, !known.contains(entry.id), let lane = lanes[current(entry.event.conversation)] else {
            return false
        }
        return lane.running.count == 1 && lane.holds == 0
            && !lane.waiting.contains { $0.event.speaker.id == entry.event.speaker.id }
    }

    private mutating func arrived(_ entry: InboxEntry) -> [Action] {
        let key = current(entry.event.conversation)
        switch entry.event.laneRole {
        case .inOrder:
            lanes[key, default: Lane()].waiting.append(entry)
            markReady(key)
            return []
        case .around:
            aroundJobs += 1
            return [.startAround(entry)]
        case .aroundHolding:
            lanes[key, default: Lane()].holds += 1
            guard lanes[key]?.holds == 1 else {
                lanes[key]?.held.append(entry)
                return []
            }
            aroundJobs += 1
            return [.startAround(entry)]
        }
    }

    /// One chat must not fill the memory that all share, or it would hold up the others.
    private mutating func setAside(_ entry: InboxEntry) -> Action? {
        let key = current(entry.event.conversation)
        guard entry.event.canBeSetAside, let lane = lanes[key] else { return nil }
        let isFull = lane.waiting.count >= laneLimit || (lane.isFull && lane.waiting.count > laneLimit / 2)
        lanes[key]?.isFull = isFull
        guard isFull else { return nil }
        aroundJobs += 1
        aside.insert(entry.id)
        return .setAside(entry, isFirst: !lane.isFull)
    }

    private mutating func finished(_ entry: InboxEntry) -> [Action] {
        if aside.remove(entry.id) != nil {
            aroundJobs -= 1
            return []
        }
        let key = current(entry.event.conversation)
        let role = inLane.remove(entry.id) == nil ? entry.event.laneRole : .inOrder
        switch role {
        case .inOrder:
            laneJobs -= 1
            for id in lanes[key]?.running.removeValue(forKey: entry.id) ?? [] { known.remove(id) }
        case .around:
            aroundJobs -= 1
        case .aroundHolding:
            aroundJobs -= 1
            lanes[key]?.holds -= 1
            if !isDrained, let next = lanes[key]?.held.popFirst() {
                aroundJobs += 1
                return [.startAround(next)]
            }
        }
        markReady(key)
        if lanes[key]?.isIdle == true { lanes[key] = nil }
        return []
    }

    private mutating func drop(in conversation: ConversationKey, before id: InboxID) {
        let key = current(conversation)
        guard var lane = lanes[key] else { return }
        for entry in lane.waiting where entry.id < id {
            known.remove(entry.id)
            inLane.remove(entry.id)
        }
        lane.waiting.removeAll { $0.id < id }
        lanes[key] = lane.isIdle ? nil : lane
    }

    private mutating func markReady(_ key: ConversationKey) {
        guard let lane = lanes[key], lane.mayStart, !lane.isReady else { return }
        lanes[key]?.isReady = true
        ready.append(key)
    }

    private mutating func startReady() -> [Action] {
        var actions: [Action] = []
        while !isDrained, laneJobs < limit, let key = ready.popFirst() {
            lanes[key]?.isReady = false
            // A reset may have held or emptied the lane since it became ready.
            guard let lane = lanes[key], lane.mayStart, let entry = lanes[key]?.waiting.popFirst() else { continue }
            let others = takeWhatJoins(entry, in: key)
            lanes[key]?.running[entry.id] = others.map(\.id)
            laneJobs += 1
            actions.append(.start(entry, joined: others))
        }
        return actions
    }

    /// Takes those out of the queue that are one question with the first. Others may have written in between.
    private mutating func takeWhatJoins(_ first: InboxEntry, in key: ConversationKey) -> [InboxEntry] {
        var parts = [first]
        for entry in lanes[key]?.waiting ?? [] where entry.event.speaker.id == first.event.speaker.id {
            guard MessageJoin.joins(entry, to: parts) else { break }
            parts.append(entry)
        }
        let others = parts.dropFirst()
        if !others.isEmpty {
            let taken = Set(others.map(\.id))
            lanes[key]?.waiting.removeAll { taken.contains($0.id) }
        }
        return Array(others)
    }
}
