import BotCore
import BotTokenizer
import Foundation
import Testing

/// Chats with models whose tokenizers are private: of each text only the counted tokens are known, and of each prompt what the model reports.
struct PrivateTokenizerTests {
    private static let limit = 4000

    @Test(
        "After five replies at most one context in a thousand is over the limit",
        arguments: ["ollama/llama3", "anthropic/claude-opus-4-6", "google/gemini-2.5-pro"])
    func keepsContextsWithinTheLimit(model: String) {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["MYBOT_SOAK_SEED"].flatMap(UInt64.init) ?? 12
        var random = SeededRandom(seed: seed)
        var outcome = Outcome()
        let meters = environment["MYBOT_SOAK_METERS"].flatMap(Int.init)
        for _ in 0..<(meters ?? 60) { simulate(model, &outcome, &random) }
        if meters != nil {
            print(
                "soak meter model=\(model) seed=\(seed) contexts=\(outcome.contexts) over=\(outcome.overLimit)",
                "overWithOverhead=\(outcome.overWindow) share=\(outcome.meanShare)")
        }
        #expect(outcome.contexts > 10_000)
        #expect(outcome.overLimit * 1000 <= outcome.contexts, "\(outcome), seed \(seed)")
        #expect(outcome.overWindow * 1000 <= outcome.contexts, "\(outcome), seed \(seed)")
        // A bound that wastes the context would be easy.
        #expect(outcome.meanShare > 0.8, "\(outcome), seed \(seed)")
    }

    private struct Outcome {
        var contexts = 0
        /// Contexts whose texts are longer than the limit.
        var overLimit = 0
        /// Prompts that are longer with their overhead, where the overhead was to be taken from the limit.
        var overWindow = 0
        /// How much of the limit the full contexts use.
        var shares = 0.0
        var full = 0

        var meanShare: Double { full == 0 ? 0 : shares / Double(full) }
    }

    private struct Text {
        let counted: Int
        let real: Int
    }

    /// Three chats with one model, begun anew now and then: 300 turns.
    private func simulate(_ model: String, _ outcome: inout Outcome, _ random: inout SeededRandom) {
        let meter = CalibratedTokenMeter()
        let rate = Double.random(in: 0.8...1.6, using: &random)
        let overhead = Int.random(in: 0...800, using: &random)
        let system = text(rate, &random)
        var chats = [[Text]](repeating: [], count: 3)
        for turn in 0..<300 {
            let chat = Int.random(in: 0..<3, using: &random)
            if Int.random(in: 0..<60, using: &random) == 0 { chats[chat] = [] }
            chats[chat].append(text(rate, &random))
            let tokens = meter.tokens(of: model)
            let context = newest(of: chats[chat], within: tokens.counted(within: Self.limit))
            let prompt = newest(of: chats[chat], within: tokens.counted(within: Self.limit - tokens.overhead))
            if turn >= 5 {
                outcome.contexts += 1
                if context.real > Self.limit { outcome.overLimit += 1 }
                if prompt.real + overhead > Self.limit { outcome.overWindow += 1 }
                // What has settled, and is as long as the limit lets it be.
                if turn >= 100, context.isCut {
                    outcome.full += 1
                    outcome.shares += Double(context.real) / Double(Self.limit)
                }
            }
            meter.learn(
                TokenReport(
                    model: model, counted: context.counted + system.counted,
                    reported: overhead + context.real + system.real))
            chats[chat].append(text(rate, &random))
        }
    }

    /// A text of any usual length, whose own rate lies about the model's.
    private func text(_ rate: Double, _ random: inout SeededRandom) -> Text {
        let counted = Int(exp(Double.random(in: log(3)...log(400), using: &random)))
        let noise = (0..<6).reduce(0.0) { sum, _ in sum + Double.random(in: -0.14...0.14, using: &random) }
        return Text(counted: counted + 4, real: max(1, Int((Double(counted) * rate * (1 + noise)).rounded())) + 4)
    }

    private func newest(of chat: [Text], within budget: Int) -> (counted: Int, real: Int, isCut: Bool) {
        var (counted, real) = (3, 3)
        for text in chat.reversed() {
            if counted + text.counted > budget { return (counted, real, true) }
            counted += text.counted
            real += text.real
        }
        return (counted, real, false)
    }
}

/// A generator whose numbers follow from its seed.
private struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
