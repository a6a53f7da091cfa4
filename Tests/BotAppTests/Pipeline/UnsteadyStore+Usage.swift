import BotCore
import BotStore

extension UnsteadyStore {
    func bookSummary(
        _ usage: TokenUsage, model: String, of session: SessionID, at now: Timestamp
    ) async throws(StoreError) {
        try await call("bookSummary") { () async throws(StoreError) in
            try await base.bookSummary(usage, model: model, of: session, at: now)
        }
    }

    func usage(
        of session: SessionID, askedBy person: String?, at now: Timestamp
    ) async throws(StoreError) -> [UsageShare] {
        try await call("usage") { () async throws(StoreError) in
            try await base.usage(of: session, askedBy: person, at: now)
        }
    }
}
