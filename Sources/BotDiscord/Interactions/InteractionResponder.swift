import BotCore
import Logging

/// Acknowledges interactions within the three seconds that Discord gives, whatever else the bot is doing.
struct InteractionResponder: Sendable {
    let rest: DiscordREST
    let ledger: InteractionLedger
    let decoder: EventDecoder
    let time: any TimeSource
    let logger: Logger
    private let waiting = BoundedQueue<DiscordInteraction>(capacity: 200)

    /// How many acknowledgements are on their way at the same time.
    private static let workers = 4
    private static let attempts = 3

    init(rest: DiscordREST, ledger: InteractionLedger, decoder: EventDecoder, time: any TimeSource, logger: Logger) {
        self.rest = rest
        self.ledger = ledger
        self.decoder = decoder
        self.time = time
        self.logger = logger
    }

    /// Takes an interaction in as soon as it is read. Returns at once.
    func take(_ interaction: DiscordInteraction) {
        guard ledger.begin(interaction.id) else { return }
        if !waiting.offer(interaction) {
            ledger.settle(interaction.id, .failed)
            logger.warning("too many interactions at once: one was not acknowledged")
        }
    }

    /// Works until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.workers {
                group.addTask {
                    while let interaction = await waiting.pop(time) { await acknowledge(interaction) }
                }
            }
        }
    }

    private func acknowledge(_ interaction: DiscordInteraction) async {
        let route = RESTRoute.acknowledge(interaction.id, token: interaction.token.exposed)
        let answer = answer(to: interaction)
        for attempt in 1...Self.attempts {
            do {
                _ = try await rest.send(route, json: answer)
                return ledger.settle(interaction.id, .acknowledged)
            } catch .refused(_, 40_060, _) {
                // It is acknowledged already: an attempt before has arrived after all, or the one before a restart.
                return ledger.settle(interaction.id, .acknowledged)
            } catch .notSent(let reason) where attempt < Self.attempts {
                logger.debug("an acknowledgement is tried again", metadata: ["error": "\(reason)"])
            } catch .outcomeUnknown(let reason) where attempt < Self.attempts {
                logger.debug("an acknowledgement is tried again", metadata: ["error": "\(reason)"])
            } catch {
                logger.warning("an interaction could not be acknowledged", metadata: ["error": "\(error)"])
                return ledger.settle(interaction.id, .failed)
            }
        }
    }

    /// The bot's commands are deferred; whatever else comes is answered in a sentence, so that nobody is left waiting.
    private func answer(to interaction: DiscordInteraction) -> InteractionAnswer {
        switch decoder.calling(of: interaction) {
        case .command(let isPrivate): return .deferred(isPrivate: isPrivate)
        case .press: return .noted
        case .notHere: return .sentence("I answer in direct messages only.")
        case nil: break
        }
        switch interaction.type {
        case 1: return .pong
        case 2: return .sentence("I do not know this command. Try /help.")
        case 4: return .noChoices
        default: return .sentence("This does nothing any more. Just write to me.")
        }
    }
}

/// The body of an answer to an interaction (Receiving and Responding, "Interaction Callback Type").
enum InteractionAnswer: Encodable, Sendable, Hashable {
    /// Type 1.
    case pong
    /// Type 4, seen by the person alone.
    case sentence(String)
    /// Type 5: the answer comes later.
    case deferred(isPrivate: Bool)
    /// Type 6: the message that was pressed stays as it is for now.
    case noted
    /// Type 8 without any choice.
    case noChoices

    private struct Flags: Encodable { let flags: Int }
    private struct Choices: Encodable { let choices: [String] }
    private enum CodingKeys: String, CodingKey { case type, data }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .pong:
            try values.encode(1, forKey: .type)
        case .sentence(let text):
            try values.encode(4, forKey: .type)
            try values.encode(MessageBody(content: text, isPrivate: true), forKey: .data)
        case .deferred(let isPrivate):
            try values.encode(5, forKey: .type)
            if isPrivate { try values.encode(Flags(flags: 64), forKey: .data) }
        case .noted:
            try values.encode(6, forKey: .type)
        case .noChoices:
            try values.encode(8, forKey: .type)
            try values.encode(Choices(choices: []), forKey: .data)
        }
    }
}
