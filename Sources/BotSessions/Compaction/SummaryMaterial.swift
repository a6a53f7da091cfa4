import BotCore

/// All that one job works on, read from the store.
struct SummaryMaterial: Sendable {
    /// The session as it was when all of this was read.
    let session: Session
    let source: SummarySource
    let cut: CutScan.Cut
    let round: Int
    /// The longest summary that frees enough.
    let budget: Int
    /// What the summary replaces in the context: the old one, and the messages with what stands around them.
    let replacedTokens: Int

    func draft(text: String, tokens: Int, tokenizer: String, author: SummaryAuthor, pause: Int) -> CheckpointDraft {
        CheckpointDraft(
            session: session.id, base: session.coverage.checkpoint, fromSeq: session.coverage.seq + 1,
            toSeq: cut.toSeq, text: text, tokens: tokens, tokenizer: tokenizer, replacedTokens: replacedTokens,
            author: author, round: round, pause: pause)
    }
}

/// Reads the material of a job, page by page: no more than the job may use is ever held.
struct MaterialReader: Sendable {
    enum Result: Sendable {
        case material(SummaryMaterial)
        /// A summary would free too little.
        case nothingToGain
        /// The session has changed while it was read.
        case outdated
    }

    private static let pageMessages = 64
    private static let pageBytes = 128 << 10

    let store: any CheckpointStore
    let policy: CompactionPolicy
    let counter: any TokenCounter
    /// The most tokens of source that the job reads.
    let maxSource: Int

    func read(_ session: Session) async throws(StoreError) -> Result {
        let chain = try await chain(of: session)
        guard chain.first?.id == session.coverage.checkpoint else { return .outdated }
        let coverage = session.coverage
        // What the new messages take of the source at most; about two fifths of them stay outside.
        let live = coverage.liveTokens + coverage.liveMessages * SourceMessage.headerTokens
        let spare = maxSource - live * 3 / 5
        // If what a digest covers is too much to be read again, its lines are taken over.
        for spare in [spare, -1] {
            let lineage = SummaryLineage(of: session, chain: chain, spare: spare, counter: counter)
            if let material = try await material(of: session, lineage) { return .material(material) }
            if lineage.after == coverage.seq { break }
        }
        return .nothingToGain
    }

    private func chain(of session: Session) async throws(StoreError) -> [Checkpoint] {
        guard session.coverage.checkpoint != nil else { return [] }
        let newest = try await store.checkpoints(of: session.id, limit: 8)
        guard newest.contains(where: { $0.round >= SummaryLineage.maxRound }) else { return newest }
        return try await store.checkpoints(of: session.id, limit: SummaryLineage.maxChain)
    }

    private func material(
        of session: Session, _ lineage: SummaryLineage
    ) async throws(StoreError) -> SummaryMaterial? {
        var scan = CutScan(session: session, policy: policy, maxTokens: maxSource)
        var messages: [SourceMessage] = []
        var after = lineage.after
        var isOver = false
        while !isOver {
            let page = try await store.messages(
                of: session.id, after: after, limit: Self.pageMessages, maxBytes: Self.pageBytes)
            guard let last = page.last else { break }
            after = last.seq
            for message in page {
                let source = SourceMessage(message, counter: counter)
                let cost = source?.tokens ?? SourceMessage.headerTokens
                guard
                    scan.take(role: message.role, seq: message.seq, tokens: message.tokens, sourceTokens: cost)
                else {
                    isOver = true
                    break
                }
                if let source { messages.append(source) }
            }
        }
        guard let cut = scan.cut(), cut.toSeq > session.coverage.seq else { return nil }
        let replaced = session.coverage.summaryTokens + policy.cost(tokens: cut.tokens, messages: cut.messages)
        guard let budget = policy.budget(replacing: replaced, limit: session.tokenLimit) else { return nil }
        let source = SummarySource(
            messages: messages.filter { $0.seq <= cut.toSeq }, notes: lineage.notes,
            citable: session.floorSeq + 1...cut.toSeq)
        return SummaryMaterial(
            session: session, source: source, cut: cut, round: lineage.round, budget: budget, replacedTokens: replaced)
    }
}
