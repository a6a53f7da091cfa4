/// What stands in the parentheses of a Markdown link.
struct LinkTarget {
    enum Kind: Equatable {
        /// A web address that Telegram makes a link of.
        case web(String)
        /// An address for people to see, which Telegram refuses as a link or turns into another: mailto, `http://localhost`.
        case shown
        /// Another scheme: no link, and not shown. Addresses such as tg://user would let a model ping people.
        case forbidden
        /// No address at all: not a link, but text that looks like one.
        case unknown
    }

    /// What is read behind a label.
    enum Reading {
        case target(LinkTarget)
        /// The text ends before the parenthesis is closed.
        case cutOff
        case nothing
    }

    private static let maxDepth = 8

    let kind: Kind
    /// Where the address is; of `mailto:` only what is worth showing.
    let address: Range<Int>
    /// The position after the closing parenthesis.
    let end: Int

    /// Reads from after the opening parenthesis. Takes time proportional to the address, which is bounded.
    static func read(in source: [Unicode.Scalar], from start: Int, to limit: Int) -> Reading {
        let bound = min(limit, start + WebAddress.maxLength)
        var position = skipSpaces(source, start, bound)
        let address: Range<Int>
        if position < bound, source[position] == "<" {
            let first = position + 1
            position = first
            while position < bound, source[position] != ">", source[position] != "<", source[position] != "\n" {
                position += 1
            }
            guard position < bound, source[position] == ">" else { return position == limit ? .cutOff : .nothing }
            address = first..<position
            position += 1
        } else {
            guard let end = endOfAddress(source, position, bound) else { return .nothing }
            address = position..<end
            position = end
        }
        position = skipSpaces(source, position, bound)
        if position < bound, source[position] == "\"" || source[position] == "'" {
            // A title: not shown.
            let quote = source[position]
            position += 1
            while position < bound, source[position] != quote, source[position] != "\n" { position += 1 }
            position = skipSpaces(source, position + 1, bound)
        }
        if position >= limit { return .cutOff }
        guard position < bound, source[position] == ")", !address.isEmpty else { return .nothing }
        return .target(LinkTarget(address, end: position + 1, in: source))
    }

    /// The web address of a definition: the only thing in a range beside a title.
    static func definedAddress(in source: [Unicode.Scalar], _ range: Range<Int>) -> String? {
        guard range.count <= WebAddress.maxLength else { return nil }
        let word = source[range].prefix { !$0.isSpace }
        let title = source[source.trimmed(word.endIndex..<range.upperBound)]
        guard
            title.isEmpty
                || title.count > 1 && title.first == title.last
                    && "\"'".unicodeScalars.contains(title[title.startIndex])
        else { return nil }
        var address = word.startIndex..<word.endIndex
        if address.count > 2, word.first == "<", word.last == ">" {
            address = address.lowerBound + 1..<address.upperBound - 1
        }
        guard case .web(let url) = LinkTarget(address, end: range.upperBound, in: source).kind else { return nil }
        return url
    }

    private init(_ address: Range<Int>, end: Int, in source: [Unicode.Scalar]) {
        self.end = end
        let text = source.string(address)
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme.count < text.count else {
            kind = .unknown
            self.address = address
            return
        }
        switch scheme {
        case "http", "https":
            let isAddress = text.dropFirst(scheme.count).hasPrefix("://") && text.count > scheme.count + 3
            kind = WebAddress.isLinkable(text) ? .web(text) : isAddress ? .shown : .unknown
            self.address = address
        case "mailto":
            // Telegram finds mail addresses by itself; as a link it would be one to the web.
            let shown = address.dropFirst("mailto:".count).prefix { source[$0] != "?" }
            kind = source[shown].contains("@") ? .shown : .unknown
            self.address = shown
        default:
            let isScheme =
                !scheme.isEmpty
                && scheme.unicodeScalars.allSatisfy { $0.isASCIIWord || "+-.".unicodeScalars.contains($0) }
            kind = isScheme ? .forbidden : .unknown
            self.address = address
        }
    }

    /// Where an address without angle brackets ends: its parentheses are balanced. Nil when it cannot be one.
    private static func endOfAddress(_ source: [Unicode.Scalar], _ start: Int, _ limit: Int) -> Int? {
        var depth = 0
        var position = start
        while position < limit {
            switch source[position] {
            case "(":
                depth += 1
                if depth > maxDepth { return nil }
            case ")":
                if depth == 0 { return position }
                depth -= 1
            case "<", ">": return nil
            case let scalar where scalar.isSpace: return depth == 0 ? position : nil
            default: break
            }
            position += 1
        }
        return position
    }

    private static func skipSpaces(_ source: [Unicode.Scalar], _ start: Int, _ limit: Int) -> Int {
        var position = start
        while position < limit, source[position] == " " { position += 1 }
        return position
    }
}
