import BotCore
import BotWeb

/// The terminal as a platform: replies go to the terminals that listen, and wait in the outbox while none does.
struct TerminalTransport: ChatTransport {
    /// The one conversation of the terminal.
    static let conversation = ConversationKey(platform: .terminal, account: "local", chat: "terminal")
    static let address = ReplyAddress(rawValue: "terminal")

    let hub: TerminalHub

    var platform: Platform { .terminal }

    func render(_ reply: String) -> [RenderedChunk] {
        let text = reply.trimmingBlanks()
        return text.isEmpty ? [] : [RenderedChunk(text: text)]
    }

    func renderPreview(_ partialReply: String) -> [RenderedChunk] {
        partialReply.trimmingBlanks().isEmpty ? [] : [RenderedChunk(text: partialReply)]
    }

    func address(of conversation: ConversationKey) -> ReplyAddress? {
        conversation == Self.conversation ? Self.address : nil
    }

    func previewStyle(at address: ReplyAddress) -> PreviewStyle { .draft(interval: .milliseconds(80)) }

    func send(
        _ chunk: RenderedChunk, to address: ReplyAddress, nonce: String, isFirst: Bool
    ) async throws(DeliveryError) -> String? {
        // A terminal has no files: it shows what is in them.
        let text = chunk.file.map { "\(chunk.text)\n\n\($0.content)" } ?? chunk.text
        guard hub.show(ChatEvent(kind: .message, text: text)) else {
            throw .linkDown("no terminal is connected")
        }
        return nil
    }

    func edit(_ message: String, to chunk: RenderedChunk, at address: ReplyAddress) async throws(DeliveryError) {
        throw .messageMissing("a terminal's lines cannot be edited")
    }

    func remove(_ message: String, at address: ReplyAddress) async throws(DeliveryError) {
        throw .messageMissing("a terminal's lines cannot be taken away")
    }

    func showDraft(_ chunk: RenderedChunk, turn: TurnID, at address: ReplyAddress) async throws(DeliveryError) {
        _ = hub.show(ChatEvent(kind: .draft, text: chunk.text))
    }

    func showTyping(at address: ReplyAddress) async throws(DeliveryError) {
        _ = hub.show(ChatEvent(kind: .typing))
    }

    /// Nobody shares the terminal.
    func administers(_ person: Speaker, _ scope: ChatScope) async throws(DeliveryError) -> Bool { false }

    func typingInterval(at address: ReplyAddress) -> Duration? { nil }

    /// A message that was handed to a terminal before a crash was shown: nobody sees it twice.
    func repeatsAreHarmless(since firstAttempt: Duration) -> Bool { true }
}
