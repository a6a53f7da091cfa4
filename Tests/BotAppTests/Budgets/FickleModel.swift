import BotCore
import BotTestSupport

/// A model that answers, refuses, breaks and hangs by chance, and keeps what each call that reached it has really cost: never more than
/// was asked for, and often less than anybody can know.
final class FickleModel: ModelProvider {
    /// What was really spent, whatever became of it.
    struct Truth: Sendable {
        var calls = 0
        var people: [String: Int] = [:]
        var chats: [String: Int] = [:]
        var all = 0

        fileprivate mutating func add(_ tokens: Int, _ billing: Billing) {
            calls += 1
            if let person = billing.person { people[person, default: 0] += tokens }
            if let chat = billing.chat { chats[chat.description, default: 0] += tokens }
            all += tokens
        }
    }

    private enum Fate: CaseIterable {
        case reports, reportsMost, reportsNothing, reportsZeros, isCut, hangs
        case refuses, isBusy, isAway, times, breaks
    }

    let name: String
    let isLanguageModel = true
    private let time: any TimeSource
    private let random: Lock<SeededRandom>
    private let truth: Lock<Truth>

    init(_ name: String, seed: UInt64, truth: Lock<Truth>, time: any TimeSource) {
        self.name = name
        self.time = time
        random = Lock(SeededRandom(seed: seed))
        self.truth = truth
    }

    func traits() async -> ModelTraits { ModelTraits(contextWindow: 2000) }

    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        guard let billing = request.billing else { throw .badRequest("nobody pays for this") }
        let (fate, prompt, words) = random.withLock { random in
            (
                Fate.allCases.randomElement(using: &random) ?? .reports,
                Int.random(in: 1...max(1, billing.promptTokens), using: &random),
                Int.random(in: 1...max(1, request.maxOutputTokens), using: &random)
            )
        }
        let text = Array(repeating: "word", count: words).joined(separator: " ")
        func spend(_ tokens: Int) { truth.withLock { $0.add(tokens, billing) } }
        switch fate {
        case .refuses:
            spend(0)
            throw .unauthorized("no")
        case .isBusy:
            spend(0)
            throw .rateLimited(retryAfter: nil, "busy")
        case .isAway: throw .network("refused", wasSent: false)
        case .times:
            spend(prompt)
            throw .timedOut("nothing came")
        case .breaks:
            spend(prompt)
            throw .network("broke")
        case .hangs:
            spend(prompt + words)
            await onText(text)
            // Until it is cancelled, by the turn's deadline or by the end of a life.
            do { try await time.sleep(for: .seconds(1_000_000)) } catch { throw .cancelled }
            throw .timedOut("nobody waited")
        case .reports, .reportsMost, .reportsNothing, .reportsZeros, .isCut:
            let most = TokenUsage(promptTokens: billing.promptTokens, completionTokens: request.maxOutputTokens)
            let usage: TokenUsage? =
                switch fate {
                case .reports: TokenUsage(promptTokens: prompt, completionTokens: words)
                case .reportsMost: most
                case .reportsZeros: TokenUsage(promptTokens: 0, completionTokens: 0)
                default: nil
                }
            spend(fate == .reportsMost ? most.promptTokens + most.completionTokens : prompt + words)
            await onText(text)
            return Completion(
                text: text, finishReason: fate == .isCut ? .cut : .stop, usage: usage, model: "\(name)/test")
        }
    }
}
