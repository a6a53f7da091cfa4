import BotCore

/// Knows in which channels a thread can be made from a message: in those of text and of announcements (Channel Resource, "Channel Types"),
/// not in threads, forums or direct messages. It remembers 1,000 channels.
final class ThreadPlaces: Sendable {
    private struct Channel: Decodable { let type: Int }

    private static let types: Set<Int> = [0, 5]

    private let rest: DiscordREST
    private let takesThreads = Lock(RecentMap<String, Bool>(capacity: 1000))

    init(rest: DiscordREST) { self.rest = rest }

    /// Whether an answer to the message can open a thread. Discord is asked once about a channel whose type the message does not tell;
    /// while it cannot say, the answer goes into the channel.
    func contain(_ message: DiscordMessage) async -> Bool {
        guard message.guild != nil, message.thread == nil else { return false }
        if let type = message.channelType { return Self.types.contains(type) }
        if let known = takesThreads.withLock({ $0[message.channel] }) { return known }
        do throws(RESTError) {
            let channel = try DiscordREST.read(Channel.self, from: try await rest.send(.channel(message.channel)))
            let answer = Self.types.contains(channel.type)
            takesThreads.withLock { $0.set(answer, for: message.channel) }
            return answer
        } catch {
            return false
        }
    }
}
