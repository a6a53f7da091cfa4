import BotCore

/// How a message of a shared chat is shown to the model: `Name: text`.
///
/// Each further line of the text is indented by two spaces, so only a line that begins at the margin begins a message, and
/// nobody can put words into another's mouth by writing a line `Bob: ...`. A name holds no colon for the same reason.
enum SpokenText {
    private static let indent = "  "

    static func of(_ message: SessionMessage) -> String {
        guard message.role == .user, let speaker = message.speaker else { return message.text }
        let name = DisplayName.cleaned(String(speaker.map { $0 == ":" || $0 == "：" ? " " : $0 }))
        var spoken = (name.isEmpty ? "Somebody" : name) + ": "
        spoken.reserveCapacity(spoken.utf8.count + message.text.utf8.count)
        for character in message.text {
            if character.isNewline {
                spoken += "\n" + indent
            } else {
                spoken.append(character)
            }
        }
        return spoken
    }
}
