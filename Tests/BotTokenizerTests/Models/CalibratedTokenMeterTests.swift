import BotCore
import BotTokenizer
import Testing

struct CalibratedTokenMeterTests {
    private let meter = CalibratedTokenMeter()

    /// Replies to prompts of growing length.
    private func reply(_ model: String, times: Int = 5, rate: Double, overhead: Int = 0) {
        for turn in 1...times {
            let counted = turn * 400
            meter.learn(TokenReport(model: model, counted: counted, reported: overhead + Int(Double(counted) * rate)))
        }
    }

    @Test func keepsWhatIsKnownOfTheVendorUntilFiveReplies() {
        reply("ollama/llama3", times: 4, rate: 1)
        #expect(meter.tokens(of: "ollama/llama3").perThousand >= 1300)
        reply("ollama/llama3", times: 8, rate: 1)
        #expect(meter.tokens(of: "ollama/llama3").perThousand < 1200)
    }

    @Test func takesAHigherRateAtOnce() {
        reply("ollama/llama3", times: 1, rate: 2)
        #expect(meter.tokens(of: "ollama/llama3").perThousand > 1600)
    }

    @Test func learnsAPrivateRateAndItsOverhead() {
        reply("anthropic/claude-opus-4-7", times: 40, rate: 1.42, overhead: 600)
        let tokens = meter.tokens(of: "anthropic/claude-opus-4-7")
        #expect((1420...1560).contains(tokens.perThousand))
        #expect((500...900).contains(tokens.overhead))
    }

    @Test func neverGoesBelowTheCountedTokens() {
        reply("ollama/llama3", times: 40, rate: 0.6)
        #expect(meter.tokens(of: "ollama/llama3").perThousand == 1000)
    }

    @Test func keepsModelsApart() {
        reply("ollama/llama3", times: 10, rate: 2)
        #expect(meter.tokens(of: "ollama/qwen3").perThousand == 1300)
    }

    @Test("An exact tokenizer stays exact whatever the overhead", arguments: [0, 17, 800])
    func learnsNoRateOfAPublicTokenizer(overhead: Int) {
        reply("openai/gpt-5", times: 40, rate: 1, overhead: overhead)
        #expect(meter.tokens(of: "openai/gpt-5").perThousand == 1000)
        meter.learnTooLong(model: "openai/gpt-5", counted: 9000, attempted: 9100)
        meter.learnTooLong(model: "openai/gpt-5", counted: 9000, attempted: nil)
        #expect(meter.tokens(of: "openai/gpt-5").perThousand == 1000)
    }

    @Test func findsOutThatAnotherModelAnswersUnderAPublicName() {
        reply("openai/gpt-4o", times: 12, rate: 1.4, overhead: 30)
        #expect(meter.tokens(of: "openai/gpt-4o").perThousand >= 1400)
    }

    @Test func doubtsAPublicNameWhenARefusalCountsMuchMore() {
        meter.learnTooLong(model: "openai/gpt-4o", counted: 6000, attempted: 9000)
        #expect(meter.tokens(of: "openai/gpt-4o").perThousand >= 1500)
    }

    @Test func takesTheRateOutOfARefusal() {
        meter.learnTooLong(model: "ollama/llama3", counted: 4000, attempted: 9000)
        #expect(meter.tokens(of: "ollama/llama3").perThousand >= 2250)
    }

    @Test func raisesTheRateByAQuarterWhenARefusalTellsNothing() {
        meter.learnTooLong(model: "ollama/llama3", counted: 4000, attempted: nil)
        #expect(meter.tokens(of: "ollama/llama3").perThousand == 1625)
        meter.learnTooLong(model: "ollama/llama3", counted: 3000, attempted: nil)
        #expect(meter.tokens(of: "ollama/llama3").perThousand == 2031)
    }

    @Test func trustsRepliesAgainAfterARefusal() {
        meter.learnTooLong(model: "ollama/llama3", counted: 4000, attempted: nil)
        reply("ollama/llama3", times: 4, rate: 1)
        #expect(meter.tokens(of: "ollama/llama3").perThousand >= 1625)
        reply("ollama/llama3", times: 10, rate: 1)
        #expect(meter.tokens(of: "ollama/llama3").perThousand < 1300)
    }

    @Test func staysBoundedWhateverIsReported() {
        for (counted, reported) in [
            (0, 10), (-5, 10), (10, 0), (10, -1), (1, .max), (.max, 1), (.max, .max), (3, 1 << 39),
        ] {
            meter.learn(TokenReport(model: "ollama/llama3", counted: counted, reported: reported))
            meter.learnTooLong(model: "ollama/llama3", counted: counted, attempted: reported)
        }
        for _ in 0..<100 { meter.learnTooLong(model: "ollama/llama3", counted: 10, attempted: nil) }
        let tokens = meter.tokens(of: "ollama/llama3")
        #expect((1000...8000).contains(tokens.perThousand))
        #expect(tokens.overhead >= 0)
    }

    @Test func forgetsTheModelThatWasUsedLeastRecently() {
        let meter = CalibratedTokenMeter(capacity: 2)
        for model in ["a/1", "a/2"] { meter.learnTooLong(model: model, counted: 100, attempted: nil) }
        _ = meter.tokens(of: "a/1")
        meter.learnTooLong(model: "a/3", counted: 100, attempted: nil)
        #expect(meter.tokens(of: "a/1").perThousand == 1625)
        #expect(meter.tokens(of: "a/2").perThousand == 1300)
        #expect(meter.tokens(of: "a/3").perThousand == 1625)
    }
}
