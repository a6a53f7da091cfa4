package import BotCore
import Logging

extension SessionManager {
    /// Begins a turn that answers the newest message of the user once more (see `TurnWork.answerAgain`).
    ///
    /// - Parameters:
    ///   - person: see `TurnDraft.person`.
    ///   - last: see `TurnDraft.onlyAfter`.
    package func beginAgain(
        events: [InboxID], in session: SessionDraft, replyTo address: ReplyAddress, attempts: Int,
        apology: [RenderedChunk], person: String? = nil, onlyAfter last: TurnID? = nil
    ) async throws(StoreError) -> TurnStart {
        let draft = TurnDraft(
            events: events, session: session, work: .answerAgain, address: address, person: person, onlyAfter: last)
        let start = try await store.begin(draft, attempts: attempts, apology: apology, at: time.now)
        switch start {
        case .started(let turn):
            cache.note(turn.session)
            log.touched(turn.session)
        case .setAside: log.warning("retry set aside", ["turn.attempts": "\(attempts)"])
        case .gone, .nothingToRetry, .notYet: break
        }
        return start
    }

    /// Lets go of what is held of the sessions of whole chats, because something was changed in them elsewhere.
    package func letGo(ofChats chats: Set<ConversationKey>) {
        cache.invalidate { $0.key.map { chats.contains($0.wholeChat) } ?? false }
    }

    /// What is kept of a conversation, and what `forget` would erase.
    package func holdings(
        of conversation: SessionDraft.Conversation
    ) async throws(StoreError) -> Holdings {
        try await store.holdings(of: conversation)
    }

    /// Erases a conversation for good (see `ChatCommandStore.forget`), and has what is left in the files of the database removed soon.
    package func forget(
        _ request: CommandRequest, stopped: RenderedChunk,
        confirmation: @escaping @Sendable (Forgotten) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        let outcome = try await store.forget(request, stopped: stopped, confirmation: confirmation)
        // Nobody says which session it was; a read that is under way may still bring it.
        cache.invalidate { session in
            switch request.conversation {
            case .key(let key): session.key == key
            case .number(let number): session.conversation == number
            }
        }
        log.info("session forgotten", [:])
        wantsScrub.set(open: true)
        return outcome
    }

    /// Takes the summary back (see `CheckpointStore.takeBackSummary`). As many messages have to come before the next one as before the
    /// first.
    package func takeBackSummary(
        _ request: CommandRequest, confirmation: @escaping @Sendable (Checkpoint?) -> [RenderedChunk]
    ) async throws(StoreError) -> CommandOutcome {
        let outcome = try await store.takeBackSummary(
            request, pause: settings.minMessagesToSummarize, confirmation: confirmation)
        if let session = outcome.session {
            cache.note(session)
            log.info("summary taken back", ["session.id": "\(session.id)"])
        }
        return outcome
    }

    /// Takes what was erased out of the files of the database: at once, because an earlier run may have left something, and after each
    /// erasing, until the task is cancelled. What fails is tried again.
    package func runScrubs() async {
        while !Task.isCancelled {
            wantsScrub.set(open: false)
            do {
                try await store.scrub()
            } catch .cancelled {
                return
            } catch {
                log.warning("erased text is not yet out of the files", ["error": "\(error)"])
                do { try await time.sleep(for: .seconds(60)) } catch { return }
                continue
            }
            do { try await wantsScrub.wait() } catch { return }
        }
    }
}
