package import BotCore

extension TelegramPlatform {
    /// Shorter than for other calls: what nobody waits for any more need not be told.
    private static let deadline = Duration.seconds(5)

    /// See `ChatTransport`. A press that Telegram finds too old to answer is as good as answered.
    package func answerPress(_ press: String, notice: String?, at address: ReplyAddress) async throws(DeliveryError) {
        let text = notice.map { String($0.unicodeScalars.prefix(AnswerCallbackQuery.longestText)) }
        try await call(AnswerCallbackQuery(queryID: press, text: text), .press)
    }

    package func removeButtons(from message: String, at address: ReplyAddress) async throws(DeliveryError) {
        guard let place = TelegramAddress(address), let id = Int64(message) else {
            throw .refused("not a message of this platform")
        }
        try await call(RemoveKeyboard(chatID: place.chat, messageID: id), .edit)
    }

    /// See `ChatTransport`: an eye on the message. Groups may allow no reactions, or not this one; then there is none.
    package func showWaiting(
        _ isWaiting: Bool, on message: String, at address: ReplyAddress
    ) async throws(DeliveryError) {
        guard let place = TelegramAddress(address), let id = Int64(message) else {
            throw .refused("not a message of this platform")
        }
        let reaction = isWaiting ? [SetMessageReaction.Emoji(emoji: "\u{1F440}")] : []
        try await call(SetMessageReaction(chatID: place.chat, messageID: id, reaction: reaction), .edit)
    }

    private func call(_ call: some TelegramCall, _ attempt: ErrorClassifier.Attempt) async throws(DeliveryError) {
        do throws(CallFailure) {
            _ = try await api.call(call, deadline: Self.deadline)
        } catch {
            if let problem = ErrorClassifier.deliveryError(for: error, in: attempt) { throw problem }
        }
    }
}
