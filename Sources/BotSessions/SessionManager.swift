package import BotCore
package import Logging

/// The heart of mybot: sessions, their messages and the contexts made of them. All that touches a session's messages goes
/// through here, so that the cache in front of the store is always true.
package final class SessionManager: Sendable {
    package let settings: SessionSettings
    let store: any Store
    let meter: any TokenMeter
    /// The model that the contexts are for where a request names no other.
    let provider: any ModelProvider
    let time: any TimeSource
    let log: SessionLog
    let cache: SessionCache
    let recaller: Recaller
    /// Open while erased text may be left in the files of the database.
    let wantsScrub = Gate(isOpen: false)
    let compactor: Compactor

    /// Creates a manager over a store. Its log lines have the category `session-manager`.
    ///
    /// - Parameters:
    ///   - meter: how the tokens of each model are counted.
    ///   - provider: the model that the contexts are for where a request names no other, and that summarises.
    ///   - summarizer: another model that summarises first; nil leaves that to `provider`.
    package init(
        store: any Store, meter: any TokenMeter, provider: any ModelProvider,
        summarizer: (any ModelProvider)? = nil, settings: SessionSettings, time: any TimeSource, logger: Logger
    ) {
        self.store = store
        recaller = Recaller(store: store)
        self.meter = meter
        self.provider = provider
        self.settings = settings
        self.time = time
        log = SessionLog(logger: logger, remembering: settings.cacheMaxSessions)
        cache = SessionCache(
            maxSessions: settings.cacheMaxSessions, maxMessages: Self.clamped(settings.contextMaxMessages))
        compactor = Compactor(
            store: store, findSession: { id throws(StoreError) in try await store.session(id) }, meter: meter,
            provider: provider, summarizer: summarizer, settings: settings, time: time, log: log,
            onStored: { [cache] in cache.note($0) })
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

    /// Sets the model that was chosen for a session; nil takes the choice back. Nil when there is no such session.
    package func chooseModel(_ name: String?, of id: SessionID) async throws(StoreError) -> Session? {
        guard let session = try await store.chooseModel(name, of: id) else { return nil }
        cache.note(session)
        log.info("model chosen", ["session.id": "\(id)", "model": "\(name ?? "default")"])
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
        if existed {
            log.info("session deleted", ["session.id": "\(id)"])
            wantsScrub.set(open: true)
        }
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

    /// Brings the cache and the log up to date after a message.
    func note(_ session: Session, appended message: SessionMessage) {
        cache.note(session, appended: message)
        log.added(message, to: session)
        compactor.noted(session)
    }

    static func clamped(_ maxMessages: Int) -> Int { min(max(1, maxMessages), 1000) }
}
