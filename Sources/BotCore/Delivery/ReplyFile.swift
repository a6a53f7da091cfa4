/// A file of text that a message carries: a part of a reply that is too long to be read in messages.
package struct ReplyFile: Sendable, Hashable, Codable {
    /// The name that people see, with an extension: `answer.md`.
    package let name: String
    /// As in `text/markdown`; the character set is always UTF-8.
    package let mediaType: String
    /// All of its text.
    package let content: String

    package init(name: String, mediaType: String, content: String) {
        self.name = name
        self.mediaType = mediaType
        self.content = content
    }
}
