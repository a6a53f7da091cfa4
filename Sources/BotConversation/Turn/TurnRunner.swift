import BotCore
import BotSessions
import Logging

/// Runs one turn from its stored event to its committed answer.
///
/// A crash at any `await` leaves either an unfinished event, which the next start runs again under the same turn and the
/// same reply, or a committed answer in the outbox.
struct TurnRunner: Sendable {
    /// What is to be answered.
    enum Question: Sendable, Equatable {
        /// What a person has just said, in one message or several.
        case messages
        /// What was said last, once more. With a turn: only while its answer is the newest.
        case again(after: TurnID? = nil)
        /// Nothing new: the answer of this turn goes on, while it is the newest.
        case resume(after: TurnID)
        /// What was said last, as it is after an edit.
        case edited
    }

    /// An edit changes an answer that is no older than this: people mend what they have just written.
    static let editPeriod = Duration.seconds(900)

    /// So long an edit waits for the answer that it concerns to be delivered; later it changes nothing.
    private static let deliveryPatience = Duration.seconds(30)

    /// What became of a turn.
    enum End: Equatable {
        case ended
        /// What it answers has changed meanwhile; it is to be begun again.
        case changed
    }

    let services: ConversationServices

    /// - Parameter parts: the events to answer, as `control` had them: at least one.
    func run(_ parts: [InboxEntry], _ question: Question, control: TurnControl) async throws(StoreError) -> End {
        guard let entry = parts.first else { return .ended }
        let pastes = PasteReader(services: services, platform: entry.event.conversation.platform)
        let said = await pastes.read(parts.map(\.event.body.asMessage), control)
        let settled = try await services.patiently { () async throws(StoreError) in
            try await OwnQuotes(services: services).settled(
                said, in: entry.event.conversation, isEdit: question == .edited)
        }
        let start = try await beginWhenAnswerStands(entry, parts, settled, question)
        switch start {
        case .gone:
            // One that has ended takes the others with it only where they belong to the same turn.
            return control.dropFirst() ? .changed : sealed(control)
        case .nothingToRetry, .notYet:
            // A button's person was told when they pressed it; and an edit of something older changes nothing.
            let isSilent =
                switch entry.event.body {
                case .buttonPressed, .edited: true
                default: false
                }
            try await services.answer(entry, isSilent ? nil : "There is no message that I could answer again.")
        case .setAside(let rows):
            services.logger.error("event set aside after repeated crashes", metadata: services.metadata(of: entry))
            services.delivery.enqueue(rows)
        case .started(let turn):
            control.began(turn.id)
            return try await finish(turn, of: entry, control: control)
        }
        return sealed(control)
    }

    /// Begins the turn. The edit of a message whose answer is being delivered waits until that is done, in its lane; people mend what they have
    /// written as soon as they see how it was understood.
    private func beginWhenAnswerStands(
        _ entry: InboxEntry, _ parts: [InboxEntry], _ said: [InboundEvent.Body], _ question: Question
    ) async throws(StoreError) -> TurnStart {
        let deadline = services.time.uptime + Self.deliveryPatience
        var backoff = Backoff(first: .milliseconds(100), limit: .seconds(2))
        while true {
            let start = try await services.patiently { () async throws(StoreError) in
                try await begin(entry, parts, said, question)
            }
            guard start == .notYet, services.time.uptime < deadline else { return start }
            do { try await services.time.sleep(for: backoff.next(random: 1)) } catch { throw .cancelled }
        }
    }

    /// Takes nothing more in.
    private func sealed(_ control: TurnControl) -> End { control.seal() == .changed ? .changed : .ended }

    /// - Parameter said: what the parts say.
    private func begin(
        _ entry: InboxEntry, _ parts: [InboxEntry], _ said: [InboundEvent.Body], _ question: Question
    ) async throws(StoreError) -> TurnStart {
        let event = entry.event
        let apology = services.delivery.render(FailureSentence.setAside, for: event.conversation.platform)
        let (draft, attempts) = (services.sessionDraft(for: event), services.settings.attempts)
        return switch question {
        case .messages:
            try await services.sessions.beginTurn(
                events: parts.map(\.id), in: draft, text: QuestionText.compose(said),
                speaker: event.scope.isShared ? speakerName(event.speaker) : nil, externalID: event.externalID,
                replyTo: event.replyAddress, attempts: attempts, apology: apology,
                metadata: StoredMedia(of: said)?.metadata ?? [:], person: event.asker,
                messageID: parts.count == 1 ? event.body.message?.id : nil)
        case .edited:
            try await beginEdited(entry, said, draft, attempts: attempts, apology: apology)
        case .again(let last):
            try await services.sessions.beginAgain(
                events: [entry.id], in: draft, replyTo: event.replyAddress, attempts: attempts, apology: apology,
                person: event.asker, onlyAfter: last)
        case .resume(let last):
            try await services.sessions.beginTurn(
                events: [entry.id], in: draft, text: QuestionText.resume,
                speaker: event.scope.isShared ? speakerName(event.speaker) : nil, externalID: event.externalID,
                replyTo: event.replyAddress, attempts: attempts, apology: apology,
                metadata: ["button": .string("continue")], person: event.asker, onlyAfter: last)
        }
    }

    private func beginEdited(
        _ entry: InboxEntry, _ said: [InboundEvent.Body], _ draft: SessionDraft, attempts: Int,
        apology: [RenderedChunk]
    ) async throws(StoreError) -> TurnStart {
        let event = entry.event
        guard case .edited(let message) = event.body, !QuestionText.isEmpty(message) else { return .nothingToRetry }
        return try await services.sessions.beginTurn(
            events: [entry.id], in: draft, text: QuestionText.compose(said),
            speaker: event.scope.isShared ? speakerName(event.speaker) : nil, externalID: event.externalID,
            replyTo: event.replyAddress, attempts: attempts, apology: apology,
            metadata: StoredMedia(of: said)?.metadata ?? [:], person: event.asker,
            messageID: message.id, editedSince: services.time.now - Self.editPeriod)
    }

    private func finish(
        _ turn: Turn, of entry: InboxEntry, control: TurnControl
    ) async throws(StoreError) -> End {
        let startedAt = services.time.uptime
        let provider = services.models.provider(of: turn.session).forOneTurn()
        services.delivery.replyBegins(turn.reply)
        let generated = await generate(turn, by: provider, of: entry.event, control: control)
        let interruption = control.seal()
        services.delivery.replyEnds(turn.id)
        switch TurnOutcome.of(generated, interruption: interruption, soFar: control.answer) {
        case .nothing:
            _ = services.budgets?.takeNotes(of: turn.id)
            // The event has ended with the reset; otherwise it ends here.
            for part in control.parts {
                try await services.answer(part, nil)
                if interruption == .reset { await services.release(part) }
            }
        case .again:
            try await services.patiently { () async throws(StoreError) in try await services.sessions.parkTurn(turn.id)
            }
            return .changed
        case .park:
            try await services.patiently { () async throws(StoreError) in try await services.sessions.parkTurn(turn.id)
            }
        case .giveUp(let error):
            throw error
        case .end(let ending):
            try await commit(turn, ending, by: provider, of: entry.event, startedAt: startedAt)
        }
        return .ended
    }

    /// Lets the model answer until it has, somebody interrupts it, or the deadline comes.
    private func generate(
        _ turn: Turn, by provider: any ModelProvider, of event: InboundEvent, control: TurnControl
    ) async -> TurnGeneration.Outcome? {
        let loop = AgentLoop(services: services, provider: provider)
        let media = MediaTurn(services: services, provider: provider)
        let (time, deadline) = (services.time, services.settings.turnDeadline)
        return await withTaskGroup(of: TurnGeneration.Outcome?.self) { group in
            group.addTask {
                // A turn that was interrupted before it had begun must not cost a model call.
                if control.interruption != nil { return nil }
                return await media.with(mediaOf: turn, on: event.conversation.platform) { loaded in
                    await loop.run(turn, of: event, showing: loaded, control: control)
                }
            }
            group.addTask {
                await control.waitForInterruption()
                return nil
            }
            group.addTask {
                do { try await time.sleep(for: deadline) } catch { return nil }
                _ = control.interrupt(.deadline)
                return nil
            }
            var outcome: TurnGeneration.Outcome?
            for await result in group {
                outcome = outcome ?? result
                if outcome != nil || control.interruption != nil { group.cancelAll() }
            }
            return outcome
        }
    }

    private func commit(
        _ turn: Turn, _ end: TurnOutcome.Ending, by provider: any ModelProvider, of event: InboundEvent,
        startedAt: Duration
    ) async throws(StoreError) {
        let platform = event.conversation.platform
        var end = end
        var chunks = services.delivery.render(end.shown, for: platform)
        if chunks.isEmpty {
            end = TurnOutcome.Ending(
                ending: .failed, shown: FailureSentence.emptyAnswer, logged: nil, completion: end.completion,
                counted: end.counted)
            chunks = services.delivery.render(end.shown, for: platform)
        }
        let notes = services.budgets?.takeNotes(of: turn.id) ?? []
        if !notes.isEmpty {
            end.shown = notes.reduce(end.shown) { AnswerText.adding($1, to: $0) }
            chunks = services.delivery.render(end.shown, for: platform)
        }
        let (final, shown) = (end, chunks.adding(AnswerButtons.of(end, turn: turn.id)))
        if final.ending == .failed, !final.isDeclined { await noteFailure(final, of: turn, by: provider) }
        let commit = try await services.patiently { () async throws(StoreError) in
            try await services.sessions.commitTurn(
                turn.id, ending: final.ending, text: final.logged,
                model: final.completion?.model ?? (final.logged == nil ? nil : provider.name),
                usage: final.completion?.usage, counted: final.counted,
                person: event.scope.isShared ? event.speaker.id : nil, chunks: shown)
        }
        switch commit {
        case .committed(let session, appended: _, let rows):
            services.delivery.enqueue(rows)
            if let model = final.completion?.model {
                let choice = services.models.choice(of: turn.session)
                services.lastModels.withLock { $0[choice] = model }
            }
            services.logger.debug(
                "turn ended",
                metadata: [
                    "turn.id": "\(turn.id)", "turn.ending": "\(final.ending)", "session.id": "\(session.id)",
                    "turn.milliseconds": "\((services.time.uptime - startedAt).milliseconds)",
                ])
        case .superseded:
            services.logger.info("answer came after a reset and was dropped", metadata: ["turn.id": "\(turn.id)"])
        }
    }

    private func noteFailure(
        _ end: TurnOutcome.Ending, of turn: Turn, by provider: any ModelProvider
    ) async {
        services.logger.warning(
            "turn failed",
            metadata: [
                "turn.id": "\(turn.id)", "provider.name": "\(provider.name)",
                "error": "\(end.error.map { "\($0)" } ?? "no text")",
            ])
        do throws(StoreError) {
            try await services.sessions.recordError(in: turn.session.id)
        } catch {
            // Only the counter is lost; what the person is told goes through the commit, which is patient.
            services.logger.debug("error not counted", metadata: ["error": "\(error)"])
        }
    }

    private func speakerName(_ speaker: Speaker) -> String {
        let name = DisplayName.cleaned(speaker.name)
        return name.isEmpty ? "someone" : name
    }
}

extension InboundEvent.Body {
    /// It as a message, if it is one that was edited.
    fileprivate var asMessage: InboundEvent.Body {
        if case .edited(let message) = self { .message(message) } else { self }
    }
}
