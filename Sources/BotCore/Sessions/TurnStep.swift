/// What a running turn adds to the log before its answer: the tools that the model calls, before they are called, or the result of one.
///
/// So a turn that is cut off never calls a tool twice: begun again, it finds what it had called.
package struct TurnStep: Sendable, Equatable {
    /// A message of the assistant with calls, or of a tool.
    package let message: MessageDraft
    /// What the request that brought the calls has cost; nil for results, and where no provider said.
    package let cost: RequestCost?

    package init(message: MessageDraft, cost: RequestCost? = nil) {
        self.message = message
        self.cost = cost
    }
}

/// What one request to a model has cost.
package struct RequestCost: Sendable, Equatable {
    package let usage: TokenUsage
    /// The prompt's tokens as they were counted before it was sent (see `TokenReport.counted`); nil when that was not done.
    package let counted: Int?
    package let model: String?
    /// The platform's id of the person who asked, in shared chats; nil where it does not matter.
    package let person: String?

    package init(usage: TokenUsage, counted: Int?, model: String?, person: String?) {
        self.usage = usage
        self.counted = counted
        self.model = model
        self.person = person
    }
}

/// What became of a step.
package enum StepCommit: Sendable, Equatable {
    /// It stands in the log.
    case appended(session: Session, message: SessionMessage)
    /// A reset came first, or the turn has ended: nothing was added; the tokens were booked.
    case superseded
}
