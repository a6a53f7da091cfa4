import BotCore
import Testing

@testable import BotConversation

struct PriceTableTests {
    @Test(arguments: [
        ("0", 0), ("2", 2_000_000), ("2.50", 2_500_000), ("0.000001", 1), ("999999999.999999", 999_999_999_999_999),
        (" 1.5 ", 1_500_000),
    ])
    func readsSumsOfMoney(text: String, millionths: Int) { #expect(Money.millionths(text) == millionths) }

    @Test(arguments: ["", ".", "1.", ".5", "-1", "1,5", "1e3", "0.0000001", "9999999999", "1.2.3", "٣", "$1"])
    func refusesWhatIsNoSum(text: String) { #expect(Money.millionths(text) == nil) }

    @Test(arguments: [
        (0, "$0.00"), (1, "$0.0001"), (100, "$0.0001"), (9_999, "$0.0100"), (10_000, "$0.01"), (10_001, "$0.02"),
        (1_234_500, "$1.24"), (12_000_000, "$12.00"),
    ])
    func showsSumsOfMoney(millionths: Int, text: String) { #expect(Money.text(millionths) == text) }

    @Test func readsLines() throws {
        let three = try #require(PriceTable.line("GPT-x = 0.25/0.025/2"))
        #expect(three.name == "gpt-x")
        #expect(three.price == PriceTable.Price(prompt: 250_000, cached: 25_000, completion: 2_000_000))
        #expect(
            PriceTable.line("a=1/2")?.price
                == PriceTable.Price(prompt: 1_000_000, cached: 1_000_000, completion: 2_000_000))
        for text in ["", "a", "a=1", "a=1/2/3/4", "=1/2", "a=1/x", "a=1//2", "a=b=1/2", "a=100000/1"] {
            #expect(PriceTable.line(text) == nil, "\(text)")
        }
    }

    private let table = PriceTable(lines: ["gpt-5=1/2", "gpt-5-mini=3/4", "llama*=5/6", "acme/big=7/8"])

    @Test(arguments: [
        ("gpt-5", 1), ("openai/gpt-5", 1), ("openai/GPT-5-2025-08-07", 1), ("openai/gpt-5-mini", 3),
        ("openai/gpt-5-mini-2025-08-07", 3), ("openai/gpt-5-latest", 1), ("ollama/llama3.1:8b", 5),
        ("openai/acme/big", 7), ("openai/meta/llama-4", 5),
    ])
    func findsTheNarrowestPrice(model: String, dollars: Int) {
        #expect(table.price(of: model)?.prompt == dollars * 1_000_000)
    }

    /// A price that is not known is none: another model's may be far from it.
    @Test(arguments: [
        "openai/gpt-5-pro", "openai/gpt-5.1", "openai/gpt-5-2", "openai/gpt-50", "openai", "other/big", "",
    ])
    func knowsNoPriceOfOthers(model: String) { #expect(table.price(of: model) == nil) }

    @Test func reckonsWhatACallCosts() {
        let table = PriceTable(lines: ["x=2/0.5/10"])
        func cost(_ prompt: Int, _ completion: Int, _ cached: Int = 0, model: String = "openai/x") -> Int {
            table.cost(
                of: TokenUsage(promptTokens: prompt, completionTokens: completion, cachedTokens: cached), model: model)
        }
        #expect(cost(1000, 100) == 3000)
        #expect(cost(1000, 100, 800) == 400 + 400 + 1000)
        // Rounded up, so that nothing is free.
        #expect(cost(0, 0) == 0)
        #expect(
            PriceTable(lines: ["x=0.01/0.01"]).cost(of: TokenUsage(promptTokens: 1, completionTokens: 0), model: "x")
                == 1)
        #expect(cost(1000, 100, model: "openai/y") == 0)
        #expect(cost(.max, .max, .max) > 0)
        #expect(cost(.min, .min, .min) == 0)
    }

    @Test func theOwnersPricesStandAboveThoseThatAreKnown() {
        let table = PriceTable.known.replacing(PriceTable(lines: ["gpt-5-nano=9/9", "mine=1/1"]))
        #expect(table.price(of: "openai/gpt-5-nano")?.prompt == 9_000_000)
        #expect(table.price(of: "mine") != nil)
        #expect(table.price(of: "anthropic/claude-haiku-4-5-20251001")?.completion == 5_000_000)
    }
}
