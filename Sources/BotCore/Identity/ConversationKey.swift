/// Names one conversation everywhere: platform, bot account, chat and, where there is one, topic or thread; and its person where each
/// person of a shared chat has a conversation of their own.
///
/// Its parts never hold a slash, and none but the person's begins with `@`, so the text form `telegram/110201543/-100123/7/@42` is unique
/// and can be read back.
package struct ConversationKey: Hashable, Sendable, Codable, CustomStringConvertible {
    package let platform: Platform
    /// The bot's own id on the platform: two bots in one chat have two conversations.
    package let account: String
    /// The chat's or channel's id on the platform.
    package let chat: String
    /// The topic's id inside the chat, where the platform has such.
    package let thread: String?
    /// The person whose own conversation it is in a shared chat (`sessions.groupScope`); nil for everybody's, and in private.
    package let person: String?

    package init(
        platform: Platform, account: String, chat: String, thread: String? = nil, person: String? = nil
    ) {
        self.platform = platform
        self.account = account
        self.chat = chat
        self.thread = thread
        self.person = person
    }

    /// Reads the text form; nil when it is none.
    package init?(_ text: String) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var person: String?
        if parts.count > 3, let last = parts.last, last.hasPrefix(Self.personMark) {
            person = String(last.dropFirst())
            parts.removeLast()
        }
        guard (3...4).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }), person?.isEmpty != true else {
            return nil
        }
        self.init(
            platform: Platform(rawValue: parts[0]), account: parts[1], chat: parts[2],
            thread: parts.count == 4 ? parts[3] : nil, person: person)
    }

    package var description: String {
        var text = "\(platform)/\(account)/\(chat)"
        if let thread { text += "/\(thread)" }
        if let person { text += "/\(Self.personMark)\(person)" }
        return text
    }

    /// The chat without topic and person.
    package var wholeChat: ConversationKey { ConversationKey(platform: platform, account: account, chat: chat) }

    /// The same place, as one person's own conversation, or as everybody's. An id that could not be read back gives everybody's.
    package func of(person: String?) -> ConversationKey {
        let isReadable = person.map { !$0.isEmpty && !$0.contains("/") } ?? false
        return ConversationKey(
            platform: platform, account: account, chat: chat, thread: thread, person: isReadable ? person : nil)
    }

    /// Stands before a person's id.
    private static let personMark = "@"
}
