package import BotCore
import Logging

extension SessionManager {
    /// How often a session that is changed while it is read is read again.
    private static var attempts: Int { 4 }
    /// How many messages may be added while a session is read.
    private static var slack: Int { 1000 }

    /// What the session gives to a prompt, inside its token limit; nil when there is no such session.
    ///
    /// - Parameter maxMessages: the most messages, from 1 to 1000; nil takes `contextMaxMessages`.
    package func buildContext(
        _ id: SessionID, maxMessages: Int? = nil
    ) async throws(StoreError) -> SessionContext? {
        try await buildContext(ContextRequest(session: id, maxMessages: maxMessages))
    }

    /// What the session gives to a prompt, inside its token limit; nil when there is no such session.
    ///
    /// It shows the summary, the newest messages that it does not cover, at most `maxMessages`, and, behind the newest words of the user,
    /// what of older messages fits the question, and the moment. The beginning moves in steps (see `ContextWindow`). What does not fit
    /// the limit is left out from the oldest turn on; a message of more than half the limit is shown by its beginning and end, and
    /// so is the newest one of the user if it alone is too long. A limit that holds not even a beginning gives no messages at
    /// all, and so does a message to end with that is not in the log any more.
    package func buildContext(_ request: ContextRequest) async throws(StoreError) -> SessionContext? {
        let tokens = meter.tokens(of: request.model?.name ?? provider.name)
        if let held = cache.held(request.session), let made = draft(request, of: held, tokens: tokens) {
            cache.count(isHit: true)
            return try await finish(made, isHit: true)
        }
        cache.count(isHit: false)
        var limit = Self.clamped(request.maxMessages ?? settings.contextMaxMessages) + 2
        while true {
            guard let read = try await read(request.session, limit: limit) else { return nil }
            var made = draft(request, of: read, tokens: tokens)
            if made == nil, let through = request.through, through <= read.session.coverage.seq {
                let message = try await store.messages(of: request.session, seqs: [through])
                made = draft(request, of: read, live: LiveMessages(single: message.first), tokens: tokens)
            }
            if let made { return try await finish(made, isHit: false) }
            // What has to be shown stands further back: the question of a long turn, or the message to end with.
            guard limit <= read.session.coverage.liveMessages + Self.slack else {
                throw .failed("a session has fewer messages than it counts")
            }
            limit *= 4
        }
    }

    // MARK: - Building

    private struct Made {
        let session: Session
        let draft: ContextDraft
        let isForLanguageModel: Bool
        /// What is known from the session's last context.
        let memo: ContextMemo?
    }

    /// Nil when what is known of the session is not enough.
    private func draft(_ request: ContextRequest, of known: CachedSession, tokens: ModelTokens) -> Made? {
        guard var live = known.live else { return nil }
        if let through = request.through {
            let isCovered = through <= known.session.coverage.seq
            if isCovered, through > known.session.floorSeq { return nil }
            guard let ending = live.ending(with: through) else { return nil }
            // A message that was cleared or taken back is not to be answered, nor is another in its place.
            live = ending.messages.last?.seq == through ? ending : LiveMessages(single: nil)
        }
        return draft(request, of: known, live: live, tokens: tokens)
    }

    private func draft(
        _ request: ContextRequest, of known: CachedSession, live: LiveMessages, tokens: ModelTokens
    ) -> Made? {
        let isEmpty = request.through != nil && live.messages.isEmpty
        let input = ContextBuilder.Input(
            session: known.session, live: isEmpty ? live : live.followed(by: request.steps),
            summary: isEmpty ? nil : known.summary,
            // The steps of a turn push nothing out that its question may be about.
            maxMessages: Self.clamped((request.maxMessages ?? settings.contextMaxMessages) + request.steps.count),
            share: request.share,
            recallTokens: settings.recallTokens, moment: request.moment)
        let isLanguageModel = request.model?.isLanguageModel ?? provider.isLanguageModel
        var builder = ContextBuilder(input, tokens: tokens, languageModel: isLanguageModel, memo: known.memo)
        return builder.draft().map {
            Made(session: known.session, draft: $0, isForLanguageModel: isLanguageModel, memo: known.memo)
        }
    }

    private func finish(_ made: Made, isHit: Bool) async throws(StoreError) -> SessionContext {
        let context = try await recalled(made) ?? made.draft.context()
        if made.draft.memo != made.memo { cache.remember(made.draft.memo, of: made.session.id) }
        log.debug(
            "context built",
            [
                "session.id": "\(made.session.id)", "context.messages": "\(context.messages.count)",
                "context.tokens": "\(context.totalTokens)", "context.recalled": "\(context.recalled.count)",
                "cache.hit": "\(isHit)",
            ])
        return context
    }

    /// The context with what is recalled; nil when that is nothing.
    private func recalled(_ made: Made) async throws(StoreError) -> SessionContext? {
        guard let recall = made.draft.recall else { return nil }
        var room = recall.room
        // What is recalled fits the room by itself; joined to the words before it, it may cost a little more.
        for _ in 0..<2 where room >= ContextDraft.Recall.smallest {
            let request = RecallRequest(
                session: made.session, question: recall.question, previous: recall.previous, before: recall.before,
                budget: room, counter: made.draft.tokens.counter, forLanguageModel: made.isForLanguageModel)
            let recalled: Recalled?
            do throws(StoreError) {
                recalled = try await recaller.recall(request)
            } catch .cancelled {
                throw .cancelled
            } catch {
                // An answer without it is better than none.
                log.warning("recall failed", ["session.id": "\(made.session.id)", "error": "\(error)"])
                return nil
            }
            guard let recalled else { return nil }
            switch made.draft.context(with: recalled) {
            case .fits(let context): return context
            case .tooLong(let excess): room = min(room, recalled.tokens) - excess
            }
        }
        return nil
    }

    // MARK: - Reading

    /// Reads a session with its newest messages and its summary, and keeps it if nothing else was committed meanwhile.
    private func read(_ id: SessionID, limit: Int) async throws(StoreError) -> CachedSession? {
        let fill = cache.beginFill(of: id)
        do throws(StoreError) {
            let read = try await readAtOnce(id, limit: limit)
            cache.end(fill, with: read)
            return read
        } catch {
            cache.end(fill, with: nil)
            throw error
        }
    }

    /// Several reads that belong to one state: between them only messages may have been added, and these are left out.
    private func readAtOnce(_ id: SessionID, limit: Int) async throws(StoreError) -> CachedSession? {
        guard var session = try await store.session(id) else { return nil }
        for _ in 0..<Self.attempts {
            let newest = try await store.newestMessages(of: id, limit: limit)
            var summary: SummaryBlock?
            if let checkpoint = session.coverage.checkpoint {
                summary = try await store.checkpoint(checkpoint).map(SummaryBlock.init)
            }
            guard let after = try await store.session(id) else { return nil }
            if after.revision == session.revision {
                return CachedSession(session: session, newest: newest, summary: summary)
            }
            session = after
        }
        throw .failed("a session was changed faster than it could be read")
    }
}
