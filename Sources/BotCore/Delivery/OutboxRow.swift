/// One message as it will stand in the chat: the platform's own split and rendering of a part of a reply.
package struct RenderedChunk: Sendable, Hashable {
    /// The text.
    package let text: String
    /// The platform's formatting of the text, opaque to everybody else; nil for plain text.
    package let markup: String?
    /// A file that the message carries; the text is its caption then. Only what `render` gives has one.
    package let file: ReplyFile?
    /// The buttons under it, in one line; only the last message of an answer has any, and a preview never. A platform without buttons
    /// leaves them out: all that they do can be said in words too.
    package var buttons: [ReplyButton]

    package init(text: String, markup: String? = nil, file: ReplyFile? = nil, buttons: [ReplyButton] = []) {
        self.text = text
        self.markup = markup
        self.file = file
        self.buttons = buttons
    }

    /// Nothing at all: the message that stands is to be taken away.
    package static let nothing = RenderedChunk(text: "")
    package var isNothing: Bool { text.isEmpty && file == nil }

    /// The same with a file.
    package func carrying(_ file: ReplyFile) -> RenderedChunk {
        RenderedChunk(text: text, markup: markup, file: file, buttons: buttons)
    }

    /// The same without formatting, for a platform that has refused it.
    package var plain: RenderedChunk { RenderedChunk(text: text, file: file, buttons: buttons) }
}

/// One message that has to reach a chat: stored before anything of it is shown, finished once it stands there.
package struct OutboxRow: Sendable, Equatable {
    package let id: OutboxID
    package var conversation: ConversationKey
    package var address: ReplyAddress
    /// The turn whose reply it is; nil for answers to commands and for notices.
    package let turn: TurnID?
    /// Which part of the reply it is, from 0.
    package let chunk: Int
    /// Unique for this row over all installations, at most 25 characters: Discord's `nonce`.
    package let nonce: String
    /// What to show; nil while the reply is being made and only previews are shown.
    package var payload: RenderedChunk?
    /// The platform's id of the message once it is known: from then on the row is finished by an edit.
    package var messageID: String?
    /// A first send has begun and its outcome is not known: it may stand in the chat already.
    package var isDoubtful: Bool
    /// When the first send began whose outcome is not known; nil when that was never noted.
    ///
    /// A platform that knows nonces remembers them for minutes only: the age decides whether a repeat is harmless.
    package var doubtfulSince: Timestamp?
    /// How often it was tried.
    package var attempts: Int
    /// Not to be tried before this moment.
    package var retryAt: Timestamp?

    package init(
        id: OutboxID, conversation: ConversationKey, address: ReplyAddress, turn: TurnID?, chunk: Int, nonce: String,
        payload: RenderedChunk?, messageID: String? = nil, isDoubtful: Bool = false, attempts: Int = 0,
        retryAt: Timestamp? = nil, doubtfulSince: Timestamp? = nil
    ) {
        self.id = id
        self.conversation = conversation
        self.address = address
        self.turn = turn
        self.chunk = chunk
        self.nonce = nonce
        self.payload = payload
        self.messageID = messageID
        self.isDoubtful = isDoubtful
        self.attempts = attempts
        self.retryAt = retryAt
        self.doubtfulSince = doubtfulSince
    }
}

/// The durable outbox: each use case is one transaction.
package protocol OutboxStore: Sendable {
    /// Rows of a platform that are ready to be sent, in order, with ids above `after`.
    func ready(on platform: Platform, after: OutboxID?, limit: Int) async throws(StoreError) -> [OutboxRow]

    /// Opens the row of a further message of a reply that is still being made, or finds it again after a crash.
    ///
    /// - Parameters:
    ///   - chunk: which message of the reply, from 1.
    ///   - reply: the row of its first message.
    /// - Returns: nil when the reply has ended meanwhile: then nothing more of it is to be shown unfinished.
    func openPart(_ chunk: Int, of reply: OutboxID) async throws(StoreError) -> OutboxRow?

    /// Notes that the first send of the row begins now, before it leaves. A crash from here on leaves the row doubtful.
    ///
    /// - Returns: false when the row was cancelled meanwhile and must not be sent.
    func beginFirstSend(of row: OutboxID) async throws(StoreError) -> Bool

    /// Notes that the row's first send surely did not arrive, so that it may be sent again freely.
    func firstSendFailed(of row: OutboxID) async throws(StoreError)

    /// Notes the message that a preview made. The row stays open for its final text.
    ///
    /// - Returns: the row as it stands when it has become ready or was cancelled meanwhile (its message must then be
    ///   edited to what the row holds now); nil while the reply is still being made.
    func previewStands(of row: OutboxID, as message: String) async throws(StoreError) -> OutboxRow?

    /// Ends a row: its text stands in the chat.
    func delivered(_ row: OutboxID, as message: String?, at now: Timestamp) async throws(StoreError)

    /// Puts a row off until a moment, also one whose reply is still being made.
    func postpone(_ row: OutboxID, until: Timestamp) async throws(StoreError)

    /// Replaces what the row shows (plain text after the markup was refused, a new message where an edit had no target).
    func replace(_ row: OutboxID, payload: RenderedChunk, messageID: String?) async throws(StoreError)

    /// Ends a row that can never be delivered; the reason is for the owner.
    func abandon(_ row: OutboxID, reason: String, at now: Timestamp) async throws(StoreError)

    /// Ends what is ready to be sent in a conversation that cannot be reached (blocked, kicked, deleted): all replies of which a row is no newer
    /// than the given one. A reply that is being made ends with its turn, see `ChatStore.endWork`.
    func abandonAll(
        in conversation: ConversationKey, upTo newest: OutboxID, reason: String, at now: Timestamp
    ) async throws(StoreError)

    /// Queues a notice that answers no event.
    func queueNotice(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow]

    /// Deletes rows that ended before the moment, at most `limit` of them.
    func forgetEnded(before: Timestamp, limit: Int) async throws(StoreError) -> Int
}
