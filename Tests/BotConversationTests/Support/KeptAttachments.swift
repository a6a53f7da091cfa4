import BotCore

/// Swift Testing has attachments of its own.
typealias Attachment = BotCore.Attachment

/// Attachments in memory: remembers what was loaded, and fails as told.
final class KeptAttachments: AttachmentSource {
    enum Kept: Sendable {
        case bytes([UInt8])
        case error(AttachmentError)
        /// Nothing comes until the task is cancelled.
        case hang
    }

    private let kept: [String: Kept]
    private let asked = Lock<[String]>([])
    private let never = Gate(isOpen: false)

    init(_ kept: [String: Kept]) { self.kept = kept }

    /// The references that were asked for, in order.
    var loaded: [String] { asked.withLock { $0 } }

    func fetch(_ attachment: Attachment.Reference, limit: Int) async throws(AttachmentError) -> [UInt8] {
        asked.withLock { $0.append(attachment.rawValue) }
        switch kept[attachment.rawValue] {
        case .bytes(let bytes):
            if bytes.count > limit { throw .tooLarge }
            return bytes
        case .error(let error): throw error
        case .hang:
            try? await never.wait()  // ends with the task
            throw .cancelled
        case nil: throw .gone
        }
    }
}

extension Attachment {
    static func photo(_ reference: String, bytes: Int? = nil) -> Attachment {
        Attachment(
            kind: .photo, reference: Reference(rawValue: reference), mediaType: "image/jpeg", byteCount: bytes)
    }

    static func file(
        _ reference: String, name: String? = nil, type: String? = "text/plain", bytes: Int? = nil
    ) -> Attachment {
        Attachment(
            kind: .file, reference: Reference(rawValue: reference), fileName: name ?? reference, mediaType: type,
            byteCount: bytes)
    }
}
