import BotCore
import BotStore
import BotTestSupport

/// A real store that fails where a test wants it to, and tells a journal what was committed.
///
/// A call fails before it reaches the database: the real store only reports failures of what was surely not written.
final class UnsteadyStore: Store {
    private struct State {
        var outage: StoreError?
        var isCut = false
        /// How many of the next calls of a name fail.
        var failures: [String: Int] = [:]
        var inFlight = 0
        var calls: [String: Int] = [:]
        /// Rows whose first send was begun, and whose message is not known to stand or to be missing.
        var doubtful: Set<OutboxID> = []
    }

    let base: SQLiteStore
    private let journal: Journal
    private let pause: @Sendable () async -> Void
    private let state = Lock(State())

    /// - Parameter pause: awaited before and after each call.
    init(_ base: SQLiteStore, journal: Journal, pause: @escaping @Sendable () async -> Void = {}) {
        self.base = base
        self.journal = journal
        self.pause = pause
    }

    /// Every call fails from now on, until nil.
    func fail(with error: StoreError?) { state.withLock { $0.outage = error } }

    /// The next so many calls of a name fail.
    func fail(_ name: String, times: Int) { state.withLock { $0.failures[name] = times } }

    /// Nothing reaches the database any more, and nobody hears of what does: the process is dead.
    func cut() { state.withLock { $0.isCut = true } }

    /// Whether no event waits and no row is ready, however badly the store may feel.
    func isDone() async throws(StoreError) -> Bool {
        guard try await base.unfinished(after: nil, limit: 1).isEmpty else { return false }
        return try await base.ready(on: .telegram, after: nil, limit: 1).isEmpty
    }

    var isResting: Bool { state.withLock { $0.inFlight == 0 } }
    var calls: [String: Int] { state.withLock { $0.calls } }

    var doubtful: Set<OutboxID> { state.withLock { $0.doubtful } }

    private func isDoubtful(_ row: OutboxID, _ isDoubtful: Bool) {
        state.withLock { state in
            if isDoubtful { state.doubtful.insert(row) } else { state.doubtful.remove(row) }
        }
    }

    func call<Value: Sendable>(
        _ name: String, _ work: () async throws(StoreError) -> Value,
        journal note: (Value) -> Void = { _ in }
    ) async throws(StoreError) -> Value {
        let refusal = state.withLock { state -> StoreError? in
            state.calls[name, default: 0] += 1
            if state.isCut { return .cancelled }
            if let outage = state.outage { return outage }
            if let left = state.failures[name], left > 0 {
                state.failures[name] = left - 1
                return .full
            }
            state.inFlight += 1
            return nil
        }
        if let refusal { throw refusal }
        defer { state.withLock { $0.inFlight -= 1 } }
        await pause()
        let value = try await work()
        note(value)
        await pause()
        if state.withLock({ $0.isCut }) { throw .cancelled }
        return value
    }

    // MARK: - Events

    func cursor(named name: String) async throws(StoreError) -> String? {
        try await call("cursor") { () async throws(StoreError) in try await base.cursor(named: name) }
    }

    func setCursor(named name: String, to value: String?) async throws(StoreError) {
        try await call("setCursor") { () async throws(StoreError) in try await base.setCursor(named: name, to: value) }
    }

    func accept(_ events: [InboundEvent], cursor: Cursor?) async throws(StoreError) -> [InboxEntry] {
        try await call("accept") { () async throws(StoreError) in
            try await base.accept(events, cursor: cursor)
        } journal: {
            journal.accepted($0)
        }
    }

    func unfinished(after: InboxID?, limit: Int) async throws(StoreError) -> [InboxEntry] {
        try await call("unfinished") { () async throws(StoreError) in
            try await base.unfinished(after: after, limit: limit)
        }
    }

    func applyEdit(_ edit: InboxID) async throws(StoreError) -> EditOutcome {
        try await call("applyEdit") { () async throws(StoreError) in try await base.applyEdit(edit) }
    }

    func finish(_ event: InboxID, answer: [RenderedChunk], at now: Timestamp) async throws(StoreError) -> [OutboxRow] {
        try await call("finish") { () async throws(StoreError) in
            try await base.finish(event, answer: answer, at: now)
        } journal: {
            journal.queued($0)
        }
    }

    func forgetFinished(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await base.forgetFinished(before: before, limit: limit)
    }

    // MARK: - Outbox

    func ready(on platform: Platform, after: OutboxID?, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try await call("ready") { () async throws(StoreError) in
            try await base.ready(on: platform, after: after, limit: limit)
        }
    }

    func openPart(_ chunk: Int, of reply: OutboxID) async throws(StoreError) -> OutboxRow? {
        try await call("openPart") { () async throws(StoreError) in
            try await base.openPart(chunk, of: reply)
        }
    }

    func beginFirstSend(of row: OutboxID) async throws(StoreError) -> Bool {
        try await call("beginFirstSend") { () async throws(StoreError) in
            try await base.beginFirstSend(of: row)
        } journal: {
            if $0 { isDoubtful(row, true) }
        }
    }

    func firstSendFailed(of row: OutboxID) async throws(StoreError) {
        try await call("firstSendFailed") { () async throws(StoreError) in
            try await base.firstSendFailed(of: row)
        } journal: {
            isDoubtful(row, false)
        }
    }

    func previewStands(of row: OutboxID, as message: String) async throws(StoreError) -> OutboxRow? {
        try await call("previewStands") { () async throws(StoreError) in
            try await base.previewStands(of: row, as: message)
        } journal: { _ in
            isDoubtful(row, false)
        }
    }

    func delivered(_ row: OutboxID, as message: String?, at now: Timestamp) async throws(StoreError) {
        try await call("delivered") { () async throws(StoreError) in
            try await base.delivered(row, as: message, at: now)
        } journal: {
            isDoubtful(row, false)
        }
    }

    func postpone(_ row: OutboxID, until: Timestamp) async throws(StoreError) {
        try await call("postpone") { () async throws(StoreError) in try await base.postpone(row, until: until) }
    }

    func replace(_ row: OutboxID, payload: RenderedChunk, messageID: String?) async throws(StoreError) {
        try await call("replace") { () async throws(StoreError) in
            try await base.replace(row, payload: payload, messageID: messageID)
        } journal: {
            isDoubtful(row, false)
        }
    }

    func abandon(_ row: OutboxID, reason: String, at now: Timestamp) async throws(StoreError) {
        try await call("abandon") { () async throws(StoreError) in
            try await base.abandon(row, reason: reason, at: now)
        }
    }

    func abandonAll(
        in conversation: ConversationKey, upTo newest: OutboxID, reason: String, at now: Timestamp
    ) async throws(StoreError) {
        try await call("abandonAll") { () async throws(StoreError) in
            try await base.abandonAll(in: conversation, upTo: newest, reason: reason, at: now)
        }
    }

    func queueNotice(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow] {
        try await base.queueNotice(chunks, in: conversation, address: address, at: now)
    }

    func forgetEnded(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await base.forgetEnded(before: before, limit: limit)
    }

    // MARK: - Turns

    func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> TurnStart {
        try await call("begin") { () async throws(StoreError) in
            try await base.begin(draft, attempts: attempts, apology: apology, at: now)
        } journal: {
            journal.began($0, draft)
        }
    }

    func append(_ step: TurnStep, to turn: TurnID, at now: Timestamp) async throws(StoreError) -> StepCommit {
        try await call("appendStep") { () async throws(StoreError) in
            try await base.append(step, to: turn, at: now)
        }
    }

    func commit(_ turn: TurnID, _ result: TurnResult, at now: Timestamp) async throws(StoreError) -> TurnCommit {
        try await call("commit") { () async throws(StoreError) in
            try await base.commit(turn, result, at: now)
        } journal: {
            journal.committed(turn, $0, result)
        }
    }

    func answer(standingAs message: String, in session: SessionID) async throws(StoreError) -> SessionMessage? {
        try await call("answer") { () async throws(StoreError) in
            try await base.answer(standingAs: message, in: session)
        }
    }

    func tokenReports(limit: Int) async throws(StoreError) -> [TokenReport] {
        try await call("tokenReports") { () async throws(StoreError) in try await base.tokenReports(limit: limit) }
    }

    func park(_ turn: TurnID) async throws(StoreError) {
        try await call("park") { () async throws(StoreError) in try await base.park(turn) }
    }

    func reset(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome {
        try await call("reset") { () async throws(StoreError) in
            // The confirmation names its event, so that it can be found among what was sent.
            try await base.reset(request, stopped: stopped) { summary in
                confirmation(summary).map { RenderedChunk(text: "\($0.text) reset=\(request.event?.rawValue ?? 0)") }
            }
        } journal: {
            journal.reset($0, request)
        }
    }

    // MARK: - Commands and summaries

    func standing(
        of action: ReplyAction, in conversation: ConversationKey, at now: Timestamp, undoWithin period: Duration
    ) async throws(StoreError) -> ButtonStanding? {
        try await call("standing") { () async throws(StoreError) in
            try await base.standing(of: action, in: conversation, at: now, undoWithin: period)
        }
    }

    func undoReset(
        _ reset: InboxID, _ request: CommandRequest, within: Duration,
        confirmation: @escaping @Sendable (_ messages: Int) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        let done = Lock(Undone.nothing)
        return try await call("undoReset") { () async throws(StoreError) in
            try await base.undoReset(reset, request, within: within) { messages in
                done.withLock { $0 = .reset(messages: messages) }
                return confirmation(messages)
            }
        } journal: {
            journal.undone(done.withLock { $0 }, $0)
        }
    }

    func undo(
        _ request: CommandRequest, within: Duration, confirmation: @escaping @Sendable (Undone) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        let done = Lock(Undone.nothing)
        return try await call("undo") { () async throws(StoreError) in
            try await base.undo(request, within: within) { undone in
                done.withLock { $0 = undone }
                return confirmation(undone)
            }
        } journal: {
            journal.undone(done.withLock { $0 }, $0)
        }
    }

    func holdings(of conversation: SessionDraft.Conversation) async throws(StoreError) -> Holdings {
        try await call("holdings") { () async throws(StoreError) in try await base.holdings(of: conversation) }
    }

    func forget(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (Forgotten) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await call("forget") { () async throws(StoreError) in
            try await base.forget(request, stopped: stopped) { forgotten in
                confirmation(forgotten).map { RenderedChunk(text: "\($0.text) forget=\(request.event?.rawValue ?? 0)") }
            }
        } journal: {
            journal.forgot(request, $0)
        }
    }

    func scrub() async throws(StoreError) {
        try await call("scrub") { () async throws(StoreError) in try await base.scrub() }
    }

    func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        try await call("checkpoint") { () async throws(StoreError) in try await base.checkpoint(id) }
    }

    func checkpoints(of session: SessionID, limit: Int) async throws(StoreError) -> [Checkpoint] {
        try await call("checkpoints") { () async throws(StoreError) in
            try await base.checkpoints(of: session, limit: limit)
        }
    }

    func messages(
        of session: SessionID, after: Int64, limit: Int, maxBytes: Int
    ) async throws(StoreError) -> [SessionMessage] {
        try await call("messages") { () async throws(StoreError) in
            try await base.messages(of: session, after: after, limit: limit, maxBytes: maxBytes)
        }
    }

    func commit(
        _ draft: CheckpointDraft, ifRevision revision: Int64, at now: Timestamp
    ) async throws(StoreError) -> CheckpointCommit {
        try await call("commitCheckpoint") { () async throws(StoreError) in
            try await base.commit(draft, ifRevision: revision, at: now)
        } journal: {
            journal.summarised($0)
        }
    }

    func takeBackSummary(
        _ request: CommandRequest, pause: Int, confirmation: @escaping @Sendable (Checkpoint?) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        try await call("takeBackSummary") { () async throws(StoreError) in
            try await base.takeBackSummary(request, pause: pause, confirmation: confirmation)
        }
    }

    func search(
        for terms: [String], in session: SessionID, range: Range<Int64>, limit: Int
    ) async throws(StoreError) -> [SearchHit] {
        try await call("search") { () async throws(StoreError) in
            try await base.search(for: terms, in: session, range: range, limit: limit)
        }
    }

    func messages(of session: SessionID, seqs: [Int64]) async throws(StoreError) -> [SessionMessage] {
        try await call("messages") { () async throws(StoreError) in try await base.messages(of: session, seqs: seqs) }
    }

    func audit(limit: Int) async throws(StoreError) -> [AuditFinding] { try await base.audit(limit: limit) }

    func rebuild() async throws(StoreError) { try await base.rebuild() }

    // MARK: - People and sessions

    func getOrCreate(_ draft: SessionDraft, at now: Timestamp) async throws(StoreError) -> Session {
        try await call("getOrCreate") { () async throws(StoreError) in try await base.getOrCreate(draft, at: now) }
    }

    func session(_ id: SessionID) async throws(StoreError) -> Session? {
        try await call("session") { () async throws(StoreError) in try await base.session(id) }
    }

    func session(of conversation: ConversationID) async throws(StoreError) -> Session? {
        try await call("session") { () async throws(StoreError) in try await base.session(of: conversation) }
    }

    func session(of key: ConversationKey) async throws(StoreError) -> Session? {
        try await call("session") { () async throws(StoreError) in try await base.session(of: key) }
    }

    func activeSessions(limit: Int) async throws(StoreError) -> [Session] {
        try await base.activeSessions(limit: limit)
    }

    func append(_ message: MessageDraft, to session: SessionID, at now: Timestamp) async throws(StoreError) -> Appended?
    {
        try await call("append") { () async throws(StoreError) in
            try await base.append(message, to: session, at: now)
        } journal: {
            if let appended = $0 { journal.said(appended.message, in: appended.session) }
        }
    }

    func newestMessages(of session: SessionID, limit: Int) async throws(StoreError) -> [SessionMessage] {
        try await call("newestMessages") { () async throws(StoreError) in
            try await base.newestMessages(of: session, limit: limit)
        }
    }

    func updateState(
        of session: SessionID, with patch: [String: JSONValue], at now: Timestamp
    ) async throws(StoreError) -> Session? {
        try await base.updateState(of: session, with: patch, at: now)
    }

    func chooseModel(_ name: String?, of session: SessionID) async throws(StoreError) -> Session? {
        try await call("chooseModel") { () async throws(StoreError) in
            try await base.chooseModel(name, of: session)
        }
    }

    func deactivate(_ session: SessionID) async throws(StoreError) -> Bool { try await base.deactivate(session) }

    func erase(_ session: SessionID) async throws(StoreError) -> Bool { try await base.erase(session) }

    func count(toolCalls: Int, errors: Int, in session: SessionID) async throws(StoreError) {
        try await call("count") { () async throws(StoreError) in
            try await base.count(toolCalls: toolCalls, errors: errors, in: session)
        }
    }

    func expire(at now: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
        try await base.expire(at: now, limit: limit)
    }

    func deleteCleared(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await base.deleteCleared(before: before, limit: limit)
    }

    func outdated(
        before: Timestamp, after: SessionID?, limit: Int
    ) async throws(StoreError) -> [OutdatedSession] {
        try await base.outdated(before: before, after: after, limit: limit)
    }

    func takeAway(
        _ outdated: OutdatedSession, leaving summary: CheckpointDraft?, at now: Timestamp
    ) async throws(StoreError) -> Session? {
        try await base.takeAway(outdated, leaving: summary, at: now)
    }

    func statistics() async throws(StoreError) -> StoreStatistics { try await base.statistics() }

    func probe() async throws(StoreError) { try await base.probe() }
}
