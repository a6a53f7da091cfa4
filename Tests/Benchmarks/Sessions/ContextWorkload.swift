import BotCore
import BotSessions

/// Contexts from the cache, and from the store once the cache has lost the chat.
final class ContextWorkload: Workload {
    private let library: Library
    private let hot: SessionID
    /// More chats than the cache holds, so that asked in order none of them is ever there.
    private var cold: [SessionID] = []
    private let texts: Texts

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        texts = try Texts(options)
        let cached = 20
        library = try Library(folder: folder, cachedSessions: cached)
        hot = try await library.session(0)
        try await library.fill(hot, to: options.messages ?? 1000, with: texts)
        for chat in 1...(options.chats ?? 200) {
            let session = try await library.session(chat)
            try await library.fill(session, to: 100, with: texts)
            cold.append(session)
        }
    }

    func round() async throws -> Figures {
        _ = try await library.manager.buildContext(hot, maxMessages: 20)
        var warm = Samples()
        for _ in 0..<5000 { warm.add(try await build(hot)) }
        let before = try await library.manager.getStats()
        var fresh = Samples()
        for session in cold { fresh.add(try await build(session)) }
        let after = try await library.manager.getStats()
        guard after.cacheMisses - before.cacheMisses == cold.count else {
            throw BenchmarkError.wrong("contexts that had to come from the store came from the cache")
        }
        return [
            "hot_p50_ms": warm.milliseconds(at: 0.5), "hot_p99_ms": warm.milliseconds(at: 0.99),
            "cold_p50_ms": fresh.milliseconds(at: 0.5), "cold_p95_ms": fresh.milliseconds(at: 0.95),
        ]
    }

    func end() async throws { try library.close() }

    private func build(_ session: SessionID) async throws -> UInt64 {
        let start = Clock.wall
        let context = try await library.manager.buildContext(session, maxMessages: 20)
        let span = Clock.wall - start
        guard context?.messages.isEmpty == false else { throw BenchmarkError.wrong("a context is empty") }
        return span
    }
}
