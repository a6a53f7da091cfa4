import BotCore
import DequeModule

/// Knows in which channels a thread can be made from a message: in those of text and of announcements (Channel Resource, "Channel Types"),
/// not in threads, forums or direct messages. It remembers 1,000 channels.
final class ThreadPlaces: Sendable {
    private struct State {
        var takesThreads: [String: Bool] = [:]
        var order = Deque<String>()
    }

    private struct Channel: Decodable { let type: Int }

    private static let capacity = 1000
    private static let types: Set<Int> = [0, 5]

    private let rest: DiscordREST
    private let state = Lock(State())

    init(rest: DiscordREST) { self.rest = rest }

    /// Whether an answer to the message can open a thread. Discord is asked once about a channel whose type the message does not tell;
    /// while it cannot say, the answer goes into the channel.
    func contain(_ message: DiscordMessage) async -> Bool {
        guard message.guild != nil else { return false }
        if let type = message.channelType { return Self.types.contains(type) }
        if let known = state.withLock({ $0.takesThreads[message.channel] }) { return known }
        do throws(RESTError) {
            let channel = try DiscordREST.read(Channel.self, from: try await rest.send(.channel(message.channel)))
            let answer = Self.types.contains(channel.type)
            note(message.channel, answer)
            return answer
        } catch {
            return false
        }
    }

    private func note(_ channel: String, _ takesThreads: Bool) {
        state.withLock { state in
            if state.takesThreads.updateValue(takesThreads, forKey: channel) == nil { state.order.append(channel) }
            if state.order.count > Self.capacity, let oldest = state.order.popFirst() {
                state.takesThreads[oldest] = nil
            }
        }
    }
}
