/// What is known of a model.
package struct ModelTraits: Sendable, Equatable {
    /// The most tokens of a prompt and its answer together; nil when nobody knows.
    package var contextWindow: Int?
    /// The most tokens of an answer; nil when nobody knows.
    package var maxOutputTokens: Int?
    /// Whether it takes images.
    package var seesImages: Bool
    /// Whether it calls tools.
    package var callsTools: Bool

    package init(
        contextWindow: Int? = nil, maxOutputTokens: Int? = nil, seesImages: Bool = false, callsTools: Bool = false
    ) {
        self.contextWindow = contextWindow
        self.maxOutputTokens = maxOutputTokens
        self.seesImages = seesImages
        self.callsTools = callsTools
    }
}

/// A source of completions.
package protocol ModelProvider: Sendable {
    /// The provider's name, as `openai`.
    var name: String { get }

    /// Whether its answers are those of a language model. The offline responder's are not, and never enter the context of one.
    var isLanguageModel: Bool { get }

    /// What is known of the model that answers next. The server is asked once, and a few seconds at most.
    func traits() async -> ModelTraits

    /// The provider for the requests of one turn: one that has taken another's place keeps it until the turn ends.
    func forOneTurn() -> any ModelProvider

    /// Streams a completion. `onText` is called with each piece of text in order; the returned completion holds all of it.
    ///
    /// Cancelling the task closes the connection at once. A stream that is cut after text has come returns what there
    /// is with `.cut`; an error is thrown only when no text has come.
    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion
}

extension ModelProvider {
    /// Of most models that are none, nothing is known.
    package func traits() async -> ModelTraits { ModelTraits() }
    package func forOneTurn() -> any ModelProvider { self }
}
