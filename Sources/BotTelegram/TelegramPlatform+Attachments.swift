package import BotCore

extension TelegramPlatform: AttachmentSource {
    package func fetch(_ attachment: Attachment.Reference, limit: Int) async throws(AttachmentError) -> [UInt8] {
        try await files.fetch(attachment.rawValue, limit: limit)
    }
}
