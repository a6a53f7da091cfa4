/// Somebody pressed a button under a message of the bot.
package struct ButtonPress: Sendable, Codable, Equatable {
    /// What the platform says the button means: a code of `ReplyAction`, unless it is from another version or made up.
    package let code: String
    /// The platform's id of the press, by which it is answered (see `ChatTransport.answerPress`).
    package let id: String
    /// The platform's id of the message that the button stands under.
    package let message: String

    /// What it asks for; nil when the code means nothing.
    package var action: ReplyAction? { ReplyAction(rawValue: code) }

    package init(code: String, id: String, message: String) {
        self.code = code
        self.id = id
        self.message = message
    }
}
