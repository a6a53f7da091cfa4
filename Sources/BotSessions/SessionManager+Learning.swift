package import BotCore

extension SessionManager {
    /// The tokens of a whole prompt as they were counted before it was sent (see `TokenReport.counted`).
    package func promptTokens(of context: SessionContext, system: String, for model: String) -> Int {
        guard !system.isEmpty else { return context.counted }
        return context.counted + meter.tokens(of: model).counter.count(PromptMessage(role: .system, content: system))
    }

    /// The most tokens that a request holds beside what the session gives to it: the system prompt, and what the model's template adds.
    package func fixedTokens(of system: String, for model: String) -> Int {
        let tokens = meter.tokens(of: model)
        let counted = system.isEmpty ? 0 : tokens.counter.count(PromptMessage(role: .system, content: system))
        return tokens.bound(counted) + tokens.overhead
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
    ///   - model: the model, for which the context was built.
    ///   - error: what the provider said, which may tell how long it was.
    package func learnTooLong(_ context: SessionContext, system: String, model: String, error: String) {
        meter.learnTooLong(
            model: model, counted: promptTokens(of: context, system: system, for: model),
            attempted: AttemptedTokens.parsed(from: error))
    }
}
