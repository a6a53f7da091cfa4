/// HTML, of which Discord knows nothing.
extension InlineDialect {
    /// An address in angle brackets, something that Discord itself writes so, a comment, or a tag. Of tags only pairs count, so that what a
    /// text says about one stays.
    mutating func takeAngle() {
        let start = position
        if matches("<!--", at: start), let end = find("-->", from: start + 4) {
            position = end + 3
            return
        }
        guard let tag = HTMLTag(in: source, at: start) else { return takeAddressInBrackets() }
        switch tag.name {
        case "br": return write("\n", upTo: tag.end)
        case "hr": return write("———", upTo: tag.end)
        case _ where tag.isClosing: return copy(tag.end - start)
        default: break
        }
        guard let closing = closing(of: tag) else { return copy(tag.end - start) }
        let content = tag.end..<closing.lowerBound
        if content.isEmpty { return position = closing.upperBound }
        switch tag.name {
        case "code", "kbd", "samp", "tt", "pre": writeCode(content, upTo: closing.upperBound)
        case "a":
            let label = rewritten(content)
            let address = tag.attribute("href", in: source).flatMap { LinkAddress.isWeb($0) ? $0 : nil }
            write(address.map { label == $0 ? $0 : "[\(label)](\($0))" } ?? label, upTo: closing.upperBound)
        case "sup": write(SmallDigits.raised(rewritten(content)), upTo: closing.upperBound)
        case "sub": write(SmallDigits.lowered(rewritten(content)), upTo: closing.upperBound)
        case "li": write("- \(rewritten(content))", upTo: closing.upperBound)
        default:
            let mark = tag.mark
            write("\(mark)\(rewritten(content))\(mark)", upTo: closing.upperBound)
        }
    }

    private mutating func takeAddressInBrackets() {
        let start = position
        let end = find(">", from: start + 1)
        guard let end, end > start + 1 else { return copy(1) }
        // Discord takes a web address in angle brackets itself, and shows none around it.
        if startsAddress(start + 1), !source[start..<end].contains(where: \.properties.isWhitespace) {
            return copy(end + 1 - start)
        }
        let inside = text(start + 1..<end)
        if inside.contains("@"), let first = inside.unicodeScalars.first, first.properties.isAlphabetic,
            !inside.contains(where: { $0.isWhitespace || $0 == "<" || $0 == "/" })
        {
            return write(inside.replacing("mailto:", with: ""), upTo: end + 1)
        }
        copy(1)
    }

    private func closing(of tag: HTMLTag) -> Range<Int>? {
        var index = tag.end
        let limit = min(source.count, tag.end + Self.reach)
        var depth = 1
        while index < limit {
            if source[index] == "<", let other = HTMLTag(in: source, at: index), other.name == tag.name {
                depth += other.isClosing ? -1 : 1
                if depth == 0 { return index..<other.end }
                index = other.end
            } else {
                index += 1
            }
        }
        return nil
    }

    /// A character by its name or number: `&amp;`, `&#39;`. One that is a sign of markup stays a plain character.
    mutating func takeReference() {
        guard let end = find(";", from: position + 1), end - position <= 10 else { return copy(1) }
        guard let scalar = CharacterReference.scalar(text(position + 1..<end)) else { return copy(1) }
        let isMarkup =
            "\\`*_~|#>[]()<".unicodeScalars.contains(scalar) && scalar != "<" && scalar != "(" && scalar != ")"
        write((isMarkup ? "\\" : "") + String(scalar), upTo: end + 1)
    }
}

/// A tag of HTML, as far as models use them.
struct HTMLTag {
    let name: String
    let isClosing: Bool
    let start: Int
    /// The position behind it.
    let end: Int

    /// Tags that stand on a line by themselves and show nothing.
    private static let containers: Set<String> = [
        "details", "div", "p", "center", "section", "article", "ul", "ol", "blockquote", "figure", "table", "tbody",
        "thead", "tr",
    ]
    private static let marks = [
        "b": "**", "strong": "**", "summary": "**", "h1": "**", "h2": "**", "h3": "**", "h4": "**", "h5": "**",
        "h6": "**", "th": "**", "i": "*", "em": "*", "cite": "*", "var": "*", "dfn": "*", "u": "__", "ins": "__",
        "s": "~~", "del": "~~", "strike": "~~",
    ]
    private static let others: Set<String> = [
        "a", "sup", "sub", "mark", "small", "big", "font", "span", "abbr", "q", "br", "hr", "li", "td", "code", "kbd",
        "samp", "tt", "pre",
    ]

    /// Reads from an angle bracket. A tag ends before the next one.
    init?(in source: [Unicode.Scalar], at start: Int) {
        var index = start + 1
        isClosing = index < source.count && source[index] == "/"
        if isClosing { index += 1 }
        var name = ""
        while index < source.count, name.count < 12, source[index].isASCII,
            source[index].properties.isAlphabetic || source[index].properties.numericType != nil
        {
            name.unicodeScalars.append(source[index])
            index += 1
        }
        name = name.lowercased()
        guard Self.marks[name] != nil || Self.others.contains(name) || Self.containers.contains(name),
            index < source.count, source[index] == ">" || source[index] == "/" || source[index] == " "
        else { return nil }
        let limit = min(source.count, start + InlineDialect.reach)
        while index < limit, source[index] != ">", source[index] != "<" { index += 1 }
        guard index < limit, source[index] == ">" else { return nil }
        (self.name, self.start, end) = (name, start, index + 1)
    }

    /// What of Discord's stands on both sides of its content.
    var mark: String { Self.marks[name] ?? "" }

    /// The value of an attribute in quotes.
    func attribute(_ name: String, in source: [Unicode.Scalar]) -> String? {
        let tag = String(String.UnicodeScalarView(source[start..<end]))
        guard let range = tag.firstRange(of: " \(name)="), let quote = tag[range.upperBound...].first,
            quote == "\"" || quote == "'"
        else { return nil }
        return String(tag[range.upperBound...].dropFirst().prefix { $0 != quote })
    }

    /// Whether a line holds nothing but the tag of a container.
    static func isContainer(_ line: Substring) -> Bool {
        let scalars = Array(line.trimmed.unicodeScalars)
        guard scalars.first == "<", let tag = HTMLTag(in: scalars, at: 0) else { return false }
        return tag.end == scalars.count && containers.contains(tag.name)
    }
}
