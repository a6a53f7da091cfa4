/// A file that came with a message. Nothing of it has been fetched; what is said of it is the platform's word, or a stranger's.
package struct Attachment: Sendable, Codable, Equatable {
    /// What it was sent as.
    package enum Kind: String, Sendable, Codable {
        /// A picture, made smaller by the platform.
        case photo
        /// A file as it is.
        case file
    }

    /// How its platform finds it again, in words that only that understands. It may hold a short-lived secret, so it is never logged.
    package struct Reference: RawRepresentable, Sendable, Hashable, Codable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(from decoder: any Decoder) throws { rawValue = try String(from: decoder) }
        package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
    }

    package let kind: Kind
    package let reference: Reference
    /// The file's name as its sender gives it: untrusted text. Nil where there is none.
    package let fileName: String?
    /// The media type that is claimed for it (`image/jpeg`); nil where nothing is claimed.
    package let mediaType: String?
    /// Its size in bytes as the platform says; nil where it does not.
    package let byteCount: Int?
    /// True for words of the person's own that their client has made a file of, because they were too long for a message; else nil.
    package let isPaste: Bool?

    package init(
        kind: Kind, reference: Reference, fileName: String? = nil, mediaType: String? = nil, byteCount: Int? = nil,
        isPaste: Bool? = nil
    ) {
        self.kind = kind
        self.reference = reference
        self.fileName = fileName
        self.mediaType = mediaType
        self.byteCount = byteCount
        self.isPaste = isPaste
    }
}
