import BotCore

/// Turns in one chat, or in several at once.
final class TurnsWorkload: Workload {
    private let library: Library
    private let texts: Texts
    private let sessions: [SessionID]
    private let turns: Int
    private var said: Int

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        texts = try Texts(options)
        library = try Library(folder: folder, isLogging: options.isLogging ?? false)
        turns = options.turns ?? 200
        said = options.messages ?? 0
        var sessions: [SessionID] = []
        for chat in 1...max(1, options.chats ?? 1) {
            let session = try await library.session(chat)
            try await library.fill(session, to: said, with: texts)
            sessions.append(session)
        }
        self.sessions = sessions
    }

    func round() async throws -> Figures {
        let first = said
        said += 2 * turns
        let (wall, processor) = (Clock.wall, Clock.processor)
        let samples: Samples
        if sessions.count == 1 {
            samples = try await Self.talk(in: sessions[0], from: first, turns: turns, library, texts)
        } else {
            samples = try await talkInAll(from: first)
        }
        let count = Double(turns * sessions.count)
        let elapsed = Double(Clock.wall - wall) / 1e6
        return [
            "wall_ms": samples.milliseconds(at: 0.5), "p95_ms": samples.milliseconds(at: 0.95),
            "cpu_ms": Double(Clock.processor - processor) / 1e6 / count, "per_second": count / elapsed * 1000,
        ]
    }

    func end() async throws { try library.close() }

    private func talkInAll(from first: Int) async throws -> Samples {
        try await withThrowingTaskGroup(of: Samples.self) { group in
            for session in sessions {
                group.addTask { [library, texts, turns] in
                    try await Self.talk(in: session, from: first, turns: turns, library, texts)
                }
            }
            var all = Samples()
            for try await samples in group { all.add(samples) }
            return all
        }
    }

    private static func talk(
        in session: SessionID, from first: Int, turns: Int, _ library: Library, _ texts: Texts
    ) async throws -> Samples {
        var samples = Samples()
        for turn in 0..<turns {
            let number = first + 2 * turn
            let start = Clock.wall
            try await library.turn(session, texts[number], texts[number + 1])
            samples.add(Clock.wall - start)
        }
        return samples
    }
}
