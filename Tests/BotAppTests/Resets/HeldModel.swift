import BotCore
import BotTestSupport

/// A model whose pieces and ends come when a turnstile lets them; it keeps what it was asked. Every second call does not heed being
/// cancelled: its answer comes late.
final class HeldModel: ModelProvider {
    let name: String
    let isLanguageModel = true
    private let turnstile: Turnstile
    private let pieces: @Sendable (CompletionRequest) -> [String]
    private let asked = Lock<[CompletionRequest]>([])

    init(_ name: String, _ turnstile: Turnstile, pieces: @escaping @Sendable (CompletionRequest) -> [String]) {
        self.name = name
        self.turnstile = turnstile
        self.pieces = pieces
    }

    var requests: [CompletionRequest] { asked.withLock { $0 } }

    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let isStubborn = asked.withLock { asked in
            asked.append(request)
            return asked.count % 2 == 0
        }
        let pieces = pieces(request)
        for piece in pieces {
            await turnstile.pass(60)
            if Task.isCancelled, !isStubborn { throw .cancelled }
            await onText(piece)
        }
        await turnstile.pass(90)
        if Task.isCancelled, !isStubborn { throw .cancelled }
        return Completion(
            text: pieces.joined(), finishReason: .stop, usage: TokenUsage(promptTokens: 10, completionTokens: 5),
            model: "\(name)/test")
    }
}

/// A platform whose requests begin and end when a turnstile lets them.
final class HeldTransport: ChatTransport {
    let base: RecordingTransport
    private let turnstile: Turnstile

    init(_ base: RecordingTransport, _ turnstile: Turnstile) {
        self.base = base
        self.turnstile = turnstile
    }

    var platform: Platform { base.platform }
    func render(_ reply: String) -> [RenderedChunk] { base.render(reply) }
    func renderPreview(_ partialReply: String) -> [RenderedChunk] { base.renderPreview(partialReply) }
    func address(of conversation: ConversationKey) -> ReplyAddress? { base.address(of: conversation) }
    func previewStyle(at address: ReplyAddress) -> PreviewStyle { base.previewStyle(at: address) }
    func typingInterval(at address: ReplyAddress) -> Duration? { base.typingInterval(at: address) }
    func repeatsAreHarmless(since firstAttempt: Duration) -> Bool { base.repeatsAreHarmless(since: firstAttempt) }

    func send(
        _ chunk: RenderedChunk, to address: ReplyAddress, nonce: String, isFirst: Bool
    ) async throws(DeliveryError) -> String? {
        let message = try await base.send(chunk, to: address, nonce: nonce, isFirst: isFirst)
        await turnstile.pass(60)
        return message
    }

    func edit(_ message: String, to chunk: RenderedChunk, at address: ReplyAddress) async throws(DeliveryError) {
        try await base.edit(message, to: chunk, at: address)
        await turnstile.pass(60)
    }

    func remove(_ message: String, at address: ReplyAddress) async throws(DeliveryError) {
        try await base.remove(message, at: address)
    }

    func showDraft(_ chunk: RenderedChunk, turn: TurnID, at address: ReplyAddress) async throws(DeliveryError) {
        try await base.showDraft(chunk, turn: turn, at: address)
    }

    func administers(_ person: Speaker, _ scope: ChatScope) async throws(DeliveryError) -> Bool {
        try await base.administers(person, scope)
    }

    func showTyping(at address: ReplyAddress) async throws(DeliveryError) { try await base.showTyping(at: address) }
}
