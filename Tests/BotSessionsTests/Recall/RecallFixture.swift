import BotCore
import BotTestSupport

@testable import BotSessions

/// A log in memory that can be searched: every message with a term is found, each term of it counts one.
struct SearchableLog: SearchStore {
    var messages: [SessionMessage] = []
    /// Thrown by each search.
    var failure: StoreError?

    func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit] {
        if let failure { throw failure }
        let hits = messages.filter { $0.session == session && range.contains($0.seq) }.compactMap { message in
            let words = Set(SearchText.indexed(message.text).split(separator: " ").map(String.init))
            let found = terms.filter(words.contains)
            return found.isEmpty ? nil : SearchHit(seq: message.seq, score: Double(found.count))
        }
        return Array(hits.sorted { ($0.score, $0.seq) > ($1.score, $1.seq) }.prefix(limit))
    }

    func messages(of session: SessionID, seqs: [Int64]) async throws(StoreError) -> [SessionMessage] {
        messages.filter { $0.session == session && seqs.contains($0.seq) }
    }
}

enum RecallFixture {
    static func message(
        _ seq: Int64, _ text: String, role: Role = .user, speaker: String? = nil, model: String? = nil,
        at moment: Timestamp = Timestamp(rawValue: 1_740_873_600_000)
    ) -> SessionMessage {
        SessionMessage(
            session: SessionID(1), seq: seq, epoch: 1, role: role, text: text, speaker: speaker, tokens: text.count,
            tokenizer: "characters", model: model, createdAt: moment, metadata: [:])
    }

    /// Messages numbered from 1, the user's and the assistant's in turn.
    static func log(_ texts: [String]) -> SearchableLog {
        SearchableLog(
            messages: texts.enumerated().map { index, text in
                message(Int64(index) + 1, text, role: index.isMultiple(of: 2) ? .user : .assistant)
            })
    }

    static func session(head: Int64 = 1000, floor: Int64 = 0) -> Session {
        Session(
            id: SessionID(1), conversation: ConversationID(1), key: nil, interfaceType: "telegram",
            externalUserID: "7", externalChatID: "2", epoch: 1, headSeq: head, floorSeq: floor,
            messageCount: Int(head - floor), inputTokens: 0, outputTokens: 0, tokenLimit: 4000, toolCalls: 0,
            errors: 0, isActive: true, createdAt: Timestamp(rawValue: 0), lastActiveAt: Timestamp(rawValue: 0),
            expiresAfter: .seconds(86_400), state: [:], metadata: [:])
    }

    static func recall(
        _ question: String, previous: String? = nil, in log: SearchableLog, before: Int64 = 1000, floor: Int64 = 0,
        budget: Int = 4000, counter: any TokenCounter = CharacterCounter(), forLanguageModel: Bool = true
    ) async throws -> Recalled? {
        try await Recaller(store: log).recall(
            RecallRequest(
                session: session(floor: floor), question: question, previous: previous, before: before,
                budget: budget, counter: counter, forLanguageModel: forLanguageModel))
    }
}
