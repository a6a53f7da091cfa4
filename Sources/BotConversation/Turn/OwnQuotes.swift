import BotCore
import BotSessions

/// Decides which replies to the bot's own messages quote these: all but replies to the last answer, which is what every question is about.
///
/// It is decided once, when the turn begins, and stored with the words: what an earlier message says never changes.
struct OwnQuotes: Sendable {
    /// So many messages back the last answer is looked for; behind tools that were used as often since, it is quoted.
    private static let depth = 64

    let services: ConversationServices

    /// The messages of a question without the quotes of the last answer, and without the codes of invites: these go to no model.
    ///
    /// A conversation that has not begun has none: a new thread, or that of a person who replies to what another was told.
    ///
    /// - Parameter isEdit: whether they take the place of the newest question: the last answer is then the one before that.
    func settled(
        _ bodies: [InboundEvent.Body], in conversation: ConversationKey, isEdit: Bool
    ) async throws(StoreError) -> [InboundEvent.Body] {
        let quoted = Set(bodies.compactMap { $0.message?.quoted?.ownMessage })
        guard !quoted.isEmpty, let session = try await services.sessions.session(of: conversation) else {
            return bodies.map { $0.settled(without: []) }
        }
        let last = try await lastAnswer(of: session.id, isEdit: isEdit)
        var known: Set<String> = []
        for message in quoted {
            let answer = try await services.store.answer(standingAs: message, in: session.id)
            if let answer, answer.seq == last { known.insert(message) }
        }
        return bodies.map { $0.settled(without: known) }
    }

    private func lastAnswer(of session: SessionID, isEdit: Bool) async throws(StoreError) -> Int64? {
        var newest = try await services.store.newestMessages(of: session, limit: Self.depth)[...]
        if isEdit, let question = newest.lastIndex(where: { $0.role == .user }) { newest = newest[..<question] }
        return newest.last { $0.role == .assistant }?.seq
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
