import BotCore
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotSessions

/// Counts words: for plain prose that is near enough to tokens.
struct WordCounter: TokenCounter {
    var name: String { "words" }
    func count(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for byte in text.utf8 {
            let isSpace = byte == 32 || byte == 10
            if !isSpace, !isInWord { count += 1 }
            isInWord = !isSpace
        }
        return count
    }
}

/// How often a very long chat is summarised, and what that frees. `MYBOT_SOAK_MESSAGES` and `MYBOT_SOAK_SEED` make it longer and
/// different: see `.ci/soak`.
@Suite(.timeLimit(.minutes(5)))
struct LongChatTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    private static let messages = number("MYBOT_SOAK_MESSAGES").map(Int.init) ?? 2000
    private static let seed = number("MYBOT_SOAK_SEED") ?? 16

    private static let words = """
        the boat went down river past an old mill where we used to sit and talk of summer plans with friends from town \
        while rain fell on the roof and someone played guitar until dawn came over those low green hills again
        """.split(separator: " ")

    /// A compactor over one session, and what it wrote to.
    private struct World {
        let store = OneSessionStore(tokenLimit: 4000)
        let time = ManualTime()
        let model: ScriptedModel
        let compactor: Compactor

        init(_ model: ScriptedModel) {
            self.model = model
            let store = store
            compactor = Compactor(
                store: store, findSession: { _ in store.session }, meter: UniformTokenMeter(WordCounter()),
                provider: model, summarizer: nil, settings: SessionSettings(), time: time,
                log: SessionLog(
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), remembering: 1),
                onStored: { _ in })
        }

        func say(_ role: Role, _ text: String) async {
            compactor.noted(store.append(role, text, tokens: WordCounter().count(text), tokenizer: "words"))
            while compactor.metrics.waiting + compactor.metrics.running > 0 { await Task.yield() }
        }
    }

    /// Talks so many messages of 37 tokens on average.
    private func talk(_ count: Int, in world: World, seed: UInt64) async {
        var random = SeededRandom(seed: seed)
        let compactor = world.compactor
        async let _: Void = compactor.run()
        for number in 0..<count {
            let length = Int.random(in: 4...70, using: &random)
            let text = (0..<length).map { _ in Self.words.randomElement(using: &random) ?? "" }.joined(separator: " ")
            await world.say(number.isMultiple(of: 2) ? .user : .assistant, text)
        }
    }

    @Test("Goal 16: 10,000 messages take at most 330 calls, and each frees 30 % of the trigger")
    func aLongChatIsSummarisedSeldom() async throws {
        let model = ScriptedModel()
        // As long as it may be: the worst case for how soon the next is due.
        model.script { .say([NoteTaker.honest($0, words: 25)]) }
        let world = World(model)
        await talk(Self.messages, in: world, seed: Self.seed)
        let chain = world.store.checkpoints
        #expect(model.requests.count <= 330 * Self.messages / 10_000)
        #expect(model.requests.count == chain.count)
        #expect(chain.allSatisfy { $0.replacedTokens - $0.tokens >= 840 && $0.tokens <= 500 })
        #expect(chain.map(\.tokens).max() ?? 0 > 450)
        #expect(chain.allSatisfy { $0.author != .digest && $0.round <= 8 })
        #expect(chain.contains { $0.round == 8 } && chain.filter { $0.round == 1 }.count > 1)
        // Memory: no read is longer than a page, no prompt than what a job may read.
        #expect(world.store.longestPage <= 64)
        let longest = model.requests.map { WordCounter().count($0.messages[0].content) }.max() ?? 0
        #expect(longest < 9000)
        let freed = chain.map { $0.replacedTokens - $0.tokens }.min() ?? 0
        print(
            "soak summaries messages=\(Self.messages) calls=\(chain.count) leastFreed=\(freed) longestPrompt=\(longest)"
        )
    }

    @Test("Goal 17: a summariser that always fails is called at most 3 times in 5 minutes")
    func aFailingSummariserIsCalledSeldom() async throws {
        let model = ScriptedModel()
        model.script { _ in .fail(.emptyAnswer("nothing")) }
        let world = World(model)
        let compactor = world.compactor
        async let _: Void = compactor.run()
        var calls: [Duration] = []
        let text = Self.words.joined(separator: " ")
        for number in 0..<1200 {
            let before = model.requests.count
            await world.say(number.isMultiple(of: 2) ? .user : .assistant, text)
            calls += Array(repeating: world.time.uptime, count: model.requests.count - before)
            world.time.advance(by: .seconds(2))
        }
        #expect(calls.count > 10)
        for (first, fourth) in zip(calls, calls.dropFirst(3)) { #expect(fourth - first >= .seconds(300)) }
        #expect(world.store.checkpoints.allSatisfy { $0.author == .digest && $0.tokens <= 500 })
        #expect(world.store.session.coverage.liveMessages < 120)
    }

    @Test func whatIsSaidOnceStaysThroughManyRounds() async throws {
        let model = ScriptedModel()
        model.script { request in
            // Keeps what it was told to keep, and short notes of the rest.
            let kept = NoteTaker.oldNotes(of: request).filter { $0.contains("harbour") }
            let new = NoteTaker.lines(of: request).filter { $0.text.contains("harbour") || $0.seq.isMultiple(of: 9) }
            let lines = new.map { "- \($0.text.split(separator: " ").prefix(6).joined(separator: " ")) [#\($0.seq)]" }
            return .say([(kept + lines).joined(separator: "\n")])
        }
        let world = World(model)
        let compactor = world.compactor
        async let _: Void = compactor.run()
        await world.say(.user, "our harbour master lives alone at pier nine")
        await world.say(.assistant, "noted")
        await talk(1500, in: world, seed: 3)
        #expect(world.store.checkpoints.count > 20)
        #expect(world.store.checkpoints.last?.text.contains("our harbour master lives alone at [#1]") == true)
    }
}
