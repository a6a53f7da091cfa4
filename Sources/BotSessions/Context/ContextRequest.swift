package import BotCore

/// What a context is asked for.
package struct ContextRequest: Sendable, Equatable {
    package var session: SessionID
    /// The most messages of the log that are shown, from 1 to 1000; nil takes `contextMaxMessages`.
    package var maxMessages: Int?
    /// The number of the message that the context ends with: a turn's own. Nil takes the newest.
    package var through: Int64?
    /// What the turn has added to the log since: it is shown behind that message, whatever else stands between them.
    package var steps: [SessionMessage]
    /// The part of the token limit that may be used, from 0 to 1: less, to ask again when a model finds the prompt too long.
    package var share: Double
    /// When the model is asked: it is told at the end of the newest message of the user. Nil tells nothing.
    package var moment: Timestamp?
    /// The model that will be asked; nil takes the manager's own.
    package var model: ContextModel?

    package init(
        session: SessionID, maxMessages: Int? = nil, through: Int64? = nil, steps: [SessionMessage] = [],
        share: Double = 1, moment: Timestamp? = nil, model: ContextModel? = nil
    ) {
        self.steps = steps
        self.model = model
        self.session = session
        self.maxMessages = maxMessages
        self.through = through
        self.share = share
        self.moment = moment
    }
}

/// What a context depends on of the model that it is for.
package struct ContextModel: Sendable, Equatable {
    /// As `openai/gpt-5`: decides how tokens are counted.
    package let name: String
    package let isLanguageModel: Bool

    package init(_ provider: any ModelProvider) {
        name = provider.name
        isLanguageModel = provider.isLanguageModel
    }
}
