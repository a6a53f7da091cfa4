import BotCore

extension DiscordMessage.Attachment {
    /// It as something that can be loaded; nil when it cannot be read. Whether its address may be asked is checked when it is.
    var readable: BotCore.Attachment? {
        guard let url, FileKind(mediaType: contentType, name: filename) != nil else { return nil }
        return BotCore.Attachment(
            kind: .file, reference: BotCore.Attachment.Reference(rawValue: url), fileName: filename,
            mediaType: contentType, byteCount: size)
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
