import BotCore
import Testing

@testable import BotConversation

struct RequestBudgetTests {
    @Test(
        arguments: [
            // Nothing is known: all that is wanted.
            (nil, nil, 4096, 100, 4096, 1.0),
            // A large window holds everything.
            (200_000, nil, 4096, 100, 4096, 1.0),
            // The model's longest answer is shorter.
            (200_000, 1024, 4096, 100, 1024, 1.0),
            // A small window is shared: half for the answer, and the rest for the prompt.
            (8192, nil, 4096, 96, 4096, 1.0),
            (4096, nil, 4096, 48, 2048, 0.5),
            // Nothing is left.
            (256, nil, 4096, 1000, 128, 0.0),
        ] as [(Int?, Int?, Int, Int, Int, Double)])
    func divides(window: Int?, longest: Int?, wanted: Int, fixed: Int, answer: Int, share: Double) {
        let traits = ModelTraits(contextWindow: window, maxOutputTokens: longest)
        let budget = RequestBudget(wanted, of: traits, beside: fixed)
        #expect(budget.answer == answer)
        #expect(budget.share(of: 4000) == share)
        if let window { #expect(budget.answer + fixed + Int(share * 4000) <= window || share == 0) }
    }
}
