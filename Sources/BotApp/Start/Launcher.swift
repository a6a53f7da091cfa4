import BotCore
import BotHTTP
import BotTelegram
import BotWeb
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What `mybot` and its subcommands do, from the command line to the exit status.
package struct Launcher: Sendable {
    /// The file that the owner named with `--config`.
    package var configurationPath: String?
    /// The values of `--set KEY=VALUE`.
    package var options: [String: String]
    package var environment: [String: String]
    package var console: Console

    /// Creates a launcher.
    ///
    /// - Parameter settings: texts of the form `KEY=VALUE`.
    /// - Throws: `StartError` for one without `=`.
    package init(
        configurationPath: String?, settings: [String], environment: [String: String], console: Console = Console()
    ) throws(StartError) {
        self.configurationPath = configurationPath
        self.environment = environment
        self.console = console
        options = [:]
        for setting in settings {
            guard let sign = setting.firstIndex(of: "=") else {
                throw StartError("--set takes KEY=VALUE, as --set http.port=3001; \(setting) has no =", exitStatus: 78)
            }
            options[String(setting[..<sign])] = String(setting[setting.index(after: sign)...])
        }
        // All files are for their owner alone.
        umask(0o077)
        OpenFileLimit.raise()
    }

    /// Reads the configuration.
    func load() throws(StartError) -> AppConfiguration {
        do {
            return try AppConfiguration.load(path: configurationPath, options: options, environment: environment)
        } catch {
            throw StartError(error)
        }
    }

    /// `mybot`: serves until a signal ends it.
    package func serve() async throws(StartError) {
        var configuration = try load()
        var chatsHere = false
        let hasPlatform = configuration.telegram.botToken != nil || configuration.discord.botToken != nil
        if !hasPlatform, console.isInteractive {
            switch try await FirstRun(console: console, configuration: configuration).ask() {
            case .token: configuration = try load()
            case .chat: chatsHere = true
            }
        }
        // The database first: another mybot on it is named as such, and not as a program that has the port.
        let app = try App(configuration)
        let banner = StartBanner(app: app, console: console)
        let code: String?
        do throws(StartError) {
            try checkPort(configuration.http)
            code = try await banner.show()
        } catch {
            app.close()
            throw error
        }
        if chatsHere {
            try await TerminalChat(console: console).run(in: app)
            return
        }
        try await serve(app, banner, code: code)
    }

    private func serve(_ app: App, _ banner: StartBanner, code: String?) async throws(StartError) {
        let failure = await withTaskGroup(of: Void.self) { group -> StartError? in
            // Telegram may be slow to say what the bot is called; the end does not wait for it.
            if let code { group.addTask { await banner.showTelegramLink(code: code) } }
            group.addTask { await banner.showDiscordInvite() }
            defer { group.cancelAll() }
            do throws(StartError) {
                try await app.run(signals: [.sigterm, .sigint]) { port in banner.showPage(port: port) }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func checkPort(_ http: AppConfiguration.HTTP) throws(StartError) {
        guard http.enabled, http.portIsChosen, !PortCheck.isFree(http.port, host: http.host) else { return }
        throw StartError(
            "port \(http.port) on \(http.host) is taken by another program: stop it, or choose another with http.port")
    }

    /// `mybot chat`: over the running bot if there is one, else with the database opened here.
    package func chat() async throws(StartError) {
        var configuration = try load()
        let client = HTTPClient()
        let control = ControlClient(http: client, socket: configuration.controlSocket)
        if await control.isAlive() {
            defer { client.shutdown() }
            try await TerminalChat(console: console).run(over: control)
            return
        }
        client.shutdown()
        configuration.http.enabled = false
        let app = try App(configuration, platforms: false)
        try await TerminalChat(console: console).run(in: app)
    }

    /// `mybot pair`: makes a new start code.
    package func pair() async throws(StartError) {
        let configuration = try load()
        let client = HTTPClient()
        defer { client.shutdown() }
        let control = ControlClient(http: client, socket: configuration.controlSocket)
        if await control.isAlive() {
            PairingText.show(try await control.pair(), on: console)
            return
        }
        let app = try App(configuration, platforms: false)
        defer { app.close() }
        do {
            PairingText.show(try await app.invitation(), on: console)
        } catch {
            throw StartError(error.description)
        }
    }

    /// `mybot doctor`: looks at everything.
    ///
    /// - Parameter repairs: makes what is derived from the messages anew, and looks at that alone. Not beside a running bot, which knows
    ///   sessions by heart.
    package func doctor(repairs: Bool = false) async throws(StartError) {
        let configuration = try load()
        let client = HTTPClient()
        defer { client.shutdown() }
        let control = ControlClient(http: client, socket: configuration.controlSocket)
        let report: DoctorReport
        if await control.isAlive() {
            guard !repairs else { throw StartError("mybot runs: stop it, then run mybot doctor --repair") }
            console.say("mybot runs.")
            report = try await control.doctor()
        } else {
            if !repairs { console.say("mybot does not run; this is what it would find.") }
            let app = try App(configuration)
            let doctor = Doctor(app: app)
            report = repairs ? await doctor.repair() : await doctor.reportWithoutLinks()
            app.close()
        }
        for finding in report.findings {
            console.say("\(finding.isWell ? "ok  " : "MEND") \(finding.what): \(finding.details)")
        }
        guard report.findings.allSatisfy(\.isWell) else { throw StartError("something has to be mended, see above") }
    }
}
