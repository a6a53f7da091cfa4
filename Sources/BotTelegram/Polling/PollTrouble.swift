import BotCore
import BotHTTP

/// What keeps polling from working, in the kinds that are treated differently.
enum PollTrouble: Sendable, Equatable {
    /// No connection, or it broke, or nothing came in time.
    case network
    /// The server's certificate failed the check.
    case untrusted
    /// Telegram answers with 5xx.
    case server
    /// Something answers that is not the Bot API, or its answer was cut off.
    case unreadable
    case tooLarge
    /// Telegram asks to wait.
    case flood(retryAfter: Duration)
    /// Another program polls with the same token.
    case conflict
    /// A webhook is set.
    case webhook
    /// `getMe` says that there is no such bot.
    case tokenRefused
    /// A later call says so.
    case unknownToken
    /// Telegram refuses the call for another reason.
    case refused
    /// The database cannot be read.
    case store

    init(_ failure: CallFailure, whileIdentifying: Bool) {
        switch failure {
        case .transport(.untrusted(_)): self = .untrusted
        case .transport(.tooLarge(_)): self = .tooLarge
        case .transport: self = .network
        case .unreadable(let status): self = status >= 500 ? .server : .unreadable
        case .refused(let refusal): self.init(refusal, whileIdentifying)
        }
    }

    private init(_ refusal: CallFailure.Refusal, _ whileIdentifying: Bool) {
        switch refusal.code {
        case 401: self = .tokenRefused
        case 404, 421: self = whileIdentifying ? .tokenRefused : .unknownToken
        case 409: self = refusal.description.lowercased().contains("webhook") ? .webhook : .conflict
        case 429: self = refusal.retryAfter.map { .flood(retryAfter: $0) } ?? .server
        case 500...: self = .server
        default: self = .refused
        }
    }

    /// Whether another program gets in the way.
    var isConflict: Bool { self == .conflict || self == .webhook }

    /// The state that the link is in.
    var state: LinkState {
        switch self {
        case .conflict, .webhook: .conflict
        case .tokenRefused: .failed
        default: .connecting
        }
    }

    /// What is wrong and what to do, in one sentence for the owner.
    var sentence: String {
        switch self {
        case .network: "Telegram cannot be reached: check this machine's network; mybot keeps trying"
        case .untrusted:
            "Telegram's certificate cannot be trusted: check network.caFile and this machine's clock; mybot keeps trying"
        case .server: "Telegram has trouble of its own; mybot keeps trying"
        case .unreadable, .tooLarge:
            "what answers at telegram.apiBaseURL is not the Bot API: check it and network.proxy; mybot keeps trying"
        case .flood: "Telegram asks to wait; mybot goes on when the time is over"
        case .conflict:
            "another program receives this bot's messages: stop it, or give one of the two a token of its own"
        case .webhook:
            "another program keeps setting a webhook for this bot: stop it, or give one of the two a token of its own"
        case .tokenRefused: TelegramError.tokenRefused.description
        case .unknownToken: "Telegram does not find this bot any more; mybot asks again"
        case .refused: "Telegram refuses to hand out messages; mybot keeps trying"
        case .store: "the place in the stream of messages cannot be read from the database; mybot keeps trying"
        }
    }

    /// Whether the two are one and the same trouble going on.
    func isSameKind(as other: PollTrouble) -> Bool {
        if case .flood = self, case .flood = other { return true }
        return self == other
    }
}
