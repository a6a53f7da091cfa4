package import BotConversation
package import BotCore
import BotDiscord
package import BotHTTP
package import BotSessions
package import BotStore
package import BotTelegram
import BotTokenizer
import Logging

/// The composition root: the one place where the rooms are put together. It makes everything and starts nothing.
package final class App: Sendable {
    package let configuration: AppConfiguration
    package let time: any TimeSource
    package let logs: LogSetup
    package let http: HTTPClient
    package let store: SQLiteStore
    package let links: LinkMonitor
    package let sessions: SessionManager
    package let access: AccessControl
    package let delivery: DeliveryEngine
    package let engine: ConversationEngine
    package let telegram: TelegramPlatform?
    let discord: DiscordPlatform?
    let models: ModelSelection
    let outages: OutageReporter
    let owners: OwnerMessenger
    package let budgets: BudgetKeeper
    let terminal = TerminalHub()
    /// Opens when the program is asked to end from within.
    let stopWanted = Gate(isOpen: false)

    /// Opens the database and the log, and makes all parts.
    ///
    /// - Parameter platforms: false leaves Telegram and Discord out, for a chat in the terminal without a running bot.
    /// - Throws: `StartError` with the cause and the mend.
    package init(
        _ configuration: AppConfiguration, platforms: Bool = true, time: any TimeSource = SystemTime()
    ) throws(StartError) {
        self.configuration = configuration
        self.time = time
        logs = try LogSetup(configuration)
        do {
            store = try SQLiteStore.open(path: configuration.storagePath, time: time)
        } catch {
            logs.logger("store").error("cannot open the database", metadata: ["error": "\(error)"])
            let path = configuration.storagePath
            throw StartError(error.description.contains(path) ? error.description : "\(path): \(error.description)")
        }
        for finding in store.mended {
            logs.logger("store").warning(
                "something did not agree with the messages and was made anew", metadata: ["finding": "\(finding)"])
        }
        http = HTTPClient(
            HTTPClient.Configuration(
                proxy: configuration.network.proxy?.exposed, caFile: configuration.network.caFile,
                userAgent: "mybot/\(Version.current)"))
        links = LinkMonitor(time: time)
        links.set("store", to: .connected)
        access = AccessControl(
            store: store, lists: configuration.accessLists, time: time, logger: logs.logger("access"))
        let outages = OutageReporter(store: store, links: links, time: time, logger: logs.logger("model"))
        self.outages = outages
        let meter = CalibratedTokenMeter()
        budgets = BudgetKeeper(
            configuration.budgets.settings, store: store, meter: meter,
            isExempt: { [access] in access.hasNoBudget($0) }, time: time, logger: logs.logger("budgets"))
        models = ModelSelection(
            configuration, http: http, budgets: budgets, time: time, logger: logs.logger("model")
        ) {
            outages.note($0, of: $1)
        }
        sessions = SessionManager(
            store: store, meter: meter, provider: models.standard, summarizer: models.summarizer,
            settings: configuration.sessionSettings, time: time, logger: logs.logger("session-manager"))

        telegram = platforms ? Self.makeTelegram(configuration, http, store, links, time, logs) : nil
        discord = platforms ? Self.makeDiscord(configuration, http, store, links, access, time, logs) : nil
        var transports: [any ChatTransport] = [TerminalTransport(hub: terminal)]
        var attachments: [Platform: any AttachmentSource] = [:]
        if let telegram {
            transports.append(telegram)
            attachments[.telegram] = telegram
        }
        if let discord {
            transports.append(discord)
            attachments[.discord] = discord
        }
        for (name, isOn) in [("telegram", telegram != nil), ("discord", discord != nil)] where !isOn {
            links.set(name, to: .off)
        }
        delivery = DeliveryEngine(
            store: store, transports: transports, time: time, logger: logs.logger("delivery"))
        owners = OwnerMessenger(
            store: store, access: access, delivery: delivery, time: time, logger: logs.logger("conversation"))
        engine = ConversationEngine(
            store: store, sessions: sessions, models: models, delivery: delivery, attachments: attachments,
            links: links, access: access, budgets: budgets, cheaper: models.cheaper,
            settings: configuration.conversationSettings, time: time, logger: logs.logger("conversation"))
    }

    private static func makeTelegram(
        _ configuration: AppConfiguration, _ http: HTTPClient, _ store: SQLiteStore, _ links: LinkMonitor,
        _ time: any TimeSource, _ logs: LogSetup
    ) -> TelegramPlatform? {
        guard let settings = configuration.telegramSettings else { return nil }
        return TelegramPlatform(
            configuration: settings, http: http, cursors: store, links: links, commands: ConversationEngine.commands,
            time: time, logger: logs.logger("telegram"))
    }

    private static func makeDiscord(
        _ configuration: AppConfiguration, _ http: HTTPClient, _ store: SQLiteStore, _ links: LinkMonitor,
        _ access: AccessControl, _ time: any TimeSource, _ logs: LogSetup
    ) -> DiscordPlatform? {
        guard let settings = configuration.discordSettings else { return nil }
        return DiscordPlatform(
            configuration: settings, http: http, cursors: store,
            recentChannels: { account, limit in await recentChats(of: account, on: .discord, limit: limit, in: store) },
            waitingMessages: { limit in await waitingMessages(on: .discord, limit: limit, in: store) }, links: links,
            commands: ConversationEngine.commands,
            mayAsk: { access.standing(of: $0, on: .discord, in: $1).isLetIn }, time: time,
            logger: logs.logger("discord"))
    }

    /// The chats of a bot on a platform whose sessions are active, the latest first; none where the database cannot tell.
    private static func recentChats(
        of account: String, on platform: Platform, limit: Int, in store: SQLiteStore
    ) async -> [String] {
        // Without them only what was missed stays missed, which the store's own link tells of.
        let sessions = (try? await store.activeSessions(limit: 4 * limit)) ?? []
        let keys = sessions.compactMap(\.key).filter { $0.platform == platform && $0.account == account }
        // Where each person has a session of their own, a chat has several.
        var known: Set<String> = []
        return Array(keys.map(\.chat).filter { known.insert($0).inserted }.prefix(limit))
    }

    /// The ids of the newest messages of a platform that are not answered yet, the oldest first; those that the database can tell.
    private static func waitingMessages(on platform: Platform, limit: Int, in store: SQLiteStore) async -> [String] {
        var ids: [String] = []
        var last: InboxID?
        // Without the others only their deletion is not followed; the store's own link tells that something is wrong.
        while let page = try? await store.unfinished(after: last, limit: 500), let end = page.last {
            let waiting = page.map(\.event).filter { $0.conversation.platform == platform }.compactMap(\.body.messageID)
            ids = Array((ids + waiting).suffix(limit))
            last = end.id
        }
        return ids
    }

    /// Ends a `run` in order, as a signal does; it returns at once.
    package func stop() { stopWanted.set(open: true) }

    /// Ends what was opened, after all services have ended.
    package func close() {
        terminal.close()
        http.shutdown()
        do {
            try store.close()
        } catch {
            logs.logger("store").error("cannot close the database", metadata: ["error": "\(error)"])
        }
    }
}

extension InboundEvent.Body {
    /// The id of a message for the model.
    fileprivate var messageID: String? { if case .message(let message) = self { message.id } else { nil } }
}
