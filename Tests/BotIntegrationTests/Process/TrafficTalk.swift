import BotCore
import BotTestSupport

/// People who write in many chats for a while, and a look at the bot each minute.
struct TrafficTalk: Sendable {
    /// The name that its figures are told under.
    let name: String
    /// How long a chat is quiet between two messages, on average.
    let pause: Duration
    let seed: UInt64
    /// When it is over, in uptime.
    let end: Duration

    /// One chat's people write until it is over.
    func write(in place: Int, _ ask: @Sendable (Int) -> Void) async throws {
        let time = SystemTime()
        var random = SeededRandom(seed: seed &+ UInt64(place) &* 7919)
        // Not all at once.
        try await time.sleep(for: pause * Double.random(in: 0..<1, using: &random))
        while time.uptime < end {
            // Now and then somebody writes again before the answer is there.
            for _ in 0..<(Int.random(in: 0..<8, using: &random) == 0 ? 3 : 1) { ask(place) }
            try await time.sleep(for: pause * Double.random(in: 0.5..<1.5, using: &random))
        }
    }

    /// Looks at the bot each minute until it is over.
    ///
    /// - Parameters:
    ///   - backlog: how many messages are not answered.
    ///   - isTold: whether each look is told, with what `more` says.
    func watch(
        _ bot: BotProcess, backlog: @Sendable () -> Int, isTold: Bool, more: @Sendable () -> String
    ) async throws -> (memory: [Int], backlog: [Int]) {
        let time = SystemTime()
        let soak = Soak(name, total: Int(end / .seconds(1)))
        var looks: (memory: [Int], backlog: [Int]) = ([], [])
        while time.uptime < end {
            try await time.sleep(untilUptime: min(end, time.uptime + .seconds(60)))
            let (memory, waiting) = ((bot.residentBytes ?? 0) >> 20, backlog())
            looks.memory.append(memory)
            looks.backlog.append(waiting)
            if isTold { soak.tell("\(more()) backlog=\(waiting) memory_mib=\(memory)") }
        }
        return looks
    }
}
