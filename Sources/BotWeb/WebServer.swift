package import BotCore
package import BotSessions
import Hummingbird
package import Logging
import NIOCore

/// The REST API and the page, on a TCP port.
package struct WebServer: Sendable {
    /// Where to listen and what to ask for.
    package struct Settings: Sendable {
        package var host: String
        /// 0 takes a free one.
        package var port: Int
        package var token: Secret?

        package init(host: String, port: Int, token: Secret?) {
            self.host = host
            self.port = port
            self.token = token
        }
    }

    private let settings: Settings
    private let sessions: SessionManager
    private let links: LinkMonitor
    private let about: @Sendable () -> AboutBot
    private let people: @Sendable () async throws(StoreError) -> PeopleReport
    private let carryOut: @Sendable (ResetOutcome) -> Void
    private let logger: Logger

    /// Creates a server.
    ///
    /// - Parameter carryOut: ends what a reset over the API leaves running: model calls and previews.
    package init(
        settings: Settings, sessions: SessionManager, links: LinkMonitor, about: @escaping @Sendable () -> AboutBot,
        people: @escaping @Sendable () async throws(StoreError) -> PeopleReport,
        carryOut: @escaping @Sendable (ResetOutcome) -> Void, logger: Logger
    ) {
        self.settings = settings
        self.sessions = sessions
        self.links = links
        self.about = about
        self.people = people
        self.carryOut = carryOut
        self.logger = logger
    }

    /// Serves until the task is cancelled or the program shuts down gracefully.
    ///
    /// - Parameter onRunning: called with the port once it listens.
    /// - Throws: what binding threw, when the port is taken or not allowed.
    package func run(onRunning: @escaping @Sendable (Int) async -> Void) async throws {
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "mybot"),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: Self.quiet(logger))
        try await application.run()
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ErrorAnswers(logger: logger))
        router.add(middleware: HostGuard(host: settings.host))
        if let token = settings.token { router.add(middleware: TokenGuard(token: token)) }
        PageController().addRoutes(to: router)
        HealthController(links: links, about: about).addRoutes(to: router)
        PeopleController(report: people).addRoutes(to: router)
        SessionsController(sessions: sessions, carryOut: carryOut).addRoutes(to: router)
        return router
    }

    /// The server's own start-up lines add nothing to ours.
    package static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
