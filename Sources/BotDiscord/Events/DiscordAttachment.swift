import BotCore

extension DiscordMessage {
    /// What Discord's clients call a text that they send as a file, because it is longer than a message.
    private static let pasteName = "message.txt"

    /// Whether it is nothing but such a text.
    var isPaste: Bool {
        attachments.count == 1 && attachments[0].filename == Self.pasteName && attachments[0].url != nil
            && content.replacing(#/<@[!&]?\d+>/#, with: "").trimmed.isEmpty
    }
}

extension DiscordMessage.Attachment {
    /// It as something that can be loaded; nil when it cannot be read. Whether its address may be asked is checked when it is.
    var readable: BotCore.Attachment? {
        guard let url, FileKind(mediaType: contentType, name: filename) != nil else { return nil }
        return BotCore.Attachment(
            kind: .file, reference: BotCore.Attachment.Reference(rawValue: url), fileName: filename,
            mediaType: contentType, byteCount: size)
    }

    /// The same, as words of its person's own.
    var asPaste: BotCore.Attachment {
        BotCore.Attachment(
            kind: .file, reference: BotCore.Attachment.Reference(rawValue: url ?? ""), fileName: filename,
            mediaType: contentType, byteCount: size, isPaste: true)
    }

    /// What it is called to people.
    var words: String {
        switch contentType?.split(separator: "/").first {
        case "image": "image"
        case "audio": "voice message"
        case "video": "video"
        default: FileKind.words(for: filename)
        }
    }
}
