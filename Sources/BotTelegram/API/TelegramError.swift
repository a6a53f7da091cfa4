import BotCore
import BotHTTP

/// Why Telegram could not be asked who the bot is.
package enum TelegramError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Telegram does not know the token.
    case tokenRefused
    /// Too many requests.
    case rateLimited(retryAfter: Duration)
    /// There was no answer of the Bot API; the text is for the log.
    case unreachable(String)
    /// The task was cancelled.
    case cancelled

    /// What happened and what to do, in one sentence for the owner.
    package var description: String {
        switch self {
        case .tokenRefused:
            "Telegram does not accept the bot token: copy it again from @BotFather into telegram.botToken and restart"
        case .rateLimited(let wait): "Telegram asks to wait \(wait.milliseconds / 1000) s before the next request"
        case .unreachable:
            "Telegram cannot be reached: check this machine's network, and telegram.apiBaseURL if it is set"
        case .cancelled: "cancelled"
        }
    }

    init(_ failure: CallFailure) {
        switch failure {
        case .transport(.cancelled): self = .cancelled
        case .refused(let refusal) where [401, 404, 421].contains(refusal.code): self = .tokenRefused
        case .refused(let refusal) where refusal.code == 429:
            self = .rateLimited(retryAfter: refusal.retryAfter ?? .seconds(1))
        default: self = .unreachable(failure.summary)
        }
    }
}
