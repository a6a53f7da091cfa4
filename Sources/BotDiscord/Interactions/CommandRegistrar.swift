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

    private func bringUpToDate(_ application: String) async throws(RESTError) {
        let wanted = commands.compactMap(ApplicationCommand.init)
        if wanted.count < commands.count { logger.error("a command has a name or summary that Discord does not take") }
        let body = try await rest.send(.commands(of: application, method: "GET"))
        // What cannot be read differs from what is wanted.
        let known = try? JSONDecoder().decode([ApplicationCommand].self, from: Data(body))
        guard known.map(Set.init) != Set(wanted) else { return }
        _ = try await rest.send(.commands(of: application, method: "PUT"), json: wanted)
        logger.info("the commands are registered", metadata: ["commands.count": "\(wanted.count)"])
    }
}

/// A slash command as Discord keeps it (Application Commands).
struct ApplicationCommand: Codable, Sendable, Hashable {
    let name: String
    let type: Int
    let description: String
    let options: [Option]
    /// 0: servers, 1: direct messages with the bot.
    let contexts: [Int]

    /// The one optional text argument.
    struct Option: Codable, Sendable, Hashable {
        let type: Int
        let name: String
        let description: String
        let required: Bool

        init(description: String) {
            type = 3
            name = "text"
            self.description = description
            required = false
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            type = try values.decode(Int.self, forKey: .type)
            name = try values.decode(String.self, forKey: .name)
            description = try values.decode(String.self, forKey: .description)
            required = try values.decodeIfPresent(Bool.self, forKey: .required) ?? false
        }
    }

    /// Nil when Discord would refuse it: names are 1 to 32 lower-case letters, digits, `-`, `_` or `'`.
    init?(_ command: CommandDescription) {
        let isLegal = command.name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_'".unicodeScalars.contains(scalar)
        }
        guard isLegal, (1...32).contains(command.name.unicodeScalars.count), command.name == command.name.lowercased(),
            (1...100).contains(command.summary.unicodeScalars.count)
        else { return nil }
        name = command.name
        type = 1
        description = command.summary
        options = command.argument.map { [Option(description: String($0.prefix(100)))] } ?? []
        contexts = [0, 1]
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        type = try values.decodeIfPresent(Int.self, forKey: .type) ?? 1
        description = try values.decode(String.self, forKey: .description)
        options = try values.decodeIfPresent([Option].self, forKey: .options) ?? []
        contexts = (try values.decodeIfPresent([Int].self, forKey: .contexts) ?? []).sorted()
    }
}
