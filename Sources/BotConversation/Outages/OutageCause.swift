import BotCore

/// Why a model does not answer, as far as its owner has to know.
enum OutageCause: String, Sendable, Codable {
    case unauthorized, quotaExceeded, unknownModel
    case rateLimited, unavailable, badRequest, network, timedOut

    /// Nil for what says nothing about the provider.
    init?(_ error: ModelError) {
        switch error {
        case .unauthorized: self = .unauthorized
        case .quotaExceeded: self = .quotaExceeded
        case .unknownModel: self = .unknownModel
        case .rateLimited: self = .rateLimited
        case .unavailable: self = .unavailable
        case .badRequest: self = .badRequest
        case .network: self = .network
        case .timedOut: self = .timedOut
        case .cancelled, .contextTooLong, .emptyAnswer, .onlyReasoning, .overBudget: return nil
        }
    }

    /// Whether it lasts until the owner has mended it. The others may pass in a moment.
    var needsTheOwner: Bool {
        switch self {
        case .unauthorized, .quotaExceeded, .unknownModel: true
        case .rateLimited, .unavailable, .badRequest, .network, .timedOut: false
        }
    }
}
