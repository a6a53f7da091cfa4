import BotCore
import FoundationEssentials

/// Where an answer goes: a channel, and the message or interaction that it answers.
struct DiscordAddress: Codable, Sendable, Hashable {
    let channel: String
    /// The message to reply to; only in servers, where others talk too.
    let replyTo: String?
    let interaction: Interaction?
    /// The press of a button that led here; it waits for nothing.
    var press: Interaction?
    /// The thread that the answer opens; `channel` is its id, which is that of the message that it is made from.
    var thread: NewThread?

    /// A thread that is made from a message.
    struct NewThread: Codable, Sendable, Hashable {
        /// Where the message is.
        let parent: String
        /// What the thread is called, in 1 to 100 characters.
        let name: String
    }

    /// A slash command that waits for its answer, or a press that has got one.
    struct Interaction: Codable, Sendable, Hashable {
        let id: String
        /// A secret for as long as it is valid.
        let token: String
        let application: String
        let acceptedAt: Timestamp
        /// Whether only the person sees the answer, or the message that was pressed.
        let isPrivate: Bool

        /// Discord takes answers for 15 minutes (Receiving and Responding, "Followup Messages"); a little less is relied on.
        static let lifetime = Duration.seconds(14 * 60 + 30)

        func isAlive(at now: Timestamp) -> Bool { now < acceptedAt + Self.lifetime }
    }

    init(
        channel: String, replyTo: String?, interaction: Interaction?, press: Interaction? = nil,
        thread: NewThread? = nil
    ) {
        self.channel = channel
        self.replyTo = replyTo
        self.interaction = interaction
        self.press = press
        self.thread = thread
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

extension DiscordAddress {
    /// The channel that the owner is told of when a permission is missing: that of the question, where the answer opens a thread.
    var watchedChannel: String { thread?.parent ?? channel }
}
