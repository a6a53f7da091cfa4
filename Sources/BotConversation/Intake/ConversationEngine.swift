package import BotCore
package import BotSessions
package import Logging

/// The conversation side of the bot: takes events from the platforms, stores them, and handles each in the lane of its
/// chat, from who may talk to the committed answer.
///
/// Use: `run()` in a task of its own, then `recover()`, then start the platforms; at the end stop the platforms, then
/// `drain(grace:)`, after which `run()` returns.
package final class ConversationEngine: EventIntake {
    /// All commands, for the platforms' menus.
    package static let commands = CommandRouter.descriptions

    private static let pageSize = 500
    /// How long parking may take after the grace; it is one short transaction unless the disk is in trouble.
    private static let parkingTime = Duration.seconds(1)

    private let services: ConversationServices
    private let handler: EventHandler
    private let desk: AdmissionDesk
    private let filter: IntakeFilter
    private let presses: PressDesk
    private var store: any Store { services.store }
    private var lanes: LaneDriver { services.lanes }

    /// - Parameter models: the models; they repeat passing failures themselves, for the turn asks once.
    /// - Parameter delivery: renders, and delivers what is committed.
    /// - Parameter attachments: loads what people have sent beside their words; a platform that is not there loads nothing.
    /// - Parameter links: gets the link `store`.
    /// - Parameter budgets: counts what models cost; they must be made with it.
    /// - Parameter cheaper: who answers where a budget is spent.
    package init(
        store: any Store, sessions: SessionManager, models: any ModelDirectory, delivery: any ReplyDelivery,
        attachments: [Platform: any AttachmentSource] = [:], links: LinkMonitor, access: AccessControl,
        budgets: BudgetKeeper? = nil, cheaper: (any ModelProvider)? = nil, settings: ConversationSettings,
        time: any TimeSource, logger: Logger
    ) {
        let health = StoreHealth(links: links, logger: logger)
        let tools: [any Tool] = [
            CurrentTimeTool(time: time), SearchHistoryTool(sessions: sessions), CalculatorTool(),
        ]
        services = ConversationServices(
            store: store, sessions: sessions, models: models,
            tools: Toolbox(settings.tools ? tools : [], time: time), delivery: delivery, links: links, access: access,
            administrators: ChatAdministrators(delivery: delivery, time: time),
            attachments: attachments,
            lanes: LaneDriver(
                parallel: settings.parallelTurns, queueLimit: settings.queueLimit, chatLimit: settings.chatQueueLimit),
            rates: RateGate(settings.rates), budgets: budgets, cheaper: cheaper,
            patiently: StorePatience(health: health, time: time), settings: settings,
            time: time, logger: logger)
        let router = CommandRouter(services: services, startedAt: time.uptime)
        desk = AdmissionDesk(services: services, notices: StrangerNotices())
        handler = EventHandler(services: services, router: router, desk: desk)
        filter = IntakeFilter(groups: settings.groups)
        presses = PressDesk(services: services)
    }

    package func accept(_ events: [InboundEvent], cursor: Cursor?) async throws {
        let taken = filter.take(events.map(services.movedChats.current)).map { $0.scoped(services.settings.groupScope) }
        if taken.isEmpty && cursor == nil { return }
        // What only moves the cursor needs no room.
        if !taken.isEmpty { try await lanes.waitForRoom() }
        try Task.checkCancellation()
        while true {
            do throws(StoreError) {
                let entries = try await services.patiently { () async throws(StoreError) in
                    try await store.accept(taken, cursor: cursor)
                }
                await presses.take(entries)
                return lanes.add(entries)
            } catch .cancelled {
                throw CancellationError()
            } catch {
                // It cannot heal by itself: the platform keeps its events until the owner has mended it and starts again.
                try await services.time.sleep(for: .seconds(30))
            }
        }
    }

    package func move(_ move: ChatMove) async throws {
        guard move.from != move.to else { return }
        while true {
            do throws(StoreError) {
                return try await services.move(move)
            } catch .cancelled {
                throw CancellationError()
            } catch {
                // As with events: nothing from there is taken before the owner has mended it.
                try await services.time.sleep(for: .seconds(30))
            }
        }
    }

    /// Loads who is let in and the events that an earlier run has not finished, in order. To be awaited before the
    /// platforms start; with more of them than the queue holds it goes on only while `run` works at them.
    ///
    /// - Throws: a `StoreError` that waiting cannot mend, or `CancellationError`.
    package func recover() async throws {
        try await services.patiently { () async throws(StoreError) in try await services.access.load() }
        var last: InboxID?
        var count = 0
        while true {
            try await lanes.waitForRoom()
            let after = last
            let page = try await services.patiently { () async throws(StoreError) in
                try await store.unfinished(after: after, limit: Self.pageSize)
            }
            await presses.take(page, isRecovered: true)
            lanes.add(page, isRecovered: true)
            count += page.count
            guard page.count == Self.pageSize, let end = page.last else { break }
            last = end.id
        }
        await desk.announce()
        if count > 0 { services.logger.notice("unfinished events taken up again", metadata: ["count": "\(count)"]) }
    }

    /// Handles events until `drain` or until the task is cancelled. `drain` first is kinder: a cancelled turn counts as a
    /// crash of its event.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [presses] in await presses.run() }
            group.addTask { [services] in await services.lanes.signs.run(services) }
            group.addTask { [services] in await Self.heedNews(services) }
            await lanes.run { [handler] job in await handler.handle(job) }
            group.cancelAll()
        }
    }

    /// Carries out what delivery finds out about chats, until the task is cancelled.
    private static func heedNews(_ services: ConversationServices) async {
        for await news in services.delivery.chatNews {
            do throws(StoreError) {
                switch news {
                case .unreachable(let chat): try await services.endWork(in: chat)
                case .moved(let move): try await services.move(move)
                }
            } catch {
                // The next try to send there finds it out again.
                services.logger.warning("news of a chat not stored", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Ends the work in order: nothing new starts; what runs may go on for the grace; what then still runs is put back for
    /// the next start. `run` returns after it.
    package func drain(grace: Duration) async {
        lanes.startNoMore()
        await waitUntilIdle(atMost: grace)
        lanes.interruptAll(.shutdown)
        await waitUntilIdle(atMost: Self.parkingTime)
        lanes.finish()
    }

    /// Does what is left to do after a reset that was committed elsewhere (the REST API): ends the previews of the turns that it
    /// stopped, delivers their last words, and cancels their model calls.
    package func carryOut(_ outcome: ResetOutcome) { services.carryOut(outcome) }

    private func waitUntilIdle(atMost span: Duration) async {
        await withDeadline(span, by: services.time) { [lanes] in
            // Its only error is that of being cancelled, when the time is over.
            try? await lanes.waitUntilIdle()
        }
    }
}
