import BotCore
import BotSessions

/// Decides which replies to the bot's own messages quote these: those to which the model would not see what they reply to.
///
/// It is decided once, when the turn begins, and stored with the words: what an earlier message says never changes.
struct OwnQuotes: Sendable {
    let services: ConversationServices

    /// The messages of a question without the quotes of what the context shows anyway, and without the codes of invites: these go to no model.
    ///
    /// A conversation that has not begun shows nothing: a new thread, or that of a person who replies to what another was told.
    func settled(
        _ bodies: [InboundEvent.Body], in conversation: ConversationKey
    ) async throws(StoreError) -> [InboundEvent.Body] {
        let quoted = Set(bodies.compactMap { $0.message?.quoted?.ownMessage })
        guard !quoted.isEmpty, let session = try await services.sessions.session(of: conversation) else {
            return bodies.map { $0.settled(without: []) }
        }
        let question = QuestionText.compose(bodies.map { $0.settled(without: quoted) })
        let model = ContextModel(services.models.provider(of: session))
        var shown: Set<String> = []
        for message in quoted
        where try await services.sessions.shows(
            answerStandingAs: message, in: session, before: question, to: model)
        {
            shown.insert(message)
        }
        return bodies.map { $0.settled(without: shown) }
    }
}

extension InboundEvent.Body {
    /// The same, where it quotes the bot itself: without that for these messages, else with what may be quoted.
    fileprivate func settled(without messages: Set<String>) -> InboundEvent.Body {
        guard case .message(var message) = self, let quote = message.quoted, let own = quote.ownMessage else {
            return self
        }
        message.quoted =
            messages.contains(own)
            ? nil
            : InboundEvent.Quote(
                speaker: quote.speaker, text: PairingCode.masked(in: quote.text), medium: quote.medium,
                attachments: quote.attachments ?? [], ownMessage: own)
        return .message(message)
    }
}
