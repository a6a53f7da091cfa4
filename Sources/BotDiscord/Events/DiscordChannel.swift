/// What a channel is (Channel Resource, "Channel Object").
enum DiscordChannel: Decodable, Sendable, Equatable {
    case thread(DiscordThread)
    /// Any other, by its type.
    case other(type: Int)

    private enum CodingKeys: String, CodingKey { case type }

    init(from decoder: any Decoder) throws {
        // A channel of another kind cannot be read as one.
        if let thread = try? DiscordThread(from: decoder) {
            self = .thread(thread)
        } else {
            self = .other(type: try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .type))
        }
    }

    /// Nil for a channel that is none.
    var thread: DiscordThread? { if case .thread(let thread) = self { thread } else { nil } }

    /// Whether threads can be made in it from messages: not in threads, forums or direct messages.
    var takesThreads: Bool { if case .other(let type) = self { Self.takesThreads(type) } else { false } }

    /// The same by a channel's type: those of text and of announcements (Channel Resource, "Channel Types").
    static func takesThreads(_ type: Int) -> Bool { type == 0 || type == 5 }
}
