import BotCore
import BotSessions

/// Questions in a large database: the context that is built for each searches what was said earlier in its chat.
final class RecallWorkload: Workload {
    private let library: Library
    private let texts: Texts
    private var sessions: [SessionID] = []
    private let hostileChat: SessionID
    private var asked = 0

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        texts = try Texts(options)
        let chats = options.chats ?? 400
        library = try Library(folder: folder, cachedSessions: chats, recallTokens: 1200)
        hostileChat = try await library.session(chats)
        for chat in 0..<chats {
            let session = try await library.session(chat)
            // Each chat begins elsewhere in the texts, or all would say the same at the same place.
            try await library.fill(session, to: options.messages ?? 500, with: texts, from: chat * 977)
            sessions.append(session)
        }
    }

    func round() async throws -> Figures {
        var contexts = Samples()
        var searches = Samples()
        var found = 0
        for _ in 0..<200 {
            asked += 1
            let session = sessions[asked * 31 % sessions.count]
            // A part of some message: what people ask repeats words of what was said.
            let question = texts[asked * 613].split(separator: " ").prefix(9).joined(separator: " ") + "?"
            guard let head = try await library.manager.addMessage(to: session, role: .user, content: question)?.headSeq
            else { throw BenchmarkError.wrong("a session is gone") }
            let start = Clock.wall
            _ = try await library.manager.buildContext(session, maxMessages: 20)
            contexts.add(Clock.wall - start)
            _ = try await library.manager.addMessage(to: session, role: .assistant, content: texts[asked])
            let terms = SearchText.terms(of: question)
            let search = Clock.wall
            found += try await library.search(for: terms, in: session, before: head - 20)
            searches.add(Clock.wall - search)
        }
        guard found > 0 else { throw BenchmarkError.wrong("nothing was found") }
        var hostile = Samples()
        for question in Self.hostile { hostile.add(try await context(for: question)) }
        return [
            "context_p50_ms": contexts.milliseconds(at: 0.5), "context_p95_ms": contexts.milliseconds(at: 0.95),
            "search_p50_ms": searches.milliseconds(at: 0.5), "search_p95_ms": searches.milliseconds(at: 0.95),
            "hostile_p50_ms": hostile.milliseconds(at: 0.5), "hostile_max_ms": hostile.milliseconds(at: 1),
        ]
    }

    /// How long a context for a question takes in a chat that holds many like it.
    private func context(for question: String) async throws -> UInt64 {
        _ = try await library.manager.addMessage(to: hostileChat, role: .user, content: question)
        let start = Clock.wall
        _ = try await library.manager.buildContext(hostileChat, maxMessages: 20)
        let end = Clock.wall
        _ = try await library.manager.addMessage(to: hostileChat, role: .assistant, content: "I see.")
        return end - start
    }

    /// Questions that are made to take long.
    private static let hostile = [
        String(repeating: "what was said about it ", count: 45_000),
        (0..<10_000).map { "word\($0)" }.joined(separator: " "),
        (0..<10_000).map { "\($0)" }.joined(separator: "猫"),
        String(repeating: "x", count: 1_000_000), "a", "猫", String(repeating: "猫", count: 300_000),
        "what is it that you have and they do not", String(repeating: "🎉", count: 1000),
        String(repeating: "class instance method value object ", count: 2000),
    ]

    func end() async throws { try library.close() }
}
