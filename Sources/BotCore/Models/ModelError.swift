/// Why there was no completion, in the classes that callers and people can act on. The texts are for the log.
package enum ModelError: Error, Sendable, Equatable {
    case cancelled
    /// The key is missing, wrong or not allowed to use the model.
    case unauthorized(String)
    /// The account has no money or quota left.
    case quotaExceeded(String)
    /// Too many requests; the provider may have said for how long.
    case rateLimited(retryAfter: Duration?, String)
    /// The provider is overloaded or failing (5xx).
    case unavailable(retryAfter: Duration?, String)
    /// The prompt is longer than the model's window.
    case contextTooLong(String)
    /// The model does not exist there.
    case unknownModel(String)
    /// The provider refused the request for another reason.
    case badRequest(String)
    /// No connection, or it broke before any text had come. `wasSent` false: the request surely never reached the server.
    case network(String, wasSent: Bool = true)
    /// Nothing came in time.
    case timedOut(String)
    /// The answer held no text.
    case emptyAnswer(String)
    /// The answer was all reasoning and held no text: its longest length may have been used up by it.
    case onlyReasoning(String)
    /// It was not asked at that moment, since it might have cost more than was left of a budget.
    case overBudget(BudgetUse, at: Timestamp)
}
