import BotCore

extension DeliveryError {
    enum Kind: Sendable, Equatable {
        case rateLimited, notSent, outcomeUnknown, markupRefused, messageMissing, previewUnsupported, chatUnavailable
        case chatGone, chatMoved, refused, linkDown, cancelled
    }

    var kind: Kind {
        switch self {
        case .rateLimited: .rateLimited
        case .notSent: .notSent
        case .outcomeUnknown: .outcomeUnknown
        case .markupRefused: .markupRefused
        case .messageMissing: .messageMissing
        case .previewUnsupported: .previewUnsupported
        case .chatUnavailable: .chatUnavailable
        case .chatGone: .chatGone
        case .chatMoved: .chatMoved
        case .refused: .refused
        case .linkDown: .linkDown
        case .cancelled: .cancelled
        }
    }
}
