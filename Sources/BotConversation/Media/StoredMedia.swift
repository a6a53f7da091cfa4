import BotCore

/// What came with a question beside its words, as it is kept with the message in the log: where it can be loaded from again, for the
/// turn that answers it and for `/retry`, and never the content. The API does not show it.
struct StoredMedia: Sendable, Equatable {
    /// What can be loaded, in the order in which it was sent, then what the message that was replied to has.
    let attachments: [Attachment]
    /// What cannot be read, in words for people.
    let unreadable: [String]
    /// Whether the person has said something about it.
    let hasWords: Bool

    init(attachments: [Attachment], unreadable: [String], hasWords: Bool) {
        self.attachments = attachments
        self.unreadable = unreadable
        self.hasWords = hasWords
    }

    /// Nil for words alone.
    ///
    /// - Parameter parts: the messages that are one question. Parts that cannot be read at all are named in its text.
    init?(of parts: [InboundEvent.Body]) {
        let messages = parts.compactMap(\.message)
        var attachments = messages.flatMap(\.attachments)
        // A client that sends an album as a reply says so in each of its parts.
        for quoted in messages.flatMap({ $0.quoted?.attachments ?? [] }) where !attachments.contains(quoted) {
            attachments.append(quoted)
        }
        unreadable = messages.flatMap(\.unreadable)
        guard !attachments.isEmpty || !unreadable.isEmpty else { return nil }
        self.attachments = attachments
        hasWords = !messages.allSatisfy { $0.text.allSatisfy(\.isWhitespace) }
    }

    // MARK: - In a message's metadata

    /// Reads what `metadata` has made, of any version; nil where a message has none.
    init?(metadata: [String: JSONValue]) {
        guard case .object(let media) = metadata[SessionMessage.mediaKey], case .array(let files) = media["files"]
        else { return nil }
        attachments = files.compactMap(Attachment.init(stored:))
        if case .array(let kinds) = media["unreadable"] {
            unreadable = kinds.compactMap { if case .string(let kind) = $0 { kind } else { nil } }
        } else {
            unreadable = []
        }
        hasWords = media["words"] == .bool(true)
    }

    var metadata: [String: JSONValue] {
        let media: [String: JSONValue] = [
            "files": .array(attachments.map(\.stored)), "words": .bool(hasWords),
            "unreadable": .array(unreadable.map(JSONValue.string)),
        ]
        return [SessionMessage.mediaKey: .object(media)]
    }
}

extension Attachment {
    fileprivate var stored: JSONValue {
        var members: [String: JSONValue] = [
            "kind": .string(kind.rawValue), "reference": .string(reference.rawValue),
        ]
        if let fileName { members["name"] = .string(fileName) }
        if let mediaType { members["type"] = .string(mediaType) }
        if let byteCount { members["bytes"] = .integer(Int64(byteCount)) }
        if isPaste == true { members["paste"] = .bool(true) }
        return .object(members)
    }

    fileprivate init?(stored: JSONValue) {
        guard case .object(let members) = stored, case .string(let kind) = members["kind"],
            let kind = Kind(rawValue: kind), case .string(let reference) = members["reference"]
        else { return nil }
        func text(_ name: String) -> String? { if case .string(let text) = members[name] { text } else { nil } }
        var byteCount: Int?
        if case .integer(let bytes) = members["bytes"] { byteCount = Int(clamping: bytes) }
        self.init(
            kind: kind, reference: Reference(rawValue: reference), fileName: text("name"), mediaType: text("type"),
            byteCount: byteCount, isPaste: members["paste"] == .bool(true) ? true : nil)
    }
}
