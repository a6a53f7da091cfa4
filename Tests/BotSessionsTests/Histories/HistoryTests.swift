import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// Invariants 4, 5 and 11 of contexts, over random histories. `.ci/soak histories` runs a million of them.
@Suite(.timeLimit(.minutes(60)))
struct HistoryTests {
    private static let soaked = Soak.number("MYBOT_SOAK_HISTORIES")
    private static let histories = soaked ?? 3000
    private static let seed = Soak.number("MYBOT_SOAK_SEED") ?? Int.random(in: 1...1_000_000)

    @Test("Invariants 4, 5: no context is over the limit or of a wrong shape")
    func everyContextCanBeSent() async throws {
        let (total, seed) = (Self.histories, Self.seed)
        let tasks = 4
        // Most are quick to count; the others are the awkward ones.
        let longest = Self.soaked == nil ? 1 << 15 : 1 << 20
        let countings = [PieceCounter(), AwkwardCounter(), CharacterCounter()].map { (counter: any TokenCounter) in
            Counting(counter, longest: longest)
        }
        let soak = Soak("histories", total: total)
        let figures = await withTaskGroup(of: HistoryFigures.self) { group in
            for task in 0..<tasks {
                group.addTask { @concurrent in
                    Self.run(
                        seed: seed + task * 1_000_003, histories: (total + tasks - 1 - task) / tasks, countings, soak)
                }
            }
            return await group.reduce(into: HistoryFigures()) { $0.add($1) }
        }
        if Self.soaked != nil {
            Soak.print("soak histories seed=\(seed) \(figures.line) seconds=\(soak.seconds)")
            for problem in figures.problems.prefix(20) { Soak.print("soak histories problem: \(problem)") }
        }
        #expect(figures.problems.prefix(5).isEmpty, "seed \(seed): \(figures.problems.prefix(5))")
        #expect(figures.histories == total && figures.calls > 0 && figures.recalled > 0 && figures.longest > 1 << 14)
    }

    private static func run(
        seed: Int, histories: Int, _ countings: [Counting], _ soak: Soak
    ) -> HistoryFigures {
        var random = SeededRandom(seed: UInt64(seed))
        var figures = HistoryFigures()
        for number in 0..<histories {
            let counting = countings[number % 50 == 0 ? 2 : number % 5 == 0 ? 1 : 0]
            var trial = Trial(counting: counting, random: random)
            trial.run()
            random = trial.random
            trial.figures.problems = trial.figures.problems.map { "history \(number) of seed \(seed): \($0)" }
            figures.add(trial.figures)
            if number % 100 == 99 { soak.did(100, problems: figures.problems.count) }
            if figures.problems.count > 20 { break }
        }
        return figures
    }
}

/// What was seen.
private struct HistoryFigures: Sendable {
    var histories = 0
    var contexts = 0
    var messages = 0
    /// Messages with tool calls, and texts of 16 KB and more.
    var calls = 0
    var longTexts = 0
    /// The bytes of the longest text.
    var longest = 0
    /// Contexts with something recalled.
    var recalled = 0
    var problems: [String] = []

    mutating func count(_ history: History) {
        histories += 1
        messages += history.messages.count
        for message in history.messages {
            if !message.toolCalls.isEmpty { calls += 1 }
            let bytes = message.text.utf8.count
            if bytes >= 1 << 14 { longTexts += 1 }
            longest = max(longest, bytes)
        }
    }

    mutating func add(_ other: HistoryFigures) {
        histories += other.histories
        contexts += other.contexts
        messages += other.messages
        calls += other.calls
        longTexts += other.longTexts
        longest = max(longest, other.longest)
        recalled += other.recalled
        problems += other.problems
    }

    var line: String {
        """
        histories=\(histories) contexts=\(contexts) recalled=\(recalled) messages=\(messages) calls=\(calls) \
        long_texts=\(longTexts) longest_bytes=\(longest) problems=\(problems.count)
        """
    }
}

/// A counter and texts counted by it.
struct Counting: Sendable {
    let counter: any TokenCounter
    let pool: TextPool

    init(_ counter: any TokenCounter, longest: Int) {
        self.counter = counter
        pool = TextPool(counter: counter, longest: longest)
    }
}

/// One history and some contexts of it.
private struct Trial {
    let counting: Counting
    var random: SeededRandom
    var figures = HistoryFigures()

    init(counting: Counting, random: SeededRandom) {
        self.counting = counting
        self.random = random
    }

    mutating func run() {
        var history = History(counter: counting.counter, pool: counting.pool, random: &random)
        figures.count(history)
        let rate = [1000, 1000, 1150, 1600, 3000].randomElement(using: &random) ?? 1000
        let tokens = ModelTokens(counter: counting.counter, perThousand: rate)
        let most = [20, 20, 20, 1, 2, 3, 7, 100].randomElement(using: &random) ?? 20
        let languageModel = Int.random(in: 0..<4, using: &random) > 0
        let recallTokens = [1200, 1200, 0].randomElement(using: &random) ?? 1200
        let moment = [Timestamp(rawValue: 1_795_000_000_000), nil].randomElement(using: &random) ?? nil
        var memo: ContextMemo?
        let share = Int.random(in: 0..<3, using: &random) == 0 ? 0.5 : 1.0
        for _ in 0..<3 {
            let check = ContextCheck(
                history: history, tokens: tokens, maxMessages: most, share: share, languageModel: languageModel)
            func draft(_ held: ArraySlice<SessionMessage>, memo: ContextMemo?) -> ContextDraft? {
                let coverage = history.session.coverage
                let live = LiveMessages(messages: held, count: coverage.liveMessages, tokens: coverage.liveTokens)
                let input = ContextBuilder.Input(
                    session: history.session, live: live, summary: history.summary, maxMessages: most, share: share,
                    recallTokens: recallTokens, moment: moment)
                var builder = ContextBuilder(input, tokens: tokens, languageModel: languageModel, memo: memo)
                return builder.draft()
            }
            guard let whole = draft(history.messages[...], memo: nil) else {
                figures.problems.append("all messages are not enough")
                return
            }
            figures.problems += check.problems(of: whole.context())
            figures.problems += recallProblems(whole, check)
            // What is held, and what was counted before, changes no result.
            let kept = Int.random(in: 0...max(1, history.messages.count), using: &random)
            if let part = draft(history.messages.suffix(kept), memo: memo), part.context() != whole.context() {
                figures.problems.append("the newest \(kept) messages give another context")
            }
            memo = whole.memo
            figures.contexts += 1
            history.append(
                Bool.random(using: &random) ? .user : .assistant, counter: counting.counter, pool: counting.pool,
                random: &random)
        }
    }

    /// Something recalled keeps the bound, or is refused.
    private mutating func recallProblems(_ draft: ContextDraft, _ check: ContextCheck) -> [String] {
        guard let recall = draft.recall, Int.random(in: 0..<3, using: &random) == 0 else { return [] }
        let text = "<recall>\n" + String(repeating: "word\n", count: recall.room / 3) + "</recall>"
        let recalled = Recalled(text: text, tokens: counting.counter.count(text), seqs: [1])
        guard case .fits(let context) = draft.context(with: recalled) else { return [] }
        figures.recalled += 1
        return check.problems(of: context).map { "with recall: \($0)" }
    }
}
