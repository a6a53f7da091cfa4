import BotCore
import BotSessions

/// Questions in a large database: the context that is built for each searches what was said earlier in its chat.
final class RecallWorkload: Workload {
    private let library: Library
    private let texts: Texts
    private var sessions: [SessionID] = []
    private var asked = 0

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        texts = try Texts(options)
        let chats = options.chats ?? 400
        library = try Library(folder: folder, cachedSessions: chats, recallTokens: 1200)
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
        return [
            "context_p50_ms": contexts.milliseconds(at: 0.5), "context_p95_ms": contexts.milliseconds(at: 0.95),
            "search_p50_ms": searches.milliseconds(at: 0.5), "search_p95_ms": searches.milliseconds(at: 0.95),
        ]
    }

    func end() async throws { try library.close() }
}
