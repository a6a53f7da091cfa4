import BotCore
import BotSessions
import FoundationEssentials

/// Writes a conversation down, for people or for programs. Pure.
struct TranscriptWriting {
    private let transcript: SessionTranscript
    private let key: ConversationKey
    private let now: Timestamp

    init(_ transcript: SessionTranscript, of key: ConversationKey, at now: Timestamp) {
        self.transcript = transcript
        self.key = key
        self.now = now
    }

    /// As text with a heading for each part.
    var text: ReplyFile {
        var parts = ["# A conversation with mybot", "Written down on \(Self.moment(now)). \(what)"]
        if let summary = transcript.summary {
            parts += ["## My summary of the older messages", summary.text]
        }
        parts.append("## Messages")
        parts += transcript.messages.map { message in
            "**\(author(of: message))**, \(Self.moment(message.createdAt)):\n\n\(words(of: message))"
        }
        return ReplyFile(
            name: "conversation-\(now.day).md", mediaType: "text/markdown",
            content: parts.joined(separator: "\n\n") + "\n")
    }

    /// As JSON: times in milliseconds since 1970.
    var json: ReplyFile {
        let document = Document(
            conversation: key.description, exportedAt: now.rawValue, leftOut: transcript.leftOut,
            summary: transcript.summary?.text,
            messages: transcript.messages.map { message in
                Document.Message(
                    number: message.seq, at: message.createdAt.rawValue, role: message.role.rawValue,
                    speaker: message.speaker, model: message.model, text: message.text,
                    tools: message.toolCalls.isEmpty ? nil : message.toolCalls.map(\.name))
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Texts and numbers can always be written.
        let data = (try? encoder.encode(document)) ?? Data()
        return ReplyFile(
            name: "conversation-\(now.day).json", mediaType: "application/json",
            content: String(decoding: data, as: UTF8.self) + "\n")
    }

    private struct Document: Encodable {
        struct Message: Encodable {
            let number: Int64
            let at: Int64
            let role: String
            let speaker: String?
            let model: String?
            let text: String
            /// The names of the tools that it calls; nil when it calls none.
            let tools: [String]?
        }

        let conversation: String
        let exportedAt: Int64
        let leftOut: Int
        let summary: String?
        let messages: [Message]
    }

    private var what: String {
        let text = "It holds what was said since the last /reset; files and pictures are not in it."
        if transcript.leftOut == 0 { return text }
        return text + " The oldest \(ResetCommand.count(transcript.leftOut, "message")) did not fit in."
    }

    private func author(of message: SessionMessage) -> String {
        switch message.role {
        case .user: message.speaker ?? "You"
        case .assistant: message.model.map { "mybot (\($0))" } ?? "mybot"
        case .tool: "A tool"
        case .system: "System"
        }
    }

    private func words(of message: SessionMessage) -> String {
        let calls = message.toolCalls.map { "(calls \($0.name))" }.joined(separator: " ")
        return [message.text, calls].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func moment(_ moment: Timestamp) -> String { "\(moment.minute) UTC" }
}
