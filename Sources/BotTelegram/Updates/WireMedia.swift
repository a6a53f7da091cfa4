import BotCore

/// The members of `Message` that hold a picture or a file which can be loaded. One that cannot be read is as none.
struct WireMedia: Decodable, Sendable, Equatable {
    /// `PhotoSize`: the same photo comes in several of them.
    struct PhotoSize: Decodable, Sendable, Equatable {
        let fileID: String
        let width: Int?
        let height: Int?
        let fileSize: Int?

        private enum CodingKeys: String, CodingKey {
            case width, height
            case fileID = "file_id"
            case fileSize = "file_size"
        }
    }

    /// `Document`.
    struct Document: Decodable, Sendable, Equatable {
        let fileID: String
        let fileName: String?
        let mimeType: String?
        let fileSize: Int?

        private enum CodingKeys: String, CodingKey {
            case fileID = "file_id"
            case fileName = "file_name"
            case mimeType = "mime_type"
            case fileSize = "file_size"
        }
    }

    private let photo: [PhotoSize]
    private let document: Document?
    /// Whether the document is a GIF, which Telegram sends as a video.
    private let isAnimation: Bool

    private enum CodingKeys: String, CodingKey { case photo, document, animation }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        // Each `try?` here makes of a strange form what the caller tells the person: that it cannot be read.
        photo = (try? fields.decodeIfPresent([PhotoSize].self, forKey: .photo)) ?? []
        document = try? fields.decodeIfPresent(Document.self, forKey: .document)
        isAnimation = fields.contains(.animation)
    }

    /// What can be loaded; nil where there is nothing, or nothing that can be read.
    var attachment: Attachment? {
        if let size = bestSize {
            return Attachment(
                kind: .photo, reference: Attachment.Reference(rawValue: size.fileID), mediaType: "image/jpeg",
                byteCount: size.fileSize)
        }
        guard let document, !isAnimation, FileKind(mediaType: document.mimeType, name: document.fileName) != nil else {
            return nil
        }
        return Attachment(
            kind: .file, reference: Attachment.Reference(rawValue: document.fileID), fileName: document.fileName,
            mediaType: document.mimeType, byteCount: document.fileSize)
    }

    /// What is there and cannot be read, in words for people; nil for nothing.
    ///
    /// - Parameter medium: what the message is by its members.
    func unreadable(else medium: String?) -> String? {
        if attachment != nil { return nil }
        return fileWords ?? medium
    }

    private var fileWords: String? { isAnimation ? nil : document.map { FileKind.words(for: $0.fileName) } }

    /// The largest size of a photo that is within the limits; else the smallest one.
    private var bestSize: PhotoSize? {
        let fitting = photo.filter { size in
            (size.fileSize ?? 0) <= MediaLimits.imageBytes
                && max(size.width ?? 0, size.height ?? 0) <= MediaLimits.imageSide
        }
        return fitting.max { Self.pixels($0) < Self.pixels($1) } ?? photo.min { Self.pixels($0) < Self.pixels($1) }
    }

    private static func pixels(_ size: PhotoSize) -> Int {
        max(0, min(size.width ?? 0, 1 << 20)) * max(0, min(size.height ?? 0, 1 << 20))
    }
}
