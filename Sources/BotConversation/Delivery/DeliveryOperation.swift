import BotCore

/// One thing that the planner wants done, with what it has to know when it is over.
struct DeliveryOperation: Sendable, Equatable {
    /// Counts up, so that a late result is not taken for that of a newer operation.
    let id: UInt64
    let conversation: ConversationKey
    let work: Work

    enum Work: Sendable, Equatable {
        /// A first send of a final text. `doubtfulFor` says since when it may stand in the chat already.
        case send(OutboxRow, nonce: String, doubtfulFor: Duration?)
        /// A final text in place of a message that stands.
        case edit(OutboxRow, message: String)
        /// A message is taken away for which the final text has nothing left.
        case remove(OutboxRow, message: String)
        /// The message that begins a preview, or one of its further messages. `text` is the whole reply so far; the row says
        /// which of its messages is shown.
        case beginPreview(OutboxRow, text: String)
        /// The next frame of a preview that stands; `shown` is what it shows now.
        case editPreview(OutboxRow, message: String, text: String, shown: RenderedChunk?)
        /// A frame of an ephemeral draft; `shown` nil shows it even if nothing changed, `text` nil a placeholder.
        case draft(OutboxRow, turn: TurnID, text: String?, shown: RenderedChunk?)
        /// The row of the reply's next message is opened; the row given is that of its first.
        case openPart(of: OutboxRow, chunk: Int)
        case typing(OutboxRow)
        case write(StoreWrite)

        /// Whether nothing depends on it: a final text need not wait for its answer.
        var isEphemeral: Bool {
            switch self {
            case .draft, .typing: true
            case .send, .edit, .remove, .beginPreview, .editPreview, .openPart, .write: false
            }
        }

        /// Whether it shows a part of a reply that is being made.
        var isFrame: Bool {
            switch self {
            case .beginPreview, .editPreview, .draft: true
            case .send, .edit, .remove, .openPart, .typing, .write: false
            }
        }

        /// Whether it goes to the platform.
        var isRequest: Bool {
            switch self {
            case .send, .edit, .remove, .beginPreview, .editPreview, .draft, .typing: true
            case .openPart, .write: false
            }
        }

        /// Whether it makes or changes a message, which is what platforms count.
        var usesMessage: Bool {
            switch self {
            case .send, .edit, .remove, .beginPreview, .editPreview: true
            case .draft, .openPart, .typing, .write: false
            }
        }

        /// The turn whose unfinished reply it shows.
        var previewedTurn: TurnID? {
            switch self {
            case .beginPreview(let row, _), .editPreview(let row, _, _, _), .draft(let row, _, _, _),
                .openPart(let row, _), .typing(let row):
                row.turn
            case .send, .edit, .remove, .write: nil
            }
        }
    }

    /// What is shown of an unfinished reply in one of its messages.
    struct Frame: Sendable, Equatable {
        var chunk: RenderedChunk?
        /// Whether the reply goes on behind it.
        var isFull = false
    }

    /// What became of it.
    enum Outcome: Sendable, Equatable {
        /// A new message stands in the chat. `isLabelled` says whether it carried the label of a possible repeat.
        case sent(message: String?, RenderedChunk?, isLabelled: Bool)
        /// The final text stands in an existing message, or the typing sign was given.
        case shown(RenderedChunk?)
        /// The message that begins a preview stands.
        case begun(message: String?, Frame)
        /// The frame stands in an existing message or draft.
        case framed(Frame)
        /// The draft has no room for the reply any more; it was left as it is.
        case draftFull
        /// There was nothing new to show.
        case unchanged
        /// The row of a further message is open; nil when the reply has ended.
        case opened(OutboxRow?)
        /// The row was cancelled: nothing was sent.
        case rowGone
        /// The platform did not do it. `style` is how previews go on after `.previewUnsupported`.
        case failed(DeliveryError, isLabelled: Bool = false, style: PreviewStyle = .off)
        /// The store wrote it; the row is what it holds when it is still to be shown. `isSeen` false: that could not be read.
        case written(OutboxRow? = nil, isSeen: Bool = true)
        /// The store did not do it; nothing was sent.
        case storeFailed(StoreError)
    }
}

/// What a conversation still has to tell the store, in order, before anything else of it goes.
enum StoreWrite: Sendable, Equatable {
    /// `isReply`: a reset may have given it another text meanwhile.
    case delivered(OutboxID, message: String?, isReply: Bool)
    case firstSendFailed(OutboxID)
    case previewStands(OutboxID, message: String)
    case postpone(OutboxID, until: Timestamp)
    case replace(OutboxID, payload: RenderedChunk, message: String?)
    case abandon(OutboxID, reason: String)
    /// What is ready of all replies of which a row is no newer than this one.
    case abandonAll(upTo: OutboxID, reason: String)
}

/// What the owner may want to read in the log.
enum DeliveryNote: Sendable, Equatable {
    case failing(Platform, reason: String)
    case recovered(Platform)
    case rateLimited(ConversationKey, Duration, everywhere: Bool)
    case possibleRepeat(ConversationKey, OutboxID)
    case abandoned(ConversationKey, OutboxID, reason: String)
    case unreachable(LostChat)
    case moved(ChatMove)
    case storeFailing(StoreError)
    case storeRecovered
    case wentPlain(ConversationKey, OutboxID, reason: String)
    case postponedToStore(Platform)
}
