/// A text with entities whose offsets count UTF-16 code units, as Telegram counts them.
struct EntityText: Sendable {
    let text: String
    let entities: [WireEntity]

    /// The characters of an entity; nil when it does not lie in the text or cuts a character's surrogates.
    func range(of entity: WireEntity) -> Range<String.Index>? {
        let units = text.utf16
        guard entity.offset >= 0, entity.length > 0,
            let start = units.index(units.startIndex, offsetBy: entity.offset, limitedBy: units.endIndex),
            let end = units.index(start, offsetBy: entity.length, limitedBy: units.endIndex),
            start.samePosition(in: text.unicodeScalars) != nil, end.samePosition(in: text.unicodeScalars) != nil
        else { return nil }
        return start..<end
    }

    /// Where the bot is mentioned, by its name or, having none, by its id; in order.
    func mentions(of bot: BotIdentity) -> [Range<String.Index>] {
        let name = "@" + bot.username.lowercased()
        return entities.compactMap { entity in
            guard let range = range(of: entity) else { return nil }
            switch entity.type {
            case "mention": return text[range].lowercased() == name ? range : nil
            case "text_mention": return entity.user?.id == bot.id ? range : nil
            default: return nil
            }
        }.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// The text without the given parts, as somebody would have written it without them. The whole text if nothing
    /// would be left.
    func removing(_ parts: [Range<String.Index>]) -> String {
        var kept = ""
        var position = text.startIndex
        for part in parts where part.lowerBound >= position {
            kept += text[position..<part.lowerBound]
            position = part.upperBound
            let opensText = kept.allSatisfy(\.isWhitespace)
            if opensText, position < text.endIndex, ",:;".contains(text[position]) {
                position = text.index(after: position)
            }
            // "ask @bot now" keeps one of its two spaces.
            if opensText || kept.last?.isWhitespace == true {
                while position < text.endIndex, text[position] == " " { position = text.index(after: position) }
            }
        }
        kept += text[position...]
        let trimmed = kept.trimmed
        return trimmed.isEmpty ? text.trimmed : trimmed
    }

    /// The people who are mentioned by their ids, having no names to be mentioned by ("text_mention").
    var mentionedPeople: [WireUser] { entities.compactMap { $0.type == "text_mention" ? $0.user : nil } }

    /// The command that the text begins with, if it is one ("Commands", Bot API): its name, the bot that it names, and the
    /// rest of the text.
    var command: (name: String, bot: String?, arguments: String)? {
        guard let entity = entities.first(where: { $0.type == "bot_command" && $0.offset == 0 }),
            let range = range(of: entity)
        else { return nil }
        let words = text[range].dropFirst().split(separator: "@", maxSplits: 1)
        guard let name = words.first else { return nil }
        let bot = words.count > 1 ? words[1].lowercased() : nil
        return (name.lowercased(), bot, rest(after: range.upperBound).trimmed)
    }

    /// The rest of the text. What stands for a person there begins with `@`, so that nobody's name can be taken for a word of the command.
    private func rest(after start: String.Index) -> String {
        let people = entities.filter { $0.type == "text_mention" }.compactMap { range(of: $0)?.lowerBound }
        var rest = ""
        for index in text[start...].indices {
            if people.contains(index), text[index] != "@" { rest.append("@") }
            rest.append(text[index])
        }
        return rest
    }
}

extension String {
    /// This text without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
