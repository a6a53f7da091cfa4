import BotCore
import Logging

/// Summarises one stretch of one session.
///
/// It reads, asks and stores, and holds nothing of the store while it asks. If anything but new messages came to the session meanwhile,
/// the store refuses what was made.
struct CompactionJob: Sendable {
    enum Outcome: Sendable {
        case stored(before: Session, Session, Checkpoint)
        /// The session is not due, or is no more.
        case notDue
        /// Nothing can be freed now.
        case nothingToGain(Session)
        /// The session changed while the job worked on it.
        case outdated
        /// The model was given too much: less is tried.
        case tooLong
        case cancelled
    }

    private enum Made {
        case summary(text: String, tokens: Int, SummaryAuthor)
        case nothing
        case tooLong
        case cancelled
    }

    let id: SessionID
    let store: any CheckpointStore & UsageStore
    let findSession: @Sendable (SessionID) async throws(StoreError) -> Session?
    /// The models to ask, the one to ask first first. Those that are no language models are never asked.
    let providers: [any ModelProvider]
    let tokens: ModelTokens
    let settings: SessionSettings
    let maxSource: Int
    let deadline: Duration
    let ledger: CompactionLedger
    let time: any TimeSource
    let log: SessionLog

    private var counter: any TokenCounter { tokens.counter }

    /// Runs beside the caller, since it counts and compares texts.
    @concurrent
    func run() async throws(StoreError) -> Outcome {
        let policy = CompactionPolicy(settings: settings, tokens: tokens)
        guard let session = try await findSession(id), policy.isDue(session) else { return .notDue }
        ledger.count { $0.jobs += 1 }
        let first = providers.indices.first { providers[$0].isLanguageModel && mayCall($0) }
        let reader = MaterialReader(
            store: store, policy: policy, counter: counter,
            maxSource: first.map(ledger.maxSource(of:)) ?? maxSource)
        let material: SummaryMaterial
        switch try await reader.read(session) {
        case .material(let read): material = read
        case .nothingToGain: return .nothingToGain(session)
        case .outdated: return .outdated
        }
        switch await make(of: material, in: session) {
        case .summary(let text, let tokens, let author):
            let coverage = session.coverage
            let left = (coverage.liveTokens - material.cut.tokens, coverage.liveMessages - material.cut.messages)
            let draft = material.draft(
                text: text, tokens: tokens, tokenizer: counter.name, author: author,
                pause: policy.pause(after: tokens, left: left, limit: session.tokenLimit))
            switch try await store.commit(draft, ifRevision: session.revision, at: time.now) {
            case .committed(let after, let checkpoint): return .stored(before: session, after, checkpoint)
            case .outdated: return .outdated
            }
        case .nothing: return .nothingToGain(session)
        case .tooLong: return .tooLong
        case .cancelled: return .cancelled
        }
    }

    // MARK: - The ladder

    /// Asks one model after the other, each at most twice, and makes a digest where none helps.
    private func make(of material: SummaryMaterial, in session: Session) async -> Made {
        for place in providers.indices where providers[place].isLanguageModel {
            var complaint: SummaryRejection?
            for _ in 0..<2 {
                guard mayCall(place) else { break }
                var request = SummaryPrompt.request(
                    for: material.source, budget: material.budget,
                    maxOutputTokens: tokens.bound(material.budget), complaint: complaint)
                request.billing = Billing(
                    person: session.payer, chat: session.key, promptTokens: tokens.prompt(of: request))
                ledger.count { $0.calls += 1 }
                let call = SummaryCall(
                    provider: providers[place], request: request, deadline: deadline, time: time)
                switch await call.run() {
                case .answered(let completion):
                    ledger.answered(by: place)
                    await book(completion)
                    switch judge(completion, of: material) {
                    case .accepted(_, let text, let tokens):
                        return .summary(text: text, tokens: tokens, .model(completion.model))
                    case .rejected(let reason):
                        ledger.rejected(reason, for: id, at: time.uptime)
                        log.info(
                            "summary rejected",
                            [
                                "session.id": "\(id)", "summary.reason": "\(reason)", "model": "\(completion.model)",
                            ])
                        complaint = reason
                        continue
                    }
                case .failed(.overBudget):
                    // Nobody has failed: the digest stands in until a new day or month.
                    log.debug("no summary by a model: a budget is spent", ["session.id": "\(id)"])
                case .failed(let error):
                    failed(error, place)
                    if case .contextTooLong = error, mayCall(place) { return .tooLong }
                case .timedOut: failed(nil, place)
                case .cancelled: return .cancelled
                }
                break
            }
        }
        guard let digest = SummaryDigest(counter: counter, budget: material.budget).digest(of: material.source) else {
            return .nothing
        }
        return .summary(text: digest.text, tokens: digest.tokens, .digest)
    }

    private func book(_ completion: Completion) async {
        guard let usage = completion.usage else { return }
        do throws(StoreError) {
            try await store.bookSummary(usage, model: completion.model, of: id, at: time.now)
        } catch {
            // A summary is worth more than its place in the accounts.
            log.warning("cost of a summary not booked", ["session.id": "\(id)", "error": "\(error)"])
        }
    }

    private func judge(_ completion: Completion, of material: SummaryMaterial) -> SummaryGate.Verdict {
        SummaryGate(counter: counter, budget: material.budget)
            .judge(completion.text, finish: completion.finishReason, source: material.source)
    }

    private func mayCall(_ place: Int) -> Bool { ledger.mayCall(place, for: id, at: time.uptime) }

    private func failed(_ error: ModelError?, _ place: Int) {
        ledger.failed(error, of: place, for: id, at: time.uptime)
        log.warning(
            "summary failed",
            [
                "session.id": "\(id)", "provider.name": "\(providers[place].name)",
                "error": "\(error.map { "\($0)" } ?? "no answer in time")",
            ])
    }
}
