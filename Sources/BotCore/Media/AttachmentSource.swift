/// Loads what people have sent beside their words. A platform loads its own only.
package protocol AttachmentSource: Sendable {
    /// Loads one attachment, whole, within a minute or two. To be called for people who are let in alone.
    ///
    /// - Parameter limit: the most bytes, counted as they arrive.
    func fetch(_ attachment: Attachment.Reference, limit: Int) async throws(AttachmentError) -> [UInt8]
}
