import BotCore

/// Says in one plain sentence or two what went wrong with a turn and what to do: never anything internal.
enum FailureSentence {
    /// What is said when the bot itself broke down on a message again and again.
    static let setAside = """
        Sorry, something went wrong with this message several times, so I have put it aside. \
        Please ask in another way.
        """
    static let emptyAnswer = "The model gave an empty answer. Please ask again, perhaps in other words."
    static let onlyReasoning = """
        The model has used up its whole answer for thinking and said nothing. Please ask again, perhaps for less at once; \
        the owner can allow longer answers (model.maxOutputTokens).
        """
    static let onlyTools = """
        The model has looked things up again and again and come to no answer. Please ask again, perhaps for less at once.
        """
    static let refused = "The model's provider refused to answer this. Please ask in another way."
    static let deadline = "The model took too long, so I have stopped it. Please ask again, perhaps for less at once."

    static func text(for error: ModelError) -> String {
        switch error {
        case .cancelled:
            "The answer was broken off. Please ask again."
        case .unauthorized:
            "I cannot answer: the model's service does not accept my key. The owner has to check it in the configuration."
        case .quotaExceeded:
            "I cannot answer: the account at the model's service has nothing left. The owner has to top it up."
        case .rateLimited(let retryAfter, _):
            "The model's service gets too many requests. Please ask again \(wait(retryAfter))."
        case .unavailable(let retryAfter, _):
            "The model's service is overloaded or down. Please ask again \(wait(retryAfter))."
        case .contextTooLong:
            "This is too long for the model. Please send less at once, or start afresh with /reset."
        case .unknownModel:
            "I cannot answer: the model that is set up does not exist. The owner has to choose another one."
        case .badRequest:
            "The model's service did not take this request. Please ask in another way, or start afresh with /reset."
        case .network:
            "I could not reach the model's service. Please ask again in a minute."
        case .timedOut:
            "The model did not answer in time. Please ask again in a minute."
        case .emptyAnswer:
            emptyAnswer
        case .onlyReasoning:
            onlyReasoning
        case .overBudget(let use, let moment):
            BudgetText.refusal(use, at: moment)
        }
    }

    /// Why a provider did not answer, in a few words.
    static func reason(for error: ModelError) -> String {
        switch error {
        case .cancelled: "was broken off"
        case .unauthorized: "does not accept its key"
        case .quotaExceeded: "has no quota left"
        case .rateLimited: "gets too many requests"
        case .unavailable: "is overloaded or down"
        case .contextTooLong, .badRequest: "did not take the request"
        case .unknownModel: "does not exist"
        case .network: "cannot be reached"
        case .timedOut: "did not answer in time"
        case .emptyAnswer, .onlyReasoning: "said nothing"
        case .overBudget: "is beyond what may be spent"
        }
    }

    private static func wait(_ span: Duration?) -> String {
        guard let seconds = span?.components.seconds, seconds > 60 else { return "in a minute" }
        return "in \((seconds + 59) / 60) minutes"
    }
}
