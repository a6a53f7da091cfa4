package import BotCore
package import Logging

/// The heart of mybot: sessions, their messages and the contexts made of them. All that touches a session's messages goes
/// through here, so that the cache in front of the store is always true.
package final class SessionManager: Sendable {
    package let settings: SessionSettings
    let store: any Store
    let meter: any TokenMeter
    /// The model that the contexts are for.
    let provider: any ModelProvider
    let time: any TimeSource
    let log: SessionLog
    let cache: SessionCache

    /// Creates a manager over a store. Its log lines have the category `session-manager`.
    ///
    /// - Parameters:
    ///   - meter: how the tokens of each model are counted.
    ///   - provider: the model that the contexts are for.
    package init(
        store: any Store, meter: any TokenMeter, provider: any ModelProvider, settings: SessionSettings,
        time: any TimeSource, logger: Logger
    ) {
        self.store = store
        self.meter = meter
        self.provider = provider
        self.settings = settings
        self.time = time
        log = SessionLog(logger: logger, remembering: settings.cacheMaxSessions)
        cache = SessionCache(
            maxSessions: settings.cacheMaxSessions, maxMessages: 2 * Self.clamped(settings.contextMaxMessages))
    }

    /// How the tokens of the model in use are counted.
    var modelTokens: ModelTokens { meter.tokens(of: provider.name) }
    var counter: any TokenCounter { modelTokens.counter }

    // MARK: - Sessions

    /// The conversation's session, made if there is none, woken if it is inactive.
    package func getOrCreateSession(_ draft: SessionDraft) async throws(StoreError) -> Session {
        let now = time.now
        let session = try await store.getOrCreate(draft, at: now)
        cache.note(session)
        log.touched(session, ifMade: (0, now))
        return session
    }

    /// The session with this number, or nil.
    package func getSession(_ id: SessionID) async throws(StoreError) -> Session? {
        if let held = cache.session(id) { return held.session }
        let fill = cache.beginFill(of: id)
        do throws(StoreError) {
            let session = try await store.session(id)
            cache.end(fill, with: session.map { CachedSession(session: $0) })
            return session
        } catch {
            cache.end(fill, with: nil)
            throw error
        }
    }

    /// The session of a conversation, or nil when it has none yet.
    package func session(of conversation: ConversationID) async throws(StoreError) -> Session? {
        try await store.session(of: conversation)
    }

    /// The session of a platform's conversation, for `/status`.
    package func session(of key: ConversationKey) async throws(StoreError) -> Session? {
        try await store.session(of: key)
    }

    /// Active sessions, newest activity first.
    package func activeSessions(limit: Int = 100) async throws(StoreError) -> [Session] {
        try await store.activeSessions(limit: limit)
    }

    /// The messages that a session shows over REST: those of this epoch, newest `limit`, oldest first.
    package func messages(of id: SessionID, limit: Int) async throws(StoreError) -> [SessionMessage] {
        try await store.newestMessages(of: id, limit: limit)
    }

    /// Merges members into the session's state at the top level; nil when there is no such session.
    package func updateState(
        of id: SessionID, with patch: [String: JSONValue]
    ) async throws(StoreError) -> Session? {
        guard let session = try await store.updateState(of: id, with: patch, at: time.now) else { return nil }
        cache.note(session)
        log.touched(session)
        return session
    }

    /// Marks a session inactive until its next message; false when there is no such session.
    package func deactivate(_ id: SessionID) async throws(StoreError) -> Bool {
        let exists = try await store.deactivate(id)
        cache.invalidate(id)
        if exists { log.slept(id, "session deactivated") }
        return exists
    }

    /// Erases a session for good; false when there is no such session.
    package func delete(_ id: SessionID) async throws(StoreError) -> Bool {
        let existed = try await store.erase(id)
        cache.invalidate(id)
        if existed { log.info("session deleted", ["session.id": "\(id)"]) }
        return existed
    }

    /// Counts one tool call in a session.
    package func recordToolCall(in id: SessionID) async throws(StoreError) {
        try await store.count(toolCalls: 1, errors: 0, in: id)
        cache.invalidate(id)
    }

    /// Counts one error in a session.
    package func recordError(in id: SessionID) async throws(StoreError) {
        try await store.count(toolCalls: 0, errors: 1, in: id)
        cache.invalidate(id)
    }

    /// Totals over all sessions, and how the cache does.
    package func getStats() async throws(StoreError) -> SessionStatistics {
        let store = try await store.statistics()
        let (sessions, hits, misses) = cache.statistics
        return SessionStatistics(store: store, cachedSessions: sessions, cacheHits: hits, cacheMisses: misses)
    }

    // MARK: - Messages

    /// Adds a message to a session; returns the session after it, or nil when there is no such session.
    ///
    /// - Parameter role: user or assistant; messages of other roles are kept in the log but never shown to a model.
    package func addMessage(
        to id: SessionID, role: Role, content: String, metadata: [String: JSONValue] = [:]
    ) async throws(StoreError) -> Session? {
        let draft = MessageDraft(
            role: role, text: content, tokens: counter.count(content), tokenizer: counter.name, metadata: metadata)
        guard let appended = try await store.append(draft, to: id, at: time.now) else { return nil }
        log.touched(appended.session)
        note(appended.session, appended: appended.message)
        return appended.session
    }

    /// What the session gives to a prompt, inside its token limit; nil when there is no such session.
    ///
    /// It shows the newest messages since the last reset, at most `maxMessages`, and moves its beginning in steps (see
    /// `ContextWindow`). What does not fit the limit is left out from the oldest exchange on; a message of more than half
    /// the limit is shown by its beginning and end, and so is the newest one of the user if it alone is too long. A limit that
    /// holds not even a beginning gives no messages at all.
    ///
    /// - Parameter maxMessages: the most messages, from 1 to 1000; nil takes `contextMaxMessages`.
    package func buildContext(
        _ id: SessionID, maxMessages: Int? = nil
    ) async throws(StoreError) -> SessionContext? {
        let most = Self.clamped(maxMessages ?? settings.contextMaxMessages)
        let held = cache.session(id) { held in
            held.messages(after: ContextWindow.start(of: held.session, maxMessages: most)) != nil
        }
        guard let known = if let held { held } else { try await read(id, maxMessages: most) } else { return nil }
        let start = ContextWindow.start(of: known.session, maxMessages: most)
        // Answers of the offline responder never enter the context of a language model.
        let context = ContextBuilder(counter: counter).context(
            of: known.messages(after: start) ?? [], in: known.session, languageModel: provider.isLanguageModel)
        log.debug(
            "context built",
            [
                "session.id": "\(id)", "context.messages": "\(context.messages.count)",
                "context.tokens": "\(context.totalTokens)", "cache.hit": "\(held != nil)",
            ])
        return context
    }

    /// Reads a session with enough messages for a context, and keeps it if nothing else was committed meanwhile.
    private func read(_ id: SessionID, maxMessages: Int) async throws(StoreError) -> CachedSession? {
        let fill = cache.beginFill(of: id)
        do throws(StoreError) {
            guard var session = try await store.session(id) else {
                cache.end(fill, with: nil)
                return nil
            }
            let limit = max(maxMessages, 2 * Self.clamped(settings.contextMaxMessages))
            let newest = try await store.newestMessages(of: id, limit: limit)
            if let read = CachedSession(session: session, newest: newest) {
                cache.end(fill, with: read)
                return read
            }
            cache.end(fill, with: nil)
            // Something was committed between the two reads. The messages are the newer of both, and whole in themselves.
            session.headSeq = newest.last?.seq ?? session.headSeq
            session.floorSeq = newest.last == nil ? session.headSeq : session.floorSeq
            if let first = newest.first, newest.count < limit { session.floorSeq = first.seq - 1 }
            return CachedSession(session: session, newest: newest)
        } catch {
            cache.end(fill, with: nil)
            throw error
        }
    }

    /// Brings the cache and the log up to date after a message.
    func note(_ session: Session, appended message: SessionMessage) {
        cache.note(session, appended: message)
        log.added(message, to: session)
    }

    private static func clamped(_ maxMessages: Int) -> Int { min(max(1, maxMessages), 1000) }
}
