package import BotCore

extension DiscordPlatform: AttachmentSource {
    package func fetch(_ attachment: Attachment.Reference, limit: Int) async throws(AttachmentError) -> [UInt8] {
        try await attachments.fetch(attachment.rawValue, limit: limit)
    }
}
