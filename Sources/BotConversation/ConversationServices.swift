import BotCore
import BotSessions
import Logging

/// What the parts of the conversation side work with.
struct ConversationServices: Sendable {
    let store: any Store
    let sessions: SessionManager
    let models: any ModelDirectory
    /// What models may call; empty where the owner allows none.
    let tools: Toolbox
    let delivery: any ReplyDelivery
    let links: LinkMonitor
    let access: AccessControl
    /// Who administers shared chats.
    let administrators: ChatAdministrators
    /// Where the attachments of each platform are loaded from.
    let attachments: [Platform: any AttachmentSource]
    /// The memory that attachments of all turns may take at once.
    let mediaMemory = ByteBudget(bytes: 64 << 20)
    let lanes: LaneDriver
    /// How fast people and chats may ask.
    let rates: RateGate
    /// What models may cost; nil where nobody counts it.
    let budgets: BudgetKeeper?
    /// Who answers where a budget is spent; nil where nobody does.
    let cheaper: (any ModelProvider)?
    let patiently: StorePatience
    let settings: ConversationSettings
    /// The model that answered last for each choice (nil for none), as `openai/gpt-5`.
    let lastModels = Lock<[String?: String]>([:])
    let movedChats = MovedChats()
    let time: any TimeSource
    let logger: Logger

    /// Ends an event and queues its answer; nil ends it in silence.
    func answer(_ entry: InboxEntry, _ text: String?, with file: ReplyFile? = nil) async throws(StoreError) {
        var chunks = text.map { delivery.render($0, for: entry.event.conversation.platform) } ?? []
        if let file, let last = chunks.popLast() { chunks.append(last.carrying(file)) }
        let rows = try await patiently { () async throws(StoreError) in
            try await store.finish(entry.id, answer: chunks, at: time.now)
        }
        if !rows.isEmpty { delivery.enqueue(rows) }
    }

    /// Does what is left to do after the commit of a reset.
    func carryOut(_ outcome: ResetOutcome) { carryOut(outcome.rows, stopping: outcome.stoppedTurns) }

    /// Does what is left to do after the commit of another command.
    func carryOut(_ outcome: CommandOutcome) { carryOut(outcome.rows, stopping: outcome.stoppedTurns) }

    private func carryOut(_ rows: [OutboxRow], stopping turns: [TurnID]) {
        // No preview may be begun after the last word that the command has written under it.
        for turn in turns { delivery.replyEnds(turn) }
        // The confirmation goes first: cancelling a turn may take a while, and nobody should wait for it.
        delivery.enqueue(rows)
        _ = lanes.interrupt(Set(turns), .reset)
    }

    /// Lets go of what came before an event in its chat and no longer counts: what waits, and what is just being begun.
    func letGo(before event: InboxID, in conversation: ConversationKey) async {
        let dropped = lanes.drop(in: conversation, before: event)
        // A turn that is just being begun has no number yet; it came before all the same.
        _ = lanes.interrupt(in: conversation, before: event, .reset)
        for entry in dropped { await release(entry) }
    }

    /// Tells whoever is shown that an answer comes that none will: the event has ended with a reset.
    func release(_ entry: InboxEntry) async {
        let (platform, address) = (entry.event.conversation.platform, entry.event.replyAddress)
        guard delivery.awaitsAnswer(at: address, on: platform) else { return }
        do throws(StoreError) {
            let rows = try await store.queueNotice(
                delivery.render(AnswerText.stopped, for: platform), in: entry.event.conversation, address: address,
                at: time.now)
            delivery.enqueue(rows)
        } catch {
            // The platform shows after a while that nothing comes.
            logger.debug("nobody is told that an event was dropped", metadata: ["error": "\(error)"])
        }
    }

    /// What the session of an event's chat is made of when there is none yet.
    func sessionDraft(for event: InboundEvent) -> SessionDraft {
        SessionDraft(
            conversation: .key(event.conversation), interfaceType: event.conversation.platform.rawValue,
            externalUserID: event.scope.isShared ? event.conversation.person ?? "" : event.speaker.id,
            externalChatID: event.conversation.chat,
            tokenLimit: sessions.settings.tokenLimit, expiresAfter: sessions.settings.expiry)
    }

    /// The metadata that names an event in the log.
    func metadata(of entry: InboxEntry) -> Logger.Metadata {
        ["chat.platform": "\(entry.event.conversation.platform)", "event.id": "\(entry.id)"]
    }
}
