import ArgumentParser
import BotApp
import BotCore
import Foundation

/// `mybot` and its subcommands.
@main
struct MyBot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mybot",
        abstract: "A chat bot that you run yourself, for Telegram, Discord and this terminal.",
        discussion: "Without a subcommand it serves. Every key of config.example.json can be set in config.json, by an "
            + "environment variable (telegram.botToken is TELEGRAM_BOT_TOKEN) or with --set.",
        version: Version.current,
        subcommands: [Serve.self, Chat.self, Pair.self, Doctor.self],
        defaultSubcommand: Serve.self)
}

/// Options of all subcommands.
struct CommonOptions: ParsableArguments {
    @Option(help: "The configuration file; config.json in this folder is read if it is there.")
    var config: String?

    @Option(name: .customLong("set"), help: "Sets a key, as --set http.port=3001; may be repeated.")
    var settings: [String] = []

    /// Does what the subcommand is for; ends the process with one line and the exit status when it cannot.
    func launch(_ body: (Launcher) async throws(StartError) -> Void) async throws {
        do throws(StartError) {
            let launcher = try Launcher(
                configurationPath: config, settings: settings, environment: ProcessInfo.processInfo.environment)
            try await body(launcher)
        } catch {
            Console().complain("mybot: \(error.description)")
            throw ExitCode(error.exitStatus)
        }
    }
}

/// `mybot serve`, the default.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves until Ctrl-C or SIGTERM.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await options.launch { launcher throws(StartError) in try await launcher.serve() }
    }
}

/// `mybot chat`.
struct Chat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Chats in this terminal, also beside a running bot.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await options.launch { launcher throws(StartError) in try await launcher.chat() }
    }
}

/// `mybot pair`.
struct Pair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints a new start code; who sends it becomes an owner.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await options.launch { launcher throws(StartError) in try await launcher.pair() }
    }
}

/// `mybot doctor`.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Looks whether everything is well and says what to mend.")
    @OptionGroup var options: CommonOptions

    @Flag(help: "Makes counters, totals and the search index anew from the messages. mybot must not run.")
    var repair = false

    func run() async throws {
        let repairs = repair
        try await options.launch { launcher throws(StartError) in try await launcher.doctor(repairs: repairs) }
    }
}
