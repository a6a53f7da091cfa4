/// What a platform can do for delivery. Implementations render and talk to the platform; they do not wait, retry, pace or
/// store: the delivery engine does that, the same for all platforms.
package protocol ChatTransport: Sendable {
    var platform: Platform { get }

    /// Splits a reply, written in Markdown, into messages that are legal on the platform, in order. Pure.
    ///
    /// A text without anything visible gives an empty list.
    func render(_ reply: String) -> [RenderedChunk]

    /// What of an unfinished reply is shown in its preview: messages that are legal, without open markup, cut where those of
    /// the whole reply will be as far as that is known. None has a file. Pure; empty when there is nothing to show yet.
    func renderPreview(_ partialReply: String) -> [RenderedChunk]

    /// Where something goes that answers nothing; nil when the conversation is none of this platform's.
    func address(of conversation: ConversationKey) -> ReplyAddress?

    /// How previews are shown at an address.
    func previewStyle(at address: ReplyAddress) -> PreviewStyle

    /// Sends a new message and returns its id (nil where the platform has none).
    ///
    /// - Parameter nonce: the row's own; a platform that knows nonces makes one message however often it is sent.
    /// - Parameter isFirst: whether this is the first message of the answer, which replies to the question.
    func send(
        _ chunk: RenderedChunk, to address: ReplyAddress, nonce: String, isFirst: Bool
    ) async throws(DeliveryError) -> String?

    /// Replaces the text of a message that was sent before.
    func edit(_ message: String, to chunk: RenderedChunk, at address: ReplyAddress) async throws(DeliveryError)

    /// Takes a message away that was sent before. One that is gone already counts as taken away.
    func remove(_ message: String, at address: ReplyAddress) async throws(DeliveryError)

    /// Shows an ephemeral draft (Telegram `sendMessageDraft`); only where `previewStyle` is `.draft`. An empty chunk shows the
    /// platform's sign that the answer is being thought about.
    func showDraft(_ chunk: RenderedChunk, turn: TurnID, at address: ReplyAddress) async throws(DeliveryError)

    /// Shows that the bot is typing.
    func showTyping(at address: ReplyAddress) async throws(DeliveryError)

    /// How often `showTyping` has to be repeated while a reply is being made; nil where nothing is shown.
    func typingInterval(at address: ReplyAddress) -> Duration?

    /// Answers the press of a button, so that the person's client waits no longer. It takes 5 s at most.
    ///
    /// - Parameters:
    ///   - press: the platform's id of the press.
    ///   - notice: a short sentence for the person alone, at most 200 characters; nil says nothing.
    func answerPress(_ press: String, notice: String?, at address: ReplyAddress) async throws(DeliveryError)

    /// Takes the buttons off a message and leaves its text. It takes 5 s at most.
    func removeButtons(from message: String, at address: ReplyAddress) async throws(DeliveryError)

    /// Shows on a person's message that it waits for its turn, or takes that sign away; both may be repeated. It takes 5 s at most.
    /// A platform without such a sign does nothing.
    func showWaiting(_ isWaiting: Bool, on message: String, at address: ReplyAddress) async throws(DeliveryError)

    /// Whether the person is shown that an answer comes, for as long as none does: then one has to come, even where silence is meant.
    func awaitsAnswer(at address: ReplyAddress) -> Bool

    /// Whether a doubtful first send may simply be repeated, because the nonce makes the platform return the first
    /// message. Where it is false, the repeat is labelled as a possible one.
    func repeatsAreHarmless(since firstAttempt: Duration) -> Bool

    /// The same for one message of an answer, where not every kind of message carries its nonce. Unless a platform says
    /// otherwise it is the same for all.
    func repeatIsHarmless(at address: ReplyAddress, isFirst: Bool, since firstAttempt: Duration) -> Bool

    /// Whether a person is an administrator of a shared chat, asked of the platform each time. It takes 5 s at most.
    ///
    /// - Throws: when the platform did not say.
    func administers(_ person: Speaker, _ scope: ChatScope) async throws(DeliveryError) -> Bool

    /// The private chat with somebody, opened if there is none yet; nil where a bot cannot begin one. It takes 5 s at most.
    ///
    /// - Throws: when the platform did not open it.
    func openPrivateChat(with person: String) async throws(DeliveryError) -> ConversationKey?

    /// The link that opens a private chat with the bot and sends `/start` with a code; nil where there is no such link, or none yet.
    func startLink(with code: String) -> String?

    /// What an address is once its chat goes on under another id. Where chats keep their ids it stays as it is.
    func address(_ address: ReplyAddress, in newChat: String) -> ReplyAddress
}

extension ChatTransport {
    package func address(_ address: ReplyAddress, in newChat: String) -> ReplyAddress { address }
    package func awaitsAnswer(at address: ReplyAddress) -> Bool { false }
    package func startLink(with code: String) -> String? { nil }
    package func openPrivateChat(with person: String) async throws(DeliveryError) -> ConversationKey? { nil }
    // A platform without buttons has no presses to answer.
    package func answerPress(_ press: String, notice: String?, at address: ReplyAddress) async throws(DeliveryError) {}
    package func removeButtons(from message: String, at address: ReplyAddress) async throws(DeliveryError) {}
    package func showWaiting(
        _ isWaiting: Bool, on message: String, at address: ReplyAddress
    ) async throws(DeliveryError) {}

    package func repeatIsHarmless(at address: ReplyAddress, isFirst: Bool, since firstAttempt: Duration) -> Bool {
        repeatsAreHarmless(since: firstAttempt)
    }
}

/// How an unfinished reply is shown.
package enum PreviewStyle: Sendable, Equatable {
    /// Not at all.
    case off
    /// As an ephemeral draft that the final message replaces. `hasPlaceholder`: before there is any text, an empty draft shows
    /// that the answer is being thought about.
    case draft(interval: Duration, hasPlaceholder: Bool = false)
    /// As a message that is edited, at most once an interval. Where the platform takes only so many messages and edits of a chat
    /// a minute, previews leave a part of them to the final texts.
    case edit(interval: Duration, perMinute: Int? = nil)
}

/// Why a platform did not do what delivery asked for, in the classes that delivery treats differently.
package enum DeliveryError: Error, Sendable, Equatable {
    /// HTTP 429: nothing to this chat (or to the whole platform) before the span is over.
    case rateLimited(retryAfter: Duration, everywhere: Bool)
    /// It surely did not arrive (refused connection, 5xx, ...); it may be tried again freely.
    case notSent(String)
    /// It may have arrived: the request left and no answer came.
    case outcomeUnknown(String)
    /// The markup was refused; the same text may go plain.
    case markupRefused(String)
    /// The message to edit is gone or cannot be edited: the text may go as a new message.
    case messageMissing(String)
    /// Previews of this kind do not work at this address; finals do.
    case previewUnsupported(String)
    /// The conversation takes no messages: no permission, or its topic is gone.
    case chatUnavailable(String)
    /// The bot is shut out of the chat, whatever it tries there: blocked, kicked, deleted.
    case chatGone(String)
    /// The chat goes on under another id.
    case chatMoved(to: String)
    /// The platform refuses this message for good.
    case refused(String)
    /// The platform's link is stopped or not up yet; rows wait.
    case linkDown(String)
    /// The task was cancelled.
    case cancelled
}
