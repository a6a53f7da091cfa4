package import BotCore
package import Logging

/// Delivers replies on all platforms: rows of the outbox in order, previews while a reply is being made, typing signs.
///
/// Every row ends delivered or abandoned with a reason; what a crash cuts off is found in the store by the next start. What goes
/// when is decided by `DeliveryPlanner`; this type does what it says.
package final class DeliveryEngine: ReplyDelivery {
    let store: any OutboxStore
    let transports: [Platform: any ChatTransport]
    let time: any TimeSource
    let logger: Logger
    private let planner: Lock<DeliveryPlanner>
    private let wakeups: AsyncStream<Void>
    private let wakeup: AsyncStream<Void>.Continuation
    private let rests: AsyncStream<Void>
    private let rest: AsyncStream<Void>.Continuation
    private let timers = Lock<[Duration]>([])
    package let chatNews: AsyncStream<ChatNews>
    let news: AsyncStream<ChatNews>.Continuation

    /// Creates an engine; nothing leaves before `run` is called.
    ///
    /// - Parameter transports: one per platform; the later of two for the same platform counts.
    package convenience init(
        store: any OutboxStore, transports: [any ChatTransport], time: any TimeSource, logger: Logger
    ) {
        self.init(store: store, transports: transports, time: time, logger: logger, policy: DeliveryPolicy()) {
            .random(in: 0..<1)
        }
    }

    init(
        store: any OutboxStore, transports: [any ChatTransport], time: any TimeSource, logger: Logger,
        policy: DeliveryPolicy, random: @escaping @Sendable () -> Double
    ) {
        self.store = store
        self.transports = Dictionary(transports.map { ($0.platform, $0) }) { _, later in later }
        self.time = time
        self.logger = logger
        planner = Lock(DeliveryPlanner(platforms: Array(self.transports.keys), policy: policy, random: random))
        (wakeups, wakeup) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (rests, rest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (chatNews, news) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(256))
    }

    // MARK: - ReplyDelivery

    package func enqueue(_ rows: [OutboxRow]) {
        if rows.isEmpty { return }
        let now = moment
        planner.withLock { $0.enqueue(rows, at: now) }
        wakeup.yield()
    }

    package func replyBegins(_ row: OutboxRow) {
        guard let transport = transports[row.conversation.platform] else { return }
        let style = transport.previewStyle(at: row.address)
        let interval = transport.typingInterval(at: row.address)
        let now = moment
        planner.withLock { $0.begin(row, style: style, typingInterval: interval, at: now) }
        wakeup.yield()
    }

    package func preview(_ text: String, of turn: TurnID) {
        planner.withLock { $0.update(text, of: turn) }
        wakeup.yield()
    }

    package func replyEnds(_ turn: TurnID) {
        let now = moment
        planner.withLock { $0.end(turn, at: now) }
        wakeup.yield()
    }

    package func address(of conversation: ConversationKey) -> ReplyAddress? {
        transports[conversation.platform]?.address(of: conversation)
    }

    package func awaitsAnswer(at address: ReplyAddress, on platform: Platform) -> Bool {
        transports[platform]?.awaitsAnswer(at: address) ?? false
    }

    package func render(_ text: String, for platform: Platform) -> [RenderedChunk] {
        if let transport = transports[platform] { return transport.render(text) }
        return text.contains { !$0.isWhitespace } ? [RenderedChunk(text: text)] : []
    }

    package func address(_ address: ReplyAddress, in newChat: String, on platform: Platform) -> ReplyAddress {
        transports[platform]?.address(address, in: newChat) ?? address
    }

    package func chatMoved(_ move: ChatMove) {
        let now = moment
        planner.withLock { $0.moved(move, at: now) }
        wakeup.yield()
    }

    // MARK: - Running

    /// Delivers until the task is cancelled; call it once. It begins with the rows that an earlier run left.
    ///
    /// Cancelling cuts off what is under way; call `drain` before it.
    package func run() async {
        wakeup.yield()
        await withDiscardingTaskGroup { group in
            for await _ in wakeups {
                let now = moment
                let (next, isAtRest) = planner.withLock { planner in
                    let next = planner.dispatch(at: now)
                    return (next, planner.isDraining)
                }
                for note in next.notes { log(note) }
                for load in next.loads { group.addTask { await self.load(load) } }
                for operation in next.operations { group.addTask { await self.perform(operation) } }
                if let due = next.due, setTimer(due) { group.addTask { await self.wake(at: due) } }
                if isAtRest { rest.yield() }
            }
            group.cancelAll()
        }
    }

    /// Lets ready rows go out before the end, for at most `grace`; nothing unfinished is shown any more.
    ///
    /// Rows that are left, and those that have to wait longer, stay in the store for the next start.
    package func drain(grace: Duration) async {
        let deadline = time.uptime + grace
        planner.withLock { $0.drain() }
        wakeup.yield()
        await withTaskGroup { group in
            group.addTask { [time] in
                // Cancelled when all is out before the grace is over.
                try? await time.sleep(untilUptime: deadline)
            }
            group.addTask { [rests, planner] in
                for await _ in rests where planner.withLock({ $0.isQuiet(until: deadline) }) { break }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Whether a chat takes something now that stands in no queue.
    func isOpen(_ conversation: ConversationKey) -> Bool {
        let now = moment
        return planner.withLock { $0.isOpen(conversation, at: now) }
    }

    /// Sends nothing to a chat, or to all of its platform, for a while.
    func close(_ conversation: ConversationKey, for span: Duration, everywhere: Bool) {
        let now = moment
        planner.withLock { $0.close(conversation, for: span, everywhere: everywhere, at: now) }
        wakeup.yield()
    }

    private func perform(_ operation: DeliveryOperation) async {
        var outcome = DeliveryOperation.Outcome.unchanged
        if operation.work.previewedTurn.map({ turn in planner.withLock { $0.isShowing(turn) } }) ?? true {
            outcome = await self.outcome(of: operation)
        }
        let now = moment
        planner.withLock { $0.finish(operation, outcome, at: now) }
        wakeup.yield()
    }

    private func load(_ request: DeliveryPlanner.LoadRequest) async {
        do throws(StoreError) {
            let rows = try await store.ready(on: request.platform, after: request.after, limit: request.limit)
            let now = moment
            planner.withLock { $0.loaded(request, rows, at: now) }
        } catch {
            let now = moment
            planner.withLock { $0.loadFailed(request, error, at: now) }
        }
        wakeup.yield()
    }

    /// Whether a timer is needed for the moment: none is set that fires as early.
    private func setTimer(_ due: Duration) -> Bool {
        timers.withLock { timers in
            if let first = timers.min(), first <= due { return false }
            timers.append(due)
            return true
        }
    }

    private func wake(at due: Duration) async {
        // A cancelled wait only comes with the end of `run`.
        try? await time.sleep(untilUptime: due)
        timers.withLock { timers in
            if let index = timers.firstIndex(of: due) { timers.remove(at: index) }
        }
        wakeup.yield()
    }

    private var moment: Moment { Moment(uptime: time.uptime, wall: time.now) }
}
