import BotCore

/// A file that the bot has sent.
package struct SentFile: Sendable, Equatable {
    package let name: String
    package let mediaType: String
    package let content: String

    init(name: String, mediaType: String, content: String) {
        self.name = name
        self.mediaType = mediaType
        self.content = content
    }

    /// Reads what `MultipartFields` has made of an upload.
    init?(_ argument: JSONValue) {
        guard let members = argument.members, case .string(let name) = members["name"],
            case .string(let mediaType) = members["type"], case .string(let content) = members["content"]
        else { return nil }
        self.init(name: name, mediaType: mediaType, content: content)
    }
}
