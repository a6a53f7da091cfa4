import BotCore
import BotSessions

/// The cleanup of very many expired sessions, and how long others wait for the writer meanwhile. One round is all that a database
/// gives.
final class ExpiryWorkload: Workload {
    private let library: Library
    private let sessions: Int
    private let active: SessionID
    private let clock = ShiftedTime()

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        sessions = options.chats ?? 100_000
        library = try Library(folder: folder, time: clock)
        for begin in stride(from: 1, through: sessions, by: 64) {
            try await withThrowingTaskGroup(of: Void.self) { [library, sessions] group in
                for chat in begin..<min(begin + 64, sessions + 1) {
                    group.addTask { _ = try await library.session(chat) }
                }
                try await group.waitForAll()
            }
        }
        clock.shift(by: .seconds(2 * 86_400))
        active = try await library.session(0)
        _ = try await library.manager.addMessage(to: active, role: .user, content: "I am still here.")
        _ = try await library.manager.buildContext(active)
    }

    func round() async throws -> Figures {
        let before = try await library.manager.getStats()
        let isDone = Lock(false)
        let start = Clock.wall
        let waits = try await withThrowingTaskGroup(of: Samples.self) { [library] group in
            group.addTask {
                // The smallest write there is, over and over: the longest of them waited for one transaction of the cleanup.
                var waits = Samples()
                while !isDone.withLock({ $0 }) {
                    let start = Clock.wall
                    try await library.probe()
                    waits.add(Clock.wall - start)
                }
                return waits
            }
            group.addTask {
                try await library.manager.cleanup()
                isDone.withLock { $0 = true }
                return Samples()
            }
            var all = Samples()
            for try await samples in group { all.add(samples) }
            return all
        }
        let elapsed = Double(Clock.wall - start) / 1e6
        let after = try await library.manager.getStats()
        guard before.store.activeSessions == sessions + 1, after.store.activeSessions == 1 else {
            throw BenchmarkError.wrong("\(after.store.activeSessions) sessions are active after the cleanup")
        }
        guard after.cachedSessions > 0 else { throw BenchmarkError.wrong("the cleanup emptied the cache") }
        return [
            "all_ms": elapsed, "longest_ms": waits.milliseconds(at: 1), "p99_ms": waits.milliseconds(at: 0.99),
            "writes": Double(waits.values.count),
        ]
    }

    func end() async throws { try library.close() }
}

/// The machine's clock, moved on by hand.
private final class ShiftedTime: TimeSource {
    private let system = SystemTime()
    private let span = Lock(Duration.zero)

    func shift(by span: Duration) { self.span.withLock { $0 += span } }

    var now: Timestamp { system.now + span.withLock { $0 } }
    var uptime: Duration { system.uptime }

    func sleep(untilUptime deadline: Duration) async throws { try await system.sleep(untilUptime: deadline) }
}
