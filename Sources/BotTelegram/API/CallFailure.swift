import BotCore
import BotHTTP

/// Why a call of the Bot API brought no result.
enum CallFailure: Error, Sendable, Equatable {
    /// Telegram answered with an error.
    case refused(Refusal)
    /// The answer is none of the Bot API: a proxy's page, or JSON that was cut off.
    case unreadable(status: Int)
    /// There was no whole answer.
    case transport(HTTPError)

    /// An error as Telegram words it ("Making requests", Bot API).
    struct Refusal: Sendable, Equatable {
        let code: Int
        let description: String
        /// How long to wait, with 429.
        var retryAfter: Duration?
        /// The supergroup that the group has become.
        var newChat: Int64?
    }

    /// What happened, for the log. It never holds the address, which holds the token.
    var summary: String {
        switch self {
        case .refused(let refusal): "error \(refusal.code): \(refusal.description)"
        case .unreadable(let status): "status \(status) with a body that is not the Bot API's"
        case .transport(let error): "\(error)"
        }
    }
}
