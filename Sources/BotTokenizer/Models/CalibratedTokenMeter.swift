package import BotCore

/// Counts exactly where a model's tokenizer is public, and elsewhere with a rate that the model's replies correct.
///
/// Until five replies a model is bounded by what is known of its vendor, or by the replies if they tell a higher rate; then by the replies alone. A
/// rate is never below 1,000 for 1,000. A model with a public tokenizer whose replies clearly report more than was counted is taken for
/// another one behind the name.
package final class CalibratedTokenMeter: TokenMeter {
    private let table = ModelTokenTable()
    private let models: Lock<RecentModels>

    /// Creates a meter that knows nothing but its table.
    ///
    /// - Parameter capacity: of how many models it keeps what it has learnt; those used least begin anew.
    package init(capacity: Int = 64) { models = Lock(RecentModels(capacity: capacity)) }

    package func tokens(of model: String) -> ModelTokens {
        let entry = table.entry(for: model)
        let learnt = models.withLock { $0.learnt(of: model) } ?? LearntRate(entry)
        return ModelTokens(counter: entry.counter, perThousand: learnt.perThousand, overhead: learnt.overhead)
    }

    package func learn(_ report: TokenReport) {
        change(report.model) { $0.learn(counted: report.counted, reported: report.reported) }
    }

    package func learnTooLong(model: String, counted: Int, attempted: Int?) {
        change(model) { $0.learnTooLong(counted: counted, attempted: attempted) }
    }

    private func change(_ model: String, _ body: (inout LearntRate) -> Void) {
        let entry = table.entry(for: model)
        models.withLock { $0.change(model, startingAs: LearntRate(entry), body) }
    }
}
