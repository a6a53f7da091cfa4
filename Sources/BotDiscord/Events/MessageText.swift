import BotCore

/// Reads the text of a message as the person meant it.
enum MessageText {
    /// The text without the bot's own mention, in both spellings or of its role, and with other people's mentions as their names.
    static func cleaned(_ content: String, mentions: [DiscordUser], me: String, role: String? = nil) -> String {
        var text = content
        for own in ["<@\(me)>", "<@!\(me)>"] + (role.map { ["<@&\($0)>"] } ?? []) {
            text = text.replacing("\(own) ", with: "").replacing(own, with: "")
        }
        for user in mentions where user.id != me {
            let name = "@\(DisplayName.cleaned(user.displayName))"
            text = text.replacing("<@\(user.id)>", with: name)
                .replacing("<@!\(user.id)>", with: name)
        }
        return text.trimmed
    }

    /// A command that was typed as text, when its name is known.
    static func command(in text: String, known: Set<String>) -> (name: String, arguments: String)? {
        guard text.hasPrefix("/") else { return nil }
        let parts = text.dropFirst().split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let name = parts.first?.lowercased(), known.contains(name) else { return nil }
        return (name, parts.count > 1 ? String(parts[1]).trimmed : "")
    }
}

extension StringProtocol {
    /// The text without white space at both ends.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[start...end])
    }
}
