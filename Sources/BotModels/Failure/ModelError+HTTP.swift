import BotCore
import BotHTTP

extension ModelError {
    /// The class of whatever a request threw.
    init(_ error: any Error) {
        switch error {
        case let error as ModelError: self = error
        case let error as HTTPError: self.init(error)
        case let error as AnswerStream.TimedOut: self = .timedOut("no \(error.what) in time")
        case AnswerFailure.malformed(let what): self = .badRequest("the answer cannot be read: \(what)")
        case is CancellationError: self = .cancelled
        default: self = .network("\(type(of: error))")
        }
    }

    /// The class of a request without an answer.
    init(_ error: HTTPError) {
        switch error {
        case .cancelled, .shutDown: self = .cancelled
        case .timedOut(.connect): self = .network("no connection in time", wasSent: false)
        case .timedOut(let phase): self = .timedOut("no answer in time (\(phase.rawValue))")
        case .nameNotResolved(let why), .cannotConnect(let why): self = .network(why, wasSent: false)
        case .connectionLost(let why): self = .network(why)
        // What the owner has to mend: waiting does not.
        case .invalidURL(let why), .untrusted(let why): self = .badRequest(why)
        case .tooLarge(let limit): self = .badRequest("the answer has more than \(limit) bytes")
        }
    }
}
