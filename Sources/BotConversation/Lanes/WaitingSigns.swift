import BotCore

/// Shows on a message that it waits for its turn, for as long as it does: from a moment after it came until its turn begins, or
/// something drops it.
///
/// The sign tells the truth: only what is stored carries it, over a restart too. It stands beside the queue: nothing waits for it, and a
/// platform that takes none is let be.
final class WaitingSigns: Sendable {
    /// How long a message waits without a sign; most turns end before.
    static let patience = Duration.milliseconds(1500)
    /// How many messages carry a sign, are about to, or lose theirs; others wait without one.
    private static let limit = 500
    private static let limitInChat = 20
    /// How often a sign is taken away, where that fails; one that stays is untrue, but does no other harm.
    private static let removals = 4
    private static let firstPause = Duration.seconds(5)

    private struct Waiting {
        let entry: InboxEntry
        /// An earlier run may have shown it already.
        let mayStand: Bool
        /// Opens when it waits no longer.
        let end = Gate(isOpen: false)
    }

    private let signs = Lock<[InboxID: Waiting]>([:])
    /// Bounded by the limit of signs.
    private let arrivals: AsyncStream<Waiting>
    private let queue: AsyncStream<Waiting>.Continuation

    init() { (arrivals, queue) = AsyncStream.makeStream() }

    /// Takes a message that waits in its lane.
    ///
    /// - Parameter isRecovered: an earlier run has taken it and may have shown the sign.
    func waits(_ entry: InboxEntry, isRecovered: Bool) {
        guard entry.event.body.message?.id != nil else { return }
        let message = Waiting(entry: entry, mayStand: isRecovered)
        let isTaken = signs.withLock { signs in
            guard signs.count < Self.limit, signs[entry.id] == nil else { return false }
            let chat = entry.event.conversation
            guard signs.values.count(where: { $0.entry.event.conversation == chat }) < Self.limitInChat else {
                return false
            }
            signs[entry.id] = message
            return true
        }
        if isTaken { queue.yield(message) }
    }

    /// Notes that messages wait no longer.
    func end(_ entries: [InboxID]) {
        let ended = signs.withLock { signs in entries.compactMap { signs[$0]?.end } }
        for end in ended { end.set(open: true) }
    }

    /// Notes that all messages wait no longer that fulfil the condition.
    func end(where isEnded: (InboxEntry) -> Bool) {
        end(signs.withLock { signs in signs.values.map(\.entry) }.filter(isEnded).map(\.id))
    }

    /// Shows the signs until the task is cancelled: what waits then waits on, and its sign stays.
    func run(_ services: ConversationServices) async {
        await withDiscardingTaskGroup { group in
            for await message in arrivals {
                group.addTask { await self.follow(message, services) }
            }
            group.cancelAll()
        }
    }

    private func follow(_ message: Waiting, _ services: ConversationServices) async {
        let entry = message.entry
        defer { signs.withLock { $0[entry.id] = nil } }
        let event = entry.event
        guard let id = event.body.message?.id else { return }
        // Strangers are not told what the bot does.
        let standing = services.access.standing(of: event.speaker, on: event.conversation.platform, in: event.scope)
        guard standing.isLetIn else { return }

        var mayStand = message.mayStand
        // Its only error is that of being cancelled, when the time is over.
        await withDeadline(Self.patience, by: services.time) { try? await message.end.wait() }
        if !message.end.isOpen, !Task.isCancelled {
            mayStand = await services.delivery.showWaiting(true, on: event, message: id) || mayStand
        }
        do { try await message.end.wait() } catch { return }
        var pause = Self.firstPause
        for attempt in 1...Self.removals where mayStand {
            if attempt > 1 {
                do { try await services.time.sleep(for: pause) } catch { return }
                pause *= 4
            }
            mayStand = await services.delivery.showWaiting(false, on: event, message: id)
        }
    }
}
