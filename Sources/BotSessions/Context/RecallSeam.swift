import BotCore

/// What is to be recalled.
struct RecallRequest {
    let session: Session
    let question: String
    let previous: String?
    let before: Int64
    let budget: Int
    let counter: any TokenCounter
    let forLanguageModel: Bool
}

/// What was recalled.
struct Recalled: Sendable, Equatable {
    let text: String
    let tokens: Int
    let seqs: [Int64]
}

struct Recaller: Sendable {
    init(store: any Store) {}
    func recall(_ request: RecallRequest) async throws(StoreError) -> Recalled? { nil }
}

extension Store {
    func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        try await (self as? any CheckpointStore)?.checkpoint(id)
    }

    func messages(of session: SessionID, seqs: [Int64]) async throws(StoreError) -> [SessionMessage] {
        try await (self as? any SearchStore)?.messages(of: session, seqs: seqs) ?? []
    }
}
