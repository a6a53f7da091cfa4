/// `CallbackQuery`: a press of a button under a message.
struct WireCallbackQuery: Decodable, Sendable, Equatable {
    let id: String
    let from: WireUser
    /// The message with the button (`MaybeInaccessibleMessage`). One that is too old or deleted has only its chat, its id and date 0. Nil
    /// under messages that were sent by way of an inline query, which the bot never does.
    let message: WireMessage?
    /// The button's code. A client may send any, also one that stands under no message ("CallbackQuery").
    let data: String?
}
