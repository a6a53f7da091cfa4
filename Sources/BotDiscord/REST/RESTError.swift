import BotCore

/// Why a request to Discord's REST API did not do what it should.
enum RESTError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Not before the span is over; `everywhere` when that holds for all requests.
    case rateLimited(retryAfter: Duration, everywhere: Bool)
    /// Discord answered with an error: HTTP status, Discord's code (0 when it gave none) and its words.
    case refused(status: Int, code: Int, message: String)
    /// It surely did not get there, or Discord failed before doing anything; or it failed at what may be done twice.
    case notSent(String)
    /// It may have been done: no answer came, or one that leaves it open.
    case outcomeUnknown(String)
    /// The token is refused: nothing is sent any more.
    case unauthorized
    /// Discord answered something that cannot be read.
    case unreadable(String)
    case cancelled

    var description: String {
        switch self {
        case .rateLimited(let span, let everywhere):
            "rate limited for \(span.inSeconds) s\(everywhere ? " everywhere" : "")"
        case .refused(let status, let code, let message): "HTTP \(status), code \(code): \(message)"
        case .notSent(let reason), .outcomeUnknown(let reason), .unreadable(let reason): reason
        case .unauthorized: "Discord refused the bot token"
        case .cancelled: "cancelled"
        }
    }
}
