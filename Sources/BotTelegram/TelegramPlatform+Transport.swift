package import BotCore

extension TelegramPlatform: ChatTransport {
    package var platform: Platform { .telegram }

    package func render(_ reply: String) -> [RenderedChunk] { ReplyLayout().messages(of: reply) }

    package func renderPreview(_ partialReply: String) -> [RenderedChunk] { ReplyLayout().preview(of: partialReply) }

    package func address(of conversation: ConversationKey) -> ReplyAddress? {
        guard conversation.platform == .telegram, let chat = Int64(conversation.chat) else { return nil }
        // Ids of people are positive, those of groups and channels are not (Bot API, "Chat").
        return TelegramAddress(chat: chat, thread: conversation.thread.flatMap { Int64($0) }, isPrivate: chat > 0)
            .encoded
    }

    package func previewStyle(at address: ReplyAddress) -> PreviewStyle {
        guard configuration.streaming != .off, let place = TelegramAddress(address) else { return .off }
        // Telegram allows about one message a second in a chat and twenty a minute in a group, edits included.
        guard place.isPrivate else { return .edit(interval: .seconds(3), perMinute: 20) }
        if configuration.streaming == .auto, draftSupport.isPossible(in: place.chat) {
            return .draft(interval: .milliseconds(700), hasPlaceholder: draftSupport.hasPlaceholder)
        }
        return .edit(interval: .milliseconds(1200))
    }

    package func send(
        _ chunk: RenderedChunk, to address: ReplyAddress, nonce: String, isFirst: Bool
    ) async throws(DeliveryError) -> String? {
        let place = try place(address)
        let reply = isFirst && !place.isPrivate ? place.replyTo.map(ReplyParameters.init(messageID:)) : nil
        if let file = chunk.file {
            let document = SendDocument(
                chatID: place.chat, threadID: place.thread, caption: chunk.text,
                captionEntities: chunk.telegramEntities, replyParameters: reply,
                replyMarkup: InlineKeyboard(chunk.buttons))
            return try await deliver(.send) { () async throws(CallFailure) in
                try await api.upload(document, file, as: "document", deadline: .seconds(60))
            }.map { "\($0.messageID)" }
        }
        let message = SendMessage(
            chatID: place.chat, threadID: place.thread, text: chunk.text, entities: chunk.telegramEntities,
            replyParameters: reply, replyMarkup: InlineKeyboard(chunk.buttons))
        return try await deliver(message, .send).map { "\($0.messageID)" }
    }

    package func edit(
        _ message: String, to chunk: RenderedChunk, at address: ReplyAddress
    ) async throws(DeliveryError) {
        let place = try place(address)
        guard let id = Int64(message) else { throw .messageMissing("not an id of this platform") }
        if chunk.file != nil { throw .messageMissing("a file is a message of its own") }
        let edit = EditMessageText(
            chatID: place.chat, messageID: id, text: chunk.text, entities: chunk.telegramEntities,
            replyMarkup: InlineKeyboard(chunk.buttons))
        _ = try await deliver(edit, .edit)
    }

    package func remove(_ message: String, at address: ReplyAddress) async throws(DeliveryError) {
        let place = try place(address)
        guard let id = Int64(message) else { return }
        _ = try await deliver(DeleteMessage(chatID: place.chat, messageID: id), .remove)
    }

    package func showDraft(
        _ chunk: RenderedChunk, turn: TurnID, at address: ReplyAddress
    ) async throws(DeliveryError) {
        let place = try place(address)
        guard place.isPrivate else { throw .previewUnsupported("drafts are for private chats") }
        let draft = SendMessageDraft(
            chatID: place.chat, threadID: place.thread, draftID: turn.rawValue, text: chunk.text,
            entities: chunk.telegramEntities)
        do throws(CallFailure) {
            _ = try await api.call(draft, deadline: .seconds(15))
        } catch {
            guard let problem = ErrorClassifier.deliveryError(for: error, in: .draft) else { return }
            // An older server wants a text; one that knows no drafts at all, or not in this chat, says something else.
            if chunk.isNothing, case .refused(let refusal) = error, refusal.code == 400,
                case .refused(let words) = problem
            {
                draftSupport.placeholderIsRefused()
                throw .previewUnsupported(words)
            }
            if case .previewUnsupported = problem {
                if case .refused(let refusal) = error, refusal.code == 404 {
                    draftSupport.isUnknownToServer()
                } else {
                    draftSupport.isRefused(in: place.chat)
                }
            }
            throw problem
        }
    }

    package func showTyping(at address: ReplyAddress) async throws(DeliveryError) {
        let place = try place(address)
        _ = try await deliver(SendChatAction(chatID: place.chat, threadID: place.thread), .typing)
    }

    package func startLink(with code: String) -> String? {
        identity.map { "https://t.me/\($0.username)?start=\(code)" }
    }

    package func typingInterval(at address: ReplyAddress) -> Duration? { .seconds(4) }

    package func repeatsAreHarmless(since firstAttempt: Duration) -> Bool { false }

    /// Messages have other ids there, so that the answer replies to none.
    package func address(_ address: ReplyAddress, in newChat: String) -> ReplyAddress {
        guard let place = TelegramAddress(address), let chat = Int64(newChat) else { return address }
        return TelegramAddress(chat: chat, thread: place.thread, isPrivate: place.isPrivate).encoded
    }

    private func place(_ address: ReplyAddress) throws(DeliveryError) -> TelegramAddress {
        guard let place = TelegramAddress(address) else { throw .refused("not an address of this platform") }
        return place
    }

    /// Calls a method; nil when Telegram says that all is as it should be already.
    private func deliver<Call: TelegramCall>(
        _ call: Call, _ attempt: ErrorClassifier.Attempt
    ) async throws(DeliveryError) -> Call.Answer? {
        try await deliver(attempt) { () async throws(CallFailure) in try await api.call(call, deadline: .seconds(30)) }
    }

    private func deliver<Answer>(
        _ attempt: ErrorClassifier.Attempt, _ call: () async throws(CallFailure) -> Answer
    ) async throws(DeliveryError) -> Answer? {
        do throws(CallFailure) {
            return try await call()
        } catch {
            guard let problem = ErrorClassifier.deliveryError(for: error, in: attempt) else { return nil }
            throw problem
        }
    }
}
