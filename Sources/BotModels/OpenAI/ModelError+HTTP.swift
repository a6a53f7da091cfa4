import BotCore
import BotHTTP

extension ModelError {
    /// The class of whatever a request threw.
    init(_ error: any Error) {
        switch error {
        case let error as ModelError: self = error
        case let error as HTTPError: self.init(error)
        case is CancellationError: self = .cancelled
        default: self = .network("\(error)")
        }
    }

    /// The class of a request without an answer.
    init(_ error: HTTPError) {
        switch error {
        case .cancelled, .shutDown: self = .cancelled
        case .timedOut(.firstByte), .timedOut(.total), .timedOut(.idle): self = .timedOut("\(error)")
        case .tooLarge: self = .badRequest("the answer is too large")
        case .invalidURL, .nameNotResolved, .cannotConnect, .untrusted, .timedOut(.connect), .connectionLost:
            self = .network("\(error)")
        }
    }
}
