import BotCore

/// Which attachments of a turn are loaded. Pure.
struct MediaPlan: Sendable, Equatable {
    /// Something to load, and the most bytes that it may have.
    struct Item: Sendable, Equatable {
        let attachment: Attachment
        let kind: FileKind
        let limit: Int
    }

    private(set) var items: [Item] = []
    /// What is too large by what the platform says of it.
    private(set) var tooLarge: [(attachment: Attachment, kind: FileKind)] = []
    /// How many pictures there are that the model cannot look at.
    private(set) var unseen = 0
    /// How many pictures and text files are left out because there are too many.
    private(set) var leftOut = 0

    /// - Parameter seesImages: whether the model looks at pictures.
    init(_ attachments: [Attachment], seesImages: Bool) {
        var (images, files, bytes) = (0, 0, 0)
        for attachment in attachments {
            switch attachment.readAs {
            case .image where !seesImages: unseen += 1
            case .image:
                // A size that is not told may be any.
                let size = attachment.knownSize ?? MediaLimits.imageBytes
                if size > MediaLimits.imageBytes {
                    tooLarge.append((attachment, .image))
                } else if images < MediaLimits.images, bytes + size <= MediaLimits.allImageBytes {
                    (images, bytes) = (images + 1, bytes + size)
                    items.append(Item(attachment: attachment, kind: .image, limit: size))
                } else {
                    leftOut += 1
                }
            case .text:
                let size = attachment.knownSize ?? MediaLimits.fileBytes
                if size > MediaLimits.fileBytes {
                    tooLarge.append((attachment, .text))
                } else if files < MediaLimits.files {
                    files += 1
                    items.append(Item(attachment: attachment, kind: .text, limit: size))
                } else {
                    leftOut += 1
                }
            }
        }
    }

    /// The most bytes of all that is loaded.
    var bytes: Int { items.reduce(0) { $0 + $1.limit } }

    static func == (one: MediaPlan, other: MediaPlan) -> Bool {
        one.items == other.items && one.unseen == other.unseen && one.leftOut == other.leftOut
            && one.tooLarge.map(\.attachment) == other.tooLarge.map(\.attachment)
    }
}

extension Attachment {
    /// Platforms pass on what can be read; should one pass on anything else, it turns out to be no text.
    fileprivate var readAs: FileKind {
        kind == .photo ? .image : FileKind(mediaType: mediaType, name: fileName) ?? .text
    }

    /// Nil where it is not told, for which 0 stands too.
    fileprivate var knownSize: Int? { byteCount.flatMap { $0 > 0 ? $0 : nil } }
}
