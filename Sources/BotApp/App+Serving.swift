import BotConversation
import BotCore
import BotDiscord
import BotSessions
import BotTelegram
import BotWeb
import Logging
import ServiceLifecycle
package import UnixSignals

extension App {
    /// How long running replies may go on after the signal to stop.
    private static let turnGrace = Duration.seconds(4)
    /// How long what is ready may still be delivered after that.
    private static let deliveryGrace = Duration.milliseconds(1500)

    /// All services in the order of their dependence. At the shutdown they end in reverse: first nothing new comes in, then
    /// running turns end or are parked, then what is ready is delivered.
    ///
    /// - Parameter onWebRunning: called with the port once the page is served.
    func services(onWebRunning: @escaping @Sendable (Int) async -> Void) -> [any Service] {
        let recovered = Gate(isOpen: false)
        var services: [any Service] = [
            DrainingService(
                work: { [delivery] in await delivery.run() },
                drain: { [delivery] in await delivery.drain(grace: Self.deliveryGrace) }),
            CancellableService { [models] in await models.run() },
            CancellableService { [outages, owners] in await outages.run(owners: owners) },
            CancellableService { [budgets, owners] in await budgets.run(owners: owners) },
            DrainingService(
                work: { [self] in await runEngine(recovered: recovered) },
                drain: { [engine] in await engine.drain(grace: Self.turnGrace) }),
            CancellableService { [sessions] in await sessions.run() },
            CancellableService { [sessions] in await sessions.runScrubs() },
            CancellableService { [self] in
                await StoreUpkeep(store: store, time: time, logger: logs.logger("store")).run()
            },
        ]
        if configuration.http.enabled {
            services.append(GracefulService { [self] in try await serveWeb(onRunning: onWebRunning) })
        }
        services.append(GracefulService { [self] in await serveControl() })
        if let telegram {
            services.append(
                CancellableService { [self] in
                    let notice = OwnerNotice(
                        platform: telegram, store: store, delivery: delivery, time: time,
                        logger: logs.logger("telegram"))
                    await notice.run()
                })
            services.append(
                PlatformService(
                    link: { [engine] in
                        do { try await recovered.wait() } catch { return }
                        await telegram.run(intake: engine)
                    },
                    farewell: { await telegram.farewell() }))
        }
        if let discord {
            services.append(
                PlatformService(
                    link: { [engine] in
                        do { try await recovered.wait() } catch { return }
                        await discord.run(intake: engine)
                    },
                    farewell: {}))
        }
        return services
    }

    /// Runs until a signal, until `stop`, or until a service fails.
    ///
    /// - Parameter companion: what runs beside it and ends it in order when it ends: the chat of a terminal, which is shown no log.
    /// - Throws: `StartError` when a part that is needed cannot go on.
    package func run(
        signals: [UnixSignal], beside companion: (@Sendable () async -> Void)? = nil,
        onWebRunning: @escaping @Sendable (Int) async -> Void
    ) async throws(StartError) {
        var services = services(onWebRunning: onWebRunning).map {
            ServiceGroupConfiguration.ServiceConfiguration(service: $0, successTerminationBehavior: .ignore)
        }
        // The last of all, so that it is the first to end: whichever of the two comes.
        let end = CompanionService { [stopWanted] in
            await withTaskGroup(of: Void.self) { group in
                // Cancelled means that the shutdown has begun from elsewhere.
                group.addTask { try? await stopWanted.wait() }
                if let companion { group.addTask { await companion() } }
                await group.next()
                group.cancelAll()
            }
        }
        services.append(.init(service: end, successTerminationBehavior: .gracefullyShutdownGroup))
        var settings = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: signals, logger: WebServer.quiet(logs.logger("lifecycle")))
        // SIGTERM ends within 10 s, whatever hangs.
        settings.maximumGracefulShutdownDuration = .milliseconds(8500)
        let logger = logs.logger("mybot")
        logs.echo(companion == nil)
        logger.info("started", metadata: ["version": "\(Version.current)"])
        defer {
            logger.info("stopped")
            close()
        }
        do {
            try await ServiceGroup(configuration: settings).run()
        } catch let error as StartError {
            logs.echo(false)  // who started mybot is told by the error
            logger.error("cannot go on", metadata: ["error": "\(error)"])
            throw error
        } catch {
            logs.echo(false)
            logger.error("cannot go on", metadata: ["error": "\(error)"])
            throw StartError("mybot cannot go on: \(error)")
        }
    }

    private func runEngine(recovered: Gate) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [engine] in await engine.run() }
            do {
                try await sessions.learnFromEarlierRuns()
            } catch {
                // The counts then begin with what is known of the models, as in a first run.
                logs.logger("session-manager").warning(
                    "nothing learnt from earlier runs", metadata: ["error": "\(error)"])
            }
            do {
                try await engine.recover()
            } catch {
                logs.logger("conversation").error("cannot load what was unfinished", metadata: ["error": "\(error)"])
            }
            recovered.set(open: true)
        }
    }

    private func serveWeb(onRunning: @escaping @Sendable (Int) async -> Void) async throws(StartError) {
        let settings = configuration.http
        let server = WebServer(
            settings: WebServer.Settings(host: settings.host, port: settings.port, token: settings.token),
            sessions: sessions, links: links,
            about: { [models, discord] in
                AboutBot(
                    version: Version.current, model: models.standard.name,
                    invites: discord?.inviteURL.map { ["discord": $0] } ?? [:])
            },
            people: { [store, time, configuration, budgets] () async throws(StoreError) in
                try await PeopleOnPage(store: store, time: time, configuration: configuration, budgets: budgets)
                    .report()
            },
            carryOut: { [engine] outcome in engine.carryOut(outcome) },
            logger: logs.logger("web"))
        do {
            try await server.run(onRunning: onRunning)
        } catch {
            if Task.isCancelled { return }
            let sentence =
                "the page and API cannot listen on \(settings.host) port \(settings.port): is the port taken?"
            guard !settings.portIsChosen else {
                throw StartError("\(sentence) Stop the other program or choose another with http.port")
            }
            logs.logger("web").warning("no page and no API", metadata: ["reason": "\(sentence)"])
        }
    }

    private func serveControl() async {
        let path = configuration.controlSocket
        let logger = logs.logger("control")
        guard path.utf8.count <= ControlServer.longestPath else {
            logger.warning("no control socket: its path is too long", metadata: ["path": "\(path)"])
            return
        }
        do {
            try await withGracefulShutdownHandler {
                try await ControlServer(path: path, actions: controlActions, logger: logger).run()
            } onGracefulShutdown: { [terminal] in
                // Terminals that listen would keep the server from ending.
                terminal.close()
            }
        } catch {
            if !Task.isCancelled { logger.warning("no control socket", metadata: ["error": "\(error)"]) }
        }
    }
}
