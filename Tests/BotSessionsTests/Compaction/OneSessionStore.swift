import BotCore

/// One session and its summaries, with counters that cost the same at any length, for tests with very long chats.
final class OneSessionStore: CheckpointStore, UsageStore {
    private struct State {
        var session: Session
        var messages: [SessionMessage] = []
        var checkpoints: [Checkpoint] = []
        /// The most messages that one read gave.
        var longestPage = 0
    }

    private let state: Lock<State>

    init(tokenLimit: Int) {
        var session = Sample.session(live: [], limit: tokenLimit)
        session.headSeq = 0
        state = Lock(State(session: session))
    }

    var session: Session { state.withLock { $0.session } }
    var checkpoints: [Checkpoint] { state.withLock { $0.checkpoints } }
    var longestPage: Int { state.withLock { $0.longestPage } }

    func append(_ role: Role, _ text: String, tokens: Int, tokenizer: String) -> Session {
        state.withLock { state in
            state.session.headSeq += 1
            state.session.coverage.liveMessages += 1
            state.session.coverage.liveTokens += tokens
            state.messages.append(
                SessionMessage(
                    session: state.session.id, seq: state.session.headSeq, epoch: 1, role: role, text: text,
                    speaker: nil, tokens: tokens, tokenizer: tokenizer, model: nil, createdAt: Sample.noon,
                    metadata: [:]))
            return state.session
        }
    }

    func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        state.withLock { state in state.checkpoints.first { $0.id == id } }
    }

    func checkpoints(of session: SessionID, limit: Int) async throws(StoreError) -> [Checkpoint] {
        state.withLock { Array($0.checkpoints.suffix(limit).reversed()) }
    }

    func messages(
        of session: SessionID, after: Int64, limit: Int, maxBytes: Int
    ) async throws(StoreError) -> [SessionMessage] {
        state.withLock { state in
            var bytes = 0
            let page = state.messages[Int(after)...].prefix(limit).prefix { message in
                bytes += message.text.utf8.count
                return bytes <= maxBytes || message.seq == after + 1
            }
            state.longestPage = max(state.longestPage, page.count)
            return Array(page)
        }
    }

    func commit(
        _ draft: CheckpointDraft, ifRevision revision: Int64, at now: Timestamp
    ) async throws(StoreError) -> CheckpointCommit {
        state.withLock { state in
            let session = state.session
            guard session.revision == revision, draft.base == session.coverage.checkpoint,
                draft.fromSeq == session.coverage.seq + 1, draft.toSeq <= session.headSeq, draft.fromSeq <= draft.toSeq
            else { return .outdated }
            let covered = state.messages[Int(draft.fromSeq - 1)..<Int(draft.toSeq)]
            let checkpoint = Checkpoint(
                id: CheckpointID(Int64(state.checkpoints.count + 1)), session: session.id, base: draft.base,
                fromSeq: draft.fromSeq, toSeq: draft.toSeq, text: draft.text, tokens: draft.tokens,
                tokenizer: draft.tokenizer, replacedTokens: draft.replacedTokens, author: draft.author,
                round: draft.round, createdAt: now)
            state.checkpoints.append(checkpoint)
            state.session.coverage = Coverage(
                checkpoint: checkpoint.id, summaryTokens: draft.tokens, seq: draft.toSeq,
                liveMessages: session.coverage.liveMessages - covered.count,
                liveTokens: session.coverage.liveTokens - covered.reduce(0) { $0 + $1.tokens },
                nextSummaryAt: session.headSeq + Int64(draft.pause))
            state.session.revision += 1
            state.session.summaries += 1
            return .committed(state.session, checkpoint)
        }
    }

    func takeBackSummary(
        _ request: CommandRequest, pause: Int, confirmation: @escaping @Sendable (Checkpoint?) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        throw .failed("not needed here")
    }

    func bookSummary(
        _ usage: TokenUsage, model: String, of session: SessionID, at now: Timestamp
    ) async throws(StoreError) {}

    func usage(
        of session: SessionID, askedBy person: String?, at now: Timestamp
    ) async throws(StoreError) -> [UsageShare] { [] }
}
