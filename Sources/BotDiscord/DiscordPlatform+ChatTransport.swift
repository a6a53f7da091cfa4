package import BotCore

extension DiscordPlatform: ChatTransport {
    /// Edits of one message are limited to about five in five seconds; this leaves room for the final text.
    private static let previewInterval = Duration.milliseconds(1300)
    /// Typing is shown for ten seconds (Channel Resource, "Trigger Typing Indicator").
    private static let typingInterval = Duration.seconds(8)

    package var platform: Platform { .discord }

    package func render(_ reply: String) -> [RenderedChunk] { DiscordRenderer.render(reply) }

    package func renderPreview(_ partialReply: String) -> [RenderedChunk] {
        DiscordRenderer.renderPreview(partialReply)
    }

    package func address(of conversation: ConversationKey) -> ReplyAddress? {
        guard conversation.platform == .discord else { return nil }
        return DiscordAddress(channel: conversation.chat, replyTo: nil, interaction: nil).encoded
    }

    package func previewStyle(at address: ReplyAddress) -> PreviewStyle {
        // What one person alone sees is an answer of the bot itself, which comes whole.
        guard configuration.streaming != .off, let address = DiscordAddress(address),
            address.interaction?.isPrivate != true
        else { return .off }
        return .edit(interval: Self.previewInterval)
    }

    package func send(
        _ chunk: RenderedChunk, to address: ReplyAddress, nonce: String, isFirst: Bool
    ) async throws(DeliveryError) -> String? {
        try await sender.send(
            chunk.text, buttons: chunk.buttons, file: chunk.file, to: known(address), nonce: nonce, isFirst: isFirst)
    }

    package func edit(
        _ message: String, to chunk: RenderedChunk, at address: ReplyAddress
    ) async throws(DeliveryError) {
        try await sender.edit(message, to: chunk.text, buttons: chunk.buttons, at: known(address))
    }

    package func remove(_ message: String, at address: ReplyAddress) async throws(DeliveryError) {
        try await sender.remove(message, at: known(address))
    }

    /// Discord has no drafts.
    package func showDraft(
        _ chunk: RenderedChunk, turn: TurnID, at address: ReplyAddress
    ) async throws(DeliveryError) {
        throw .previewUnsupported("Discord has no drafts")
    }

    package func showTyping(at address: ReplyAddress) async throws(DeliveryError) {
        try await sender.showTyping(at: known(address))
    }

    package func typingInterval(at address: ReplyAddress) -> Duration? {
        guard let address = DiscordAddress(address), address.interaction == nil else { return nil }
        return Self.typingInterval
    }

    package func awaitsAnswer(at address: ReplyAddress) -> Bool { DiscordAddress(address)?.interaction != nil }

    package func repeatsAreHarmless(since firstAttempt: Duration) -> Bool {
        firstAttempt < DiscordSender.nonceLifetime
    }

    package func repeatIsHarmless(at address: ReplyAddress, isFirst: Bool, since firstAttempt: Duration) -> Bool {
        guard let address = DiscordAddress(address) else { return false }
        return sender.repeatIsHarmless(at: address, isFirst: isFirst, since: firstAttempt)
    }

    func known(_ address: ReplyAddress) throws(DeliveryError) -> DiscordAddress {
        guard let address = DiscordAddress(address) else { throw .refused("the address is not one of Discord") }
        return address
    }
}
