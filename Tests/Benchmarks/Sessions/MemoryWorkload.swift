import BotCore
import BotSessions
import Foundation
import Glibc

/// The resident memory of cached sessions whose contexts are full. One round is all that a process can measure.
final class MemoryWorkload: Workload {
    private let library: Library
    private var sessions: [SessionID] = []

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        // Of 20 such messages the token limit is full.
        let texts = try Texts(options, shortest: 720)
        let chats = options.chats ?? 1000
        // Filled through a manager that keeps nothing, so that the cache is empty when the round begins.
        let filling = try Library(folder: folder, cachedSessions: 0)
        for chat in 1...chats {
            let session = try await filling.session(chat)
            try await filling.fill(session, to: options.messages ?? 60, with: texts)
            sessions.append(session)
        }
        try filling.close()
        library = try Library(folder: folder, cachedSessions: chats)
        // The reader's own page cache belongs to no session.
        for session in sessions.prefix(100) {
            _ = try await library.manager.messages(of: session, limit: 20)
        }
    }

    func round() async throws -> Figures {
        let before = try Self.resident()
        var tokens = 0
        for session in sessions {
            tokens += try await library.manager.buildContext(session)?.totalTokens ?? 0
        }
        let after = try Self.resident()
        let stats = try await library.manager.getStats()
        guard stats.cachedSessions == sessions.count else {
            throw BenchmarkError.wrong("only \(stats.cachedSessions) sessions are cached")
        }
        let count = Double(sessions.count)
        return ["bytes": Double(after - before) / count, "tokens": Double(tokens) / count]
    }

    func end() async throws { try library.close() }

    /// The resident memory of this process in bytes.
    private static func resident() throws -> Int {
        let facts = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        guard facts.count > 1, let pages = Int(facts[1]) else {
            throw BenchmarkError.wrong("/proc/self/statm says nothing")
        }
        return pages * Int(getpagesize())
    }
}
