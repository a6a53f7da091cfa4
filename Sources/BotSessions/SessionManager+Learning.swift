package import BotCore

extension SessionManager {
    /// The tokens of a whole prompt as they were counted before it was sent (see `TokenReport.counted`).
    package func promptTokens(of context: SessionContext, beside fixed: FixedPrompt, for model: String) -> Int {
        context.counted + fixed.counted(by: meter.tokens(of: model).counter)
    }

    /// The most tokens that a request holds beside what the session gives to it: the fixed part, and what the model's template adds.
    package func fixedTokens(of fixed: FixedPrompt, for model: String) -> Int {
        let tokens = meter.tokens(of: model)
        return tokens.bound(fixed.counted(by: tokens.counter)) + tokens.overhead
    }

    /// How many reports of earlier runs are learnt from.
    private static var rememberedReports: Int { 500 }

    /// Learns from what providers reported in earlier runs. To be awaited before the first context is built.
    package func learnFromEarlierRuns() async throws(StoreError) {
        for report in try await store.tokenReports(limit: Self.rememberedReports) { meter.learn(report) }
    }

    /// Learns that the model found a prompt too long.
    ///
    /// - Parameters:
    ///   - other: see `promptTokens`.
    ///   - model: the model, for which the context was built.
    ///   - error: what the provider said, which may tell how long it was.
    package func learnTooLong(_ context: SessionContext, beside fixed: FixedPrompt, model: String, error: String) {
        meter.learnTooLong(
            model: model, counted: promptTokens(of: context, beside: fixed, for: model),
            attempted: AttemptedTokens.parsed(from: error))
    }
}
