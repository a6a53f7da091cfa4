/// Names one conversation everywhere: platform, bot account, chat and, where there is one, topic or thread.
///
/// Its parts never hold a slash, so the text form `telegram/110201543/-100123/7` is unique and can be read back.
package struct ConversationKey: Hashable, Sendable, Codable, CustomStringConvertible {
    package let platform: Platform
    /// The bot's own id on the platform: two bots in one chat have two conversations.
    package let account: String
    /// The chat's or channel's id on the platform.
    package let chat: String
    /// The topic's id inside the chat, where the platform has such.
    package let thread: String?

    package init(platform: Platform, account: String, chat: String, thread: String? = nil) {
        self.platform = platform
        self.account = account
        self.chat = chat
        self.thread = thread
    }

    /// Reads the text form; nil when it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (3...4).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            platform: Platform(rawValue: parts[0]), account: parts[1], chat: parts[2],
            thread: parts.count == 4 ? parts[3] : nil)
    }

    package var description: String {
        let base = "\(platform)/\(account)/\(chat)"
        return thread.map { "\(base)/\($0)" } ?? base
    }
}
