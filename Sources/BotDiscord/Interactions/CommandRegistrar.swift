import BotCore
import FoundationEssentials
import Logging

/// Shows the bot's commands in Discord's menus; they are written only when they are not what Discord has already.
struct CommandRegistrar: Sendable {
    let rest: DiscordREST
    let commands: [CommandDescription]
    let time: any TimeSource
    let logger: Logger

    private static let attempts = 5

    /// Brings Discord's commands up to date; tries again a few times when that fails.
    func register(application: String) async {
        var backoff = Backoff(first: .seconds(2), limit: .seconds(60))
        for attempt in 1...Self.attempts {
            do {
                return try await bringUpToDate(application)
            } catch .unauthorized, .cancelled {
                return
            } catch {
                logger.warning(
                    "the commands could not be registered",
                    metadata: ["error": "\(error)", "attempt": "\(attempt)"])
                var wait = backoff.next()
                if case .rateLimited(let span, _) = error { wait = max(wait, span) }
                // Cancellation is looked at in the next request.
                try? await time.sleep(for: wait)
            }
        }
    }

    /// The bot's commands, with the one that only Discord has.
    static func wanted(_ commands: [CommandDescription]) -> [ApplicationCommand] {
        ([AskCommand.description] + commands).compactMap { ApplicationCommand($0) }
    }

    private func bringUpToDate(_ application: String) async throws(RESTError) {
        let wanted = Self.wanted(commands)
        if wanted.count < commands.count + 1 {
            logger.error("a command has a name or summary that Discord does not take")
        }
        let body = try await rest.send(.commands(of: application, method: "GET"))
        // What cannot be read differs from what is wanted.
        let known = try? JSONDecoder().decode([ApplicationCommand].self, from: Data(body))
        guard known.map(Set.init) != Set(wanted) else { return }
        _ = try await rest.send(.commands(of: application, method: "PUT"), json: wanted)
        logger.info("the commands are registered", metadata: ["commands.count": "\(wanted.count)"])
    }
}
