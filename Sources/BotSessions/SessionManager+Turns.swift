package import BotCore
import Logging

extension SessionManager {
    /// How long a reset can be taken back; then what it cleared is deleted.
    package static let undoPeriod = Duration.seconds(86_400)

    /// Begins a turn: counts the text, appends it as the user's message, opens the turn and its reply (see `TurnStore.begin`).
    ///
    /// - Parameters:
    ///   - metadata: kept with the message, and never shown to a model.
    ///   - messageID: see `TurnDraft.messageID`.
    ///   - since: for a message that was edited after its answer: see `TurnWork.answerEdited`.
    ///   - person: see `TurnDraft.person`.
    ///   - last: see `TurnDraft.onlyAfter`.
    package func beginTurn(
        events: [InboxID], in session: SessionDraft, text: String, speaker: String?, externalID: String,
        replyTo address: ReplyAddress, attempts: Int, apology: [RenderedChunk],
        metadata: [String: JSONValue] = [:], person: String? = nil, onlyAfter last: TurnID? = nil,
        messageID: String? = nil, editedSince since: Timestamp? = nil
    ) async throws(StoreError) -> TurnStart {
        let message = MessageDraft(
            role: .user, text: text, speaker: speaker, tokens: counter.count(text), tokenizer: counter.name,
            externalID: externalID, metadata: metadata)
        let draft = TurnDraft(
            events: events, session: session, work: since.map { .answerEdited(message, since: $0) } ?? .answer(message),
            address: address, person: person, onlyAfter: last, messageID: messageID)
        let now = time.now
        let start = try await store.begin(draft, attempts: attempts, apology: apology, at: now)
        switch start {
        case .started(let turn):
            log.touched(turn.session, ifMade: (1, now))
            note(turn.session, appended: turn.message)
        case .setAside: log.warning("message set aside", ["turn.attempts": "\(attempts)"])
        case .gone, .nothingToRetry, .notYet: break
        }
        return start
    }

    /// Ends a turn with its answer, if its epoch still stands. `text` nil or empty adds nothing to the log (the model failed).
    ///
    /// - Parameters:
    ///   - counted: the prompt's tokens as they were counted for `model` before it was sent.
    ///   - person: see `TurnResult.person`.
    package func commitTurn(
        _ turn: TurnID, ending: TurnEnding, text: String?, model: String?, usage: TokenUsage?, counted: Int? = nil,
        person: String? = nil, chunks: [RenderedChunk]
    ) async throws(StoreError) -> TurnCommit {
        var message: MessageDraft?
        if let text, !text.isEmpty {
            message = MessageDraft(
                role: .assistant, text: text, tokens: counter.count(text), tokenizer: counter.name,
                externalID: "turn/\(turn)", model: model)
        }
        let result = TurnResult(
            ending: ending, message: message, chunks: chunks, usage: usage, counted: counted, model: model,
            person: person)
        let commit = try await store.commit(turn, result, at: time.now)
        if let model, let counted, let usage {
            meter.learn(TokenReport(model: model, counted: counted, reported: usage.promptTokens))
        }
        switch commit {
        case .committed(let session, let appended?, _): note(session, appended: appended)
        case .committed(let session, nil, _): cache.note(session)
        case .superseded: log.info("turn superseded", ["turn.id": "\(turn)"])
        }
        return commit
    }

    /// Puts a turn back for the next start.
    package func parkTurn(_ turn: TurnID) async throws(StoreError) { try await store.park(turn) }

    /// Clears a conversation's context (see `TurnStore.reset`).
    package func reset(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (ResetSummary) -> [RenderedChunk]
    ) async throws(StoreError) -> ResetOutcome {
        let outcome = try await store.reset(request, stopped: stopped, confirmation: confirmation)
        if let session = outcome.session {
            cache.note(session)
            log.info(
                "session reset",
                [
                    "session.id": "\(session.id)", "reset.messages": "\(outcome.summary.clearedMessages)",
                    "reset.dropped": "\(outcome.summary.droppedEvents)",
                ])
        }
        return outcome
    }

    /// Takes the last reset or the last exchange back (see `ChatCommandStore.undo`).
    package func undo(
        _ request: CommandRequest, confirmation: @escaping @Sendable (Undone) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        let done = Lock(Undone.nothing)
        let outcome = try await store.undo(request, within: Self.undoPeriod) { undone in
            done.withLock { $0 = undone }
            return confirmation(undone)
        }
        guard let session = outcome.session else { return outcome }
        switch done.withLock({ $0 }) {
        case .nothing: break
        case .reset(let messages):
            cache.note(session)
            log.info("reset undone", ["session.id": "\(session.id)", "session.restored": "\(messages)"])
        case .exchange(let messages, question: _):
            cache.note(session)
            log.info("exchange undone", ["session.id": "\(session.id)", "session.hidden": "\(messages)"])
        }
        return outcome
    }

    /// Clears a session's context, as `/reset` does; nil when there is no such session.
    ///
    /// - Returns: the session, and what the caller has to carry out: a running turn can no longer commit.
    package func clearMessages(_ id: SessionID) async throws(StoreError) -> ResetOutcome? {
        guard let session = try await getSession(id) else { return nil }
        let conversation = session.key.map(SessionDraft.Conversation.key) ?? .number(session.conversation)
        let request = CommandRequest(conversation: conversation, event: nil, at: time.now)
        let stopped = RenderedChunk(text: "(Stopped: this chat was cleared.)")
        return try await reset(request, stopped: stopped, confirmation: { _ in [] })
    }
}
