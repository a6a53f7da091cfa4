/// A command as platforms show it in their menus.
package struct CommandDescription: Sendable, Equatable {
    /// The name: lower-case letters, digits and underscores, at most 32, as both Telegram and Discord take it.
    package let name: String
    /// What it does, in at most 100 characters (Discord's limit; Telegram's is 256).
    package let summary: String
    /// What its one optional text argument is, in at most 100 characters; nil when it takes none.
    package let argument: String?
    package let place: Place

    /// In which chats a menu shows the command, where the platform has menus for each. It works in all of them.
    package enum Place: Sendable {
        case everywhere
        /// Between one person and the bot.
        case direct
        /// Where several people talk.
        case shared
    }

    package init(name: String, summary: String, argument: String? = nil, place: Place = .everywhere) {
        self.place = place
        self.name = name
        self.summary = summary
        self.argument = argument
    }
}
