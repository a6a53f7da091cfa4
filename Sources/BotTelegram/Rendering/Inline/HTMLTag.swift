/// A tag of HTML in a Markdown source, as far as models use them.
struct HTMLTag {
    let name: String
    let isClosing: Bool
    let range: Range<Int>

    /// Reads from an angle bracket. A tag ends before the next one and on its line.
    init?(in source: [Unicode.Scalar], at start: Int, before limit: Int) {
        guard start < limit, source[start] == "<" else { return nil }
        var position = start + 1
        isClosing = position < limit && source[position] == "/"
        if isClosing { position += 1 }
        let first = position
        while position < limit, position - first < 12, source[position].isASCIIWord || source[position] == "-" {
            position += 1
        }
        name = source.string(first..<position).lowercased()
        guard Self.known.contains(name), position < limit,
            source[position].isSpace || "/>".unicodeScalars.contains(source[position])
        else { return nil }
        while position < limit, source[position] != ">" {
            if source[position] == "<" || source[position] == "\n" { return nil }
            position += 1
        }
        guard position < limit else { return nil }
        range = start..<position + 1
    }

    /// Whether what stands at the end of a text, from an angle bracket on, may become a tag or an address.
    static func mayBegin(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard text.count < 300, !text.contains("\n") else { return false }
        let rest = String(String.UnicodeScalarView(text.dropFirst())).lowercased()
        if ["http://", "https://", "mailto:"].contains(where: { $0.hasPrefix(rest) }) { return true }
        let tag = rest.hasPrefix("/") ? String(rest.dropFirst()) : rest
        let name = tag.prefix { $0 != " " && $0 != "/" }
        return name.count == tag.count ? known.contains { $0.hasPrefix(name) } : known.contains(String(name))
    }

    /// The value of an attribute in quotes; the name ends with the equals sign.
    func value(of attribute: StaticString, in source: [Unicode.Scalar]) -> String? {
        let start = range.first { source.matches(attribute, at: $0, before: range.upperBound) }
        guard let start, source[start - 1].isSpace else { return nil }
        let value = source[start + attribute.utf8CodeUnitCount..<range.upperBound]
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        return String(String.UnicodeScalarView(value.dropFirst().prefix { $0 != quote }))
    }

    /// What a pair of tags makes of the text between.
    var kind: MessageEntity.Kind? {
        switch name {
        case "b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "th": .bold
        case "i", "em", "cite", "var", "dfn": .italic
        case "u", "ins": .underline
        case "s", "del", "strike": .strikethrough
        case "tg-spoiler": .spoiler
        default: nil
        }
    }

    /// Whether nothing between a pair of such tags is markup.
    var isCode: Bool { Self.code.contains(name) }

    /// Tags that stand on a line by themselves and show nothing.
    static let containers: Set<String> = [
        "details", "div", "p", "center", "section", "article", "ul", "ol", "blockquote", "figure", "table", "tbody",
        "thead",
        "tr",
    ]
    private static let code: Set<String> = ["code", "kbd", "samp", "tt", "pre"]
    private static let known: Set<String> = containers.union(code).union([
        "b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "i", "em", "cite", "var", "dfn", "u", "ins", "s",
        "del",
        "strike", "tg-spoiler", "a", "sup", "sub", "mark", "small", "big", "font", "span", "abbr", "q", "br", "hr",
        "li", "td",
        "th",
    ])
}
