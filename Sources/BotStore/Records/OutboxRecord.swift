import BotCore
import GRDB

/// What a row of the outbox answers. Together with the chunk it is unique.
struct OutboxOrigin: Equatable {
    enum Kind: String { case turn, event, notice }

    let kind: Kind
    let id: Int64

    static func turn(_ id: TurnID) -> OutboxOrigin { OutboxOrigin(kind: .turn, id: id.rawValue) }
    static func event(_ id: InboxID) -> OutboxOrigin { OutboxOrigin(kind: .event, id: id.rawValue) }
}

/// Where a row of the outbox is on its way.
enum OutboxState: String {
    /// The reply is being made; previews may be shown.
    case making
    /// The payload is to be delivered.
    case ready
    case delivered, abandoned
    /// A reset came first. While the row still has an address, its first send was under way, and its payload is what the
    /// message becomes if it turns out to stand in the chat.
    case cancelled
}

/// A stored row of the outbox: what delivery sees of it, and its state.
struct OutboxRecord {
    /// The columns in the order that `init(_:_:)` reads.
    static let columns = """
        id, conversation, address, origin, originID, chunk, text, markup, messageID, firstSendAt, attempts, retryAt, \
        state, extras
        """

    let row: OutboxRow
    let state: OutboxState

    /// Reads a row. An ended one has an empty address.
    init(_ row: StoredRow, _ installation: InstallCode) throws {
        let kind: String = row[3]
        let state: String = row[12]
        guard let conversation = try SessionRecord.key(row[1]), let kind = OutboxOrigin.Kind(rawValue: kind),
            let state = OutboxState(rawValue: state)
        else { throw StoreError.failed("a stored row of the outbox is malformed") }
        let origin = OutboxOrigin(kind: kind, id: row[4])
        let chunk: Int = row[5]
        let messageID: String? = row[8]
        // Once the message is known, nothing is doubtful.
        let doubtfulSince = messageID == nil ? (row[9] as Int64?).map { Timestamp(rawValue: $0) } : nil
        self.state = state
        self.row = OutboxRow(
            id: OutboxID(row[0]), conversation: conversation, address: ReplyAddress(rawValue: row[2] ?? ""),
            turn: kind == .turn ? TurnID(origin.id) : nil, chunk: chunk,
            nonce: Self.nonce(installation, origin, chunk),
            payload: try (row[6] as String?).map { text in
                let extras = try PayloadExtras.decode(row[13])
                return RenderedChunk(text: text, markup: row[7], file: extras.file, buttons: extras.buttons ?? [])
            }, messageID: messageID,
            isDoubtful: doubtfulSince != nil, attempts: row[10],
            retryAt: (row[11] as Int64?).map { Timestamp(rawValue: $0) }, doubtfulSince: doubtfulSince)
    }

    /// The row's name over all installations, the same whenever it is read: `abcdefgh-t1z-0`. At most 25 characters up to
    /// 36 chunks, whatever the number.
    static func nonce(_ installation: InstallCode, _ origin: OutboxOrigin, _ chunk: Int) -> String {
        let letter =
            switch origin.kind {
            case .turn: "t"
            case .event: "e"
            case .notice: "n"
            }
        return "\(installation.text)-\(letter)\(String(origin.id, radix: 36))-\(String(chunk, radix: 36))"
    }
}
