import BotCore
import BotHTTP
import Logging

/// Drives the poll machine: makes its calls, stores what came, waits, and tells the link's state.
struct PollLoop: Sendable {
    static let linkName = "telegram"

    let api: TelegramAPI
    let pollTimeout: Duration
    var pollGrace = PollMachine.grace
    let menus: CommandMenus
    /// What the owner has to know of the bot's settings on Telegram, as one sentence.
    let concern: @Sendable (BotIdentity) -> String?
    let cursors: any CursorStore
    let links: LinkMonitor
    let time: any TimeSource
    let logger: Logger
    let progress: PollProgress

    /// Polls until the task is cancelled or the token is refused.
    func run(intake: any EventIntake) async {
        links.set(Self.linkName, to: .connecting)
        var machine = PollMachine(pollTimeout: pollTimeout, menus: menus.scopes, pollGrace: pollGrace)
        var event = PollMachine.Event.started
        while !Task.isCancelled {
            let step = machine.handle(event)
            if let report = step.report { tell(report) }
            if case .updates = event, machine.isConnected { isConnected() }
            switch step.activity {
            case .stop: return
            case .wait(let span):
                guard let next = await wait(span) else { return }
                event = next
            case .loadCursor(let name):
                guard let next = await loadCursor(named: name) else { return }
                event = next
            case .accept(let updates, let lastID):
                guard let next = await accept(updates, lastID: lastID, intake: intake) else { return }
                event = next
            case .call(let call, let deadline):
                event = await perform(call, deadline: deadline)
            }
        }
    }

    // MARK: - Activities. Nil says that the task was cancelled.

    private func wait(_ span: Duration) async -> PollMachine.Event? {
        do {
            try await time.sleep(for: span)
            return .waited
        } catch {
            return nil
        }
    }

    private func loadCursor(named name: String) async -> PollMachine.Event? {
        do {
            let stored = try await cursors.cursor(named: name).flatMap { Int64($0) }
            return .cursorLoaded(stored.flatMap { ReceivedUpdate.possibleIDs.contains($0) ? $0 : nil })
        } catch .cancelled {
            return nil
        } catch {
            return .cursorUnavailable(error.description)
        }
    }

    private func accept(
        _ updates: [ReceivedUpdate], lastID: Int64, intake: any EventIntake
    ) async -> PollMachine.Event? {
        guard let bot = progress.identity else { return nil }
        let decoder = UpdateDecoder(bot: bot)
        let now = time.now
        for update in updates where update.content == nil {
            logger.warning(
                "An update could not be read and was skipped",
                metadata: [
                    "telegram.update": "\(update.id.map(String.init) ?? "none")",
                    "telegram.kinds": "\(update.kinds.joined(separator: ","))",
                ])
        }
        var events: [InboundEvent] = []
        do {
            for update in updates {
                if let move = decoder.move(in: update) {
                    // What came before belongs to the old name.
                    if !events.isEmpty { try await intake.accept(events, cursor: nil) }
                    events = []
                    try await intake.move(move)
                } else if let event = decoder.event(for: update, at: now) {
                    events.append(event)
                }
            }
            try await intake.accept(events, cursor: Cursor(name: "telegram/\(bot.id)", value: "\(lastID)"))
        } catch {
            return nil
        }
        progress.stored(upTo: lastID)
        return .accepted
    }

    private func perform(_ call: PollMachine.Call, deadline: Duration) async -> PollMachine.Event {
        do throws(CallFailure) {
            switch call {
            case .getMe:
                let bot = try await api.call(GetMe(), deadline: deadline)
                progress.identified(bot)
                return .identified(bot)
            case .deleteWebhook:
                _ = try await api.call(DeleteWebhook(), deadline: deadline)
                return .webhookDeleted
            case .getMyCommands(let scope):
                let known = try await api.call(GetMyCommands(scope: scope), deadline: deadline)
                return .menuRead(isCurrent: known == menus[scope])
            case .setMyCommands(let scope):
                _ = try await api.call(SetMyCommands(commands: menus[scope], scope: scope), deadline: deadline)
                return .menuSet
            case .getUpdates(let offset, let limit, let timeout):
                return try await poll(offset, limit, timeout, deadline)
            }
        } catch {
            return .failed(error)
        }
    }

    private func poll(
        _ offset: Int64?, _ limit: Int, _ timeout: Duration, _ deadline: Duration
    ) async throws(CallFailure) -> PollMachine.Event {
        let asked = time.uptime
        progress.asked(from: offset)
        let call = GetUpdates(offset: offset, limit: limit, timeout: timeout.milliseconds / 1000)
        let updates = try await api.call(call, deadline: deadline, label: "telegram-poll")
        return .updates(updates, after: time.uptime - asked)
    }

    // MARK: - Reports

    private func isConnected() {
        links.set(Self.linkName, to: .connected, problem: progress.identity.flatMap(concern))
    }

    private func tell(_ report: PollMachine.Report) {
        switch report {
        case .connected(let bot):
            isConnected()
            logger.info(
                "Telegram is connected", metadata: ["telegram.bot": "@\(bot.username)", "telegram.id": "\(bot.id)"])
            tellConcern()
        case .menuSkipped(let detail):
            isConnected()
            logger.warning(
                "Telegram is connected, but did not take the menu of commands",
                metadata: ["telegram.error": "\(detail)"])
            tellConcern()
        case .down(let trouble, let detail):
            links.set(Self.linkName, to: trouble.state, problem: trouble.sentence)
            logger.warning(
                "Telegram is not connected",
                metadata: ["telegram.problem": "\(trouble.sentence)", "telegram.error": "\(detail)"])
        case .stopped(let trouble, let detail):
            links.set(Self.linkName, to: .failed, problem: trouble.sentence)
            logger.error(
                "Telegram is stopped",
                metadata: ["telegram.problem": "\(trouble.sentence)", "telegram.error": "\(detail)"])
        }
    }

    /// Once for each time that the bot is asked who it is.
    private func tellConcern() {
        guard progress.takeConcern(), let problem = progress.identity.flatMap(concern) else { return }
        logger.warning(
            "Telegram does not show the bot all that it shall see", metadata: ["telegram.problem": "\(problem)"])
    }
}
