/// What a turn begins with.
package struct TurnDraft: Sendable, Equatable {
    /// The events that it answers, oldest first: one, unless several were joined. Their inbox rows end with the turn.
    package let events: [InboxID]
    package let session: SessionDraft
    package let work: TurnWork
    package let address: ReplyAddress
    /// The platform's id of the person who asks, in shared chats; nil where it does not matter. Who may press its buttons.
    package let person: String?
    /// Begins only while the answer of this turn is the newest thing in the chat (see `ButtonStanding.isCurrent`); nil begins always.
    package let onlyAfter: TurnID?
    /// The platform's id of the message that it answers; nil where there is none, or where several were joined. An edit finds the turn by
    /// it.
    package let messageID: String?

    package init(
        events: [InboxID], session: SessionDraft, work: TurnWork, address: ReplyAddress, person: String? = nil,
        onlyAfter: TurnID? = nil, messageID: String? = nil
    ) {
        self.messageID = messageID
        self.events = events
        self.session = session
        self.work = work
        self.address = address
        self.person = person
        self.onlyAfter = onlyAfter
    }
}

/// What a turn has to answer.
package enum TurnWork: Sendable, Equatable {
    /// A new message, which goes into the log; its external id makes beginning the same turn again harmless.
    case answer(MessageDraft)
    /// The newest message of the user once more. When the turn commits an answer, what followed the message is taken back.
    case answerAgain
    /// A message that was edited after its answer. The exchange is taken back and the new text appended, where it is the newest one,
    /// ended no earlier than `since`, and says something else now; its answer's messages become those of the new answer.
    case answerEdited(MessageDraft, since: Timestamp)
}

/// A running turn.
package struct Turn: Sendable, Equatable {
    package let id: TurnID
    package let session: Session
    /// The epoch that it was begun under; it commits only while this stands.
    package let epoch: Int64
    /// The message that it answers. The context ends with it, whatever follows it in the log.
    package let message: SessionMessage
    /// The row of the reply's first message, without payload: previews belong to it.
    package let reply: OutboxRow
    /// How often it was begun, this time included.
    package let attempt: Int
    /// What it had added to the log before it was cut off and begun again (see `TurnStep`), oldest first.
    package let steps: [SessionMessage]

    package init(
        id: TurnID, session: Session, epoch: Int64, message: SessionMessage, reply: OutboxRow, attempt: Int,
        steps: [SessionMessage] = []
    ) {
        self.steps = steps
        self.id = id
        self.session = session
        self.epoch = epoch
        self.message = message
        self.reply = reply
        self.attempt = attempt
    }
}

/// What became of beginning a turn.
package enum TurnStart: Sendable, Equatable {
    case started(Turn)
    /// The events were finished or dropped by a reset meanwhile.
    case gone
    /// There is no message to answer again, none that an edit concerns, or the turn that it had to follow is not the newest any more; the event has not ended.
    case nothingToRetry
    /// The answer that an edit concerns is on its way: the edit can be followed once it stands. The event has not ended.
    case notYet
    /// It was begun too often and never finished: its events are set aside, and the rows tell the person.
    case setAside(rows: [OutboxRow])
}

/// How a turn ends.
package enum TurnEnding: String, Sendable {
    /// The model's answer.
    case answered
    /// The person stopped it: what there was of the answer is kept.
    case stopped
    /// The model failed: the person is told, and nothing is added to the log.
    case failed
}

/// What a turn ends with.
package struct TurnResult: Sendable, Equatable {
    package let ending: TurnEnding
    /// The answer for the log; nil when there is none.
    package let message: MessageDraft?
    /// The reply as it will stand in the chat.
    package let chunks: [RenderedChunk]
    package let usage: TokenUsage?
    /// The prompt's tokens as they were counted before it was sent (see `TokenReport.counted`); nil when no model was asked.
    package let counted: Int?
    package let model: String?
    /// The platform's id of the person who asked, in shared chats; nil where it does not matter.
    package let person: String?

    package init(
        ending: TurnEnding, message: MessageDraft?, chunks: [RenderedChunk], usage: TokenUsage?, counted: Int? = nil,
        model: String?, person: String? = nil
    ) {
        self.person = person
        self.counted = counted
        self.ending = ending
        self.message = message
        self.chunks = chunks
        self.usage = usage
        self.model = model
    }
}

extension TurnResult {
    /// What the request that brought the answer has cost; nil where no provider said.
    package var cost: RequestCost? {
        usage.map { RequestCost(usage: $0, counted: counted, model: model, person: person) }
    }
}

/// What became of ending a turn.
package enum TurnCommit: Sendable, Equatable {
    /// Committed. `appended` is the answer in the log; `rows` are the reply's rows, ready to be delivered.
    case committed(session: Session, appended: SessionMessage?, rows: [OutboxRow])
    /// A reset came first: nothing was added; the tokens were booked.
    case superseded
}

/// What a reset did.
package struct ResetSummary: Sendable, Equatable {
    /// Messages that were cleared from the context.
    package let clearedMessages: Int
    /// Waiting events that were dropped with them.
    package let droppedEvents: Int

    package init(clearedMessages: Int, droppedEvents: Int) {
        self.clearedMessages = clearedMessages
        self.droppedEvents = droppedEvents
    }
}

/// What has to be done after the commit of a reset or of taking one back.
package struct ResetOutcome: Sendable, Equatable {
    package let summary: ResetSummary
    /// The session as it is now; nil when the conversation has none yet.
    package let session: Session?
    /// Turns that were running and can no longer commit: to be cancelled.
    package let stoppedTurns: [TurnID]
    /// The confirmation, and standing previews of stopped turns with their last word.
    package let rows: [OutboxRow]

    package init(summary: ResetSummary, session: Session?, stoppedTurns: [TurnID], rows: [OutboxRow]) {
        self.summary = summary
        self.session = session
        self.stoppedTurns = stoppedTurns
        self.rows = rows
    }
}

/// Turns, and what goes around them: each use case is one transaction.
package protocol TurnStore: Sendable {
    /// Begins a turn, or begins it again after a crash: gets the session, appends the message, opens the turn and the
    /// reply's first outbox row, and counts the attempt.
    ///
    /// - Parameters:
    ///   - attempts: how often it may be begun; once more sets its events aside.
    ///   - apology: what the person is told then.
    func begin(
        _ draft: TurnDraft, attempts: Int, apology: [RenderedChunk], at now: Timestamp
    ) async throws(StoreError) -> TurnStart

    /// Adds a step of a running turn to the log, if its epoch still stands; its calls count in the session's statistics. A second step with the
    /// same external id changes nothing.
    func append(_ step: TurnStep, to turn: TurnID, at now: Timestamp) async throws(StoreError) -> StepCommit

    /// Ends a turn, if its epoch still stands: the answer, the reply's rows, the usage and the end of its events.
    func commit(_ turn: TurnID, _ result: TurnResult, at now: Timestamp) async throws(StoreError) -> TurnCommit

    /// The answer in the log that a message of the bot's, by the platform's id, is a part of, among the newest 64 of its messages. Nil where
    /// that is anything else, where the answer was cleared, taken back or is covered by the summary, and once the reply's rows of the outbox
    /// are forgotten.
    func answer(standingAs message: String, in session: SessionID) async throws(StoreError) -> SessionMessage?

    /// What providers reported about prompts that were counted beforehand, oldest first: the newest `limit` of all models.
    func tokenReports(limit: Int) async throws(StoreError) -> [TokenReport]

    /// Puts a turn back for the next start: the attempt does not count, for nothing went wrong.
    func park(_ turn: TurnID) async throws(StoreError)

    /// Clears the context: raises the epoch and the floor, supersedes running turns, drops events that were waiting (not those of
    /// commands that clear the chat themselves), cancels replies that have not arrived, and queues the confirmation.
    ///
    /// - Parameters:
    ///   - stopped: what previews that stand in the chat become.
    ///   - confirmation: the answer, made from what was done; empty for none.
    func reset(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome
}

/// Everything that the database does.
package protocol Store:
    InboxStore, OutboxStore, PeopleStore, AdmissionStore, SessionStore, TurnStore, UsageStore, CheckpointStore,
    ChatCommandStore, ButtonStore, SearchStore, AuditStore, ChatStore, RetentionStore, BudgetStore
{
    /// Checks that the database can be written now.
    func probe() async throws(StoreError)
}
