import BotCore
import Logging

/// Handles one event: asks who it is from, then gives it to the turn or the command that it is for.
struct EventHandler: Sendable {
    let services: ConversationServices
    let router: CommandRouter
    let desk: AdmissionDesk

    func handle(_ job: LaneDriver.Job) async -> LaneDriver.JobEnd {
        do throws(StoreError) {
            switch job.work {
            case .setAside(let isFirst): try await setAside(job.entry, isFirst: isFirst)
            case .turn(let control): try await dispatch(job.entry, control)
            case .around where job.entry.event.body.changesMessage:
                return try await EditHandler(services: services).apply(job.entry)
            case .around: try await dispatch(job.entry, TurnControl(job.entry))
            }
        } catch {
            // It is stored and not finished: the next start handles it.
            services.logger.warning(
                "event left for the next start",
                metadata: services.metadata(of: job.entry).merging(["error": "\(error)"]) { $1 })
        }
        return .done
    }

    private func dispatch(_ entry: InboxEntry, _ control: TurnControl) async throws(StoreError) {
        let event = entry.event
        let standing = services.access.standing(
            of: event.speaker, on: event.conversation.platform, in: event.scope)
        if standing.decides { await note(event) }
        switch event.body {
        case .command(let name, let arguments):
            let call = CommandCall(entry: entry, arguments: arguments, standing: standing)
            try await run(call, named: name, control)
        case .broughtIn:
            try await broughtIn(entry)
        case .shutOut:
            try await services.endWork(
                in: LostChat(
                    event.conversation, wholeChat: true, reason: "the bot was shut out", since: services.time.now,
                    event: entry.id))
            try await services.answer(entry, nil)
        case .message where !standing.isLetIn, .stopPressed where !standing.isLetIn,
            .unreadable where !standing.isLetIn:
            _ = control.seal()
            try await turnAway(entry, standing, control)
            for part in control.parts.dropFirst() { try await services.answer(part, nil) }
        case .deleted:
            // It was deleted while it waited for this moment.
            try await services.answer(entry, nil)
        case .edited:
            try await MessageTurn(services: services).run(.edited, control)
        case .message, .unreadable:
            try await MessageTurn(services: services).run(control)
        case .stopPressed(let turn):
            _ = services.lanes.interrupt(turn, in: event.conversation, .stop)
            try await services.answer(entry, nil)
        case .buttonPressed(let press):
            try await PressHandler(services: services).handle(press, of: entry, control)
        }
    }

    private func run(_ call: CommandCall, named name: String, _ control: TurnControl) async throws(StoreError) {
        let reply = try await services.patiently { () async throws(StoreError) in
            try await router.reply(to: call, named: name)
        }
        switch reply {
        case .say(let text): try await services.answer(call.entry, text)
        case .silence: try await services.end(call.entry, orSay: "Done.")
        case .turnAway: try await turnAway(call.entry, call.standing, control)
        case .done: break
        case .answerAgain: try await MessageTurn(services: services).run(.again(), control)
        }
    }

    /// Notes where somebody who decides about strangers can be written to, and tells them of those who wait.
    private func note(_ event: InboundEvent) async {
        do throws(StoreError) {
            if try await services.access.notePrivateChat(of: event) { await desk.announce() }
        } catch {
            // It is tried again with the next event.
            services.logger.debug("a private chat was not noted", metadata: ["error": "\(error)"])
        }
    }

    /// Who may let people in, and brings the bot somewhere, lets the people there in; by anybody else it changes nothing.
    private func broughtIn(_ entry: InboxEntry) async throws(StoreError) {
        guard await services.refusal(of: .people, for: entry.event) == nil,
            case .shared(let space, let title) = entry.event.scope
        else {
            return try await services.answer(entry, nil)
        }
        try await services.patiently { () async throws(StoreError) in
            try await services.access.letIn(
                space: space, title: title, by: entry.event.speaker, on: entry.event.conversation.platform)
        }
        try await services.answer(entry, "Hello! Mention me or reply to me, and I answer. /help lists what I can do.")
    }

    /// Ends an event for which its chat has no room left; the first one says so for all that follow.
    private func setAside(_ entry: InboxEntry, isFirst: Bool) async throws(StoreError) {
        let event = entry.event
        let standing = services.access.standing(of: event.speaker, on: event.conversation.platform, in: event.scope)
        guard standing.isLetIn else { return try await services.end(entry, orSay: Rights.stranger) }
        guard isFirst else {
            return try await services.end(
                entry, orSay: "Too much waits here: please send this again when I have caught up.")
        }
        services.logger.warning(
            "too many events wait in a chat, more are set aside", metadata: services.metadata(of: entry))
        try await services.answer(
            entry,
            """
            \(services.settings.chatQueueLimit) messages of this chat wait for their answers. What comes now I set aside: \
            please send it again when I have caught up. /reset drops what waits.
            """)
    }

    private func turnAway(
        _ entry: InboxEntry, _ standing: AccessStanding, _ control: TurnControl
    ) async throws(StoreError) {
        if entry.event.scope.isShared || standing == .blocked {
            return try await services.end(entry, orSay: Rights.stranger)
        }
        if try await !desk.turnAway(entry) { try await dispatch(entry, control) }
    }
}
