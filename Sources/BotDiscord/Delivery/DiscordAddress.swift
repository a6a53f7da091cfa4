import BotCore
import FoundationEssentials

/// Where an answer goes: a channel, and the message or interaction that it answers.
struct DiscordAddress: Codable, Sendable, Hashable {
    let channel: String
    /// The message to reply to; only in servers, where others talk too.
    let replyTo: String?
    let interaction: Interaction?

    /// A slash command that waits for its answer.
    struct Interaction: Codable, Sendable, Hashable {
        let id: String
        /// A secret for as long as it is valid.
        let token: String
        let application: String
        let acceptedAt: Timestamp
        /// Whether only the person sees the answer.
        let isPrivate: Bool

        /// Discord takes answers for 15 minutes (Receiving and Responding, "Followup Messages"); a little less is relied on.
        static let lifetime = Duration.seconds(14 * 60 + 30)

        func isAlive(at now: Timestamp) -> Bool { now < acceptedAt + Self.lifetime }
    }

    init(channel: String, replyTo: String?, interaction: Interaction?) {
        self.channel = channel
        self.replyTo = replyTo
        self.interaction = interaction
    }

    /// Reads an address; nil when Discord has not made it.
    init?(_ address: ReplyAddress) {
        // Anything that cannot be read is another platform's.
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(address.rawValue.utf8)) else { return nil }
        self = value
    }

    var encoded: ReplyAddress {
        // Strings and numbers always encode.
        ReplyAddress(rawValue: (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}")
    }
}
