import BotCore
import BotSessions
import BotStore
import BotTestSupport
import BotTokenizer
import Foundation
import Logging
import Testing

/// Facts are told at any depth of long chats and asked for much later: what share of them stands in the context then?
///
/// `MYBOT_SOAK_NEEDLES` names the sizes of the chats, as `500,2000,10000`, and `MYBOT_SOAK_SEED` the first seed.
@Suite("Needles in long chats", .timeLimit(.minutes(10)))
struct NeedleTests {
    /// The least share of the facts that has to be found; kinds that are not listed are only reported.
    static let thresholds: [NeedleChat.Kind: Double] = [
        .plain: 0.98, .stemmed: 0.97, .updated: 0.98, .chinese: 0.95, .japanese: 0.95, .chineseUpdated: 0.95,
        .signs: 0.95,
        .followUp: 0.95,
    ]
    static let limit = 4000

    private struct Result {
        var asked = 1
        var found = 0
        /// What two contexts without recall would hold: the newest 20 messages, and as many as the limit allows.
        var inNewest = 0
        var inWindow = 0
        var missed: [String] = []

        mutating func add(_ other: Result) {
            asked += other.asked
            found += other.found
            inNewest += other.inNewest
            inWindow += other.inWindow
            missed += other.missed
        }
    }

    @Test func findsFactsAtAnyDepth() async throws {
        let environment = ProcessInfo.processInfo.environment
        let soak = environment["MYBOT_SOAK_NEEDLES"].map { $0.split(separator: ",").compactMap { Int($0) } }
        let first = environment["MYBOT_SOAK_SEED"].flatMap(UInt64.init) ?? 1
        let all = NeedleChat.Language.allCases
        let plan: [(size: Int, languages: [NeedleChat.Language], seeds: Range<UInt64>)] =
            soak.map { $0.map { ($0, all, first..<(first + 5)) } }
            ?? [(500, all, first..<(first + 1)), (2000, [.english], first..<(first + 1))]
        for (size, languages, seeds) in plan {
            var results: [NeedleChat.Kind: Result] = [:]
            var times: [Duration] = []
            for seed in seeds {
                for (kind, result, time) in try await answers(size, languages, seed) {
                    results[kind, default: Result(asked: 0)].add(result)
                    times.append(time)
                }
            }
            #expect(!times.isEmpty)
            report(size, seeds, results, times)
            for (kind, least) in Self.thresholds {
                guard let result = results[kind] else { continue }
                let share = Double(result.found) / Double(result.asked)
                #expect(
                    share >= least, "\(size) messages, \(kind): \(result.found) of \(result.asked); \(result.missed)")
            }
        }
    }

    private func report(
        _ size: Int, _ seeds: Range<UInt64>, _ results: [NeedleChat.Kind: Result], _ times: [Duration]
    ) {
        for kind in NeedleChat.Kind.allCases {
            guard let result = results[kind] else { continue }
            func share(_ count: Int) -> String { String(format: "%.1f%%", 100 * Double(count) / Double(result.asked)) }
            print(
                "soak needles messages=\(size) seeds=\(seeds) kind=\(kind.rawValue) asked=\(result.asked)",
                "found=\(share(result.found)) last20=\(share(result.inNewest)) window=\(share(result.inWindow))")
        }
        let sorted = times.sorted()
        guard let last = sorted.last else { return }
        print(
            "soak needles messages=\(size) contexts=\(sorted.count) p50=\(sorted[sorted.count / 2].inSeconds * 1000) ms",
            "p95=\(sorted[sorted.count * 95 / 100].inSeconds * 1000) ms max=\(last.inSeconds * 1000) ms")
    }

    private typealias Answer = (kind: NeedleChat.Kind, result: Result, time: Duration)

    /// What became of each question. The chats of all languages live in one database, side by side.
    private func answers(
        _ size: Int, _ languages: [NeedleChat.Language], _ seed: UInt64
    ) async throws -> [Answer] {
        let chats = languages.map { NeedleChat($0, messages: size, seed: seed) }
        return try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let answers = try await withThrowingTaskGroup(of: [Answer].self) { group in
                for (number, chat) in chats.enumerated() {
                    group.addTask {
                        let session = try await NeedleSession(store: store, number: number + 1, limit: Self.limit)
                        return try await ask(chat, in: session)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try store.close()
            return answers
        }
    }

    private func ask(_ chat: NeedleChat, in session: NeedleSession) async throws -> [Answer] {
        for line in chat.lines { try await session.add(line.role, line.text) }
        var answers: [Answer] = []
        let log = chat.lines.map(\.text)
        for question in chat.questions {
            if let before = question.before {
                try await session.add(.user, before)
                try await session.add(.assistant, "I see.")
            }
            let (context, time) = try await session.context(asking: question.text)
            try await session.add(.assistant, "Let me think.")
            var result = Result()
            if context.contains(question.value) { result.found = 1 } else { result.missed = [question.text] }
            if log.suffix(20).contains(where: { $0.contains(question.value) }) { result.inNewest = 1 }
            if session.window(of: log).contains(where: { $0.contains(question.value) }) { result.inWindow = 1 }
            answers.append((question.kind, result, time))
        }
        return answers
    }
}

/// One session in a database, and what its contexts hold.
private struct NeedleSession {
    private let manager: SessionManager
    private let id: SessionID
    private let counter = BytePairTokenCounter(.o200kBase)
    private let limit: Int

    init(store: SQLiteStore, number: Int, limit: Int) async throws {
        self.limit = limit
        manager = SessionManager(
            store: store, meter: UniformTokenMeter(counter), provider: ScriptedModel(),
            settings: SessionSettings(tokenLimit: limit), time: ManualTime(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let draft = SessionDraft(
            conversation: .number(ConversationID(Int64(number))), interfaceType: "web", externalUserID: "1",
            externalChatID: "1", tokenLimit: limit, expiresAfter: .seconds(86_400))
        id = try await manager.getOrCreateSession(draft).id
    }

    func add(_ role: Role, _ text: String) async throws {
        let session = try await manager.addMessage(to: id, role: role, content: text)
        try #require(session != nil)
    }

    /// The text of the whole context after a question.
    func context(asking question: String) async throws -> (text: String, span: Duration) {
        try await add(.user, question)
        let start = ContinuousClock.now
        let context = try #require(try await manager.buildContext(id))
        let span = ContinuousClock.now - start
        #expect(context.totalTokens <= limit)
        #expect(context.totalTokens == counter.count(context.messages))
        return (context.messages.map(\.content).joined(separator: "\n"), span)
    }

    /// The newest messages that the limit holds.
    func window(of log: [String]) -> ArraySlice<String> {
        var left = limit
        var start = log.count
        while start > 0 {
            left -= counter.count(log[start - 1]) + 4
            if left < 0 { break }
            start -= 1
        }
        return log[start...]
    }
}
