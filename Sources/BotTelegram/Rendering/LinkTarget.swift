/// What stands in the parentheses of a Markdown link.
struct LinkTarget {
    enum Kind: Equatable {
        /// http, https or mailto: a link.
        case allowed
        /// Another scheme: no link, and not shown.
        case forbidden
        /// No address at all: not a link, but text that looks like one.
        case unknown
    }

    /// Telegram's own limit for addresses is higher; nothing useful is longer.
    static let maxLength = 2048
    private static let maxDepth = 8

    let kind: Kind
    let url: String
    /// Where the address is.
    let address: Range<Int>
    /// The position after the closing parenthesis.
    let end: Int

    /// Reads from after the opening parenthesis; nil when it is not closed as a link's must be. Takes time proportional to
    /// the address, which is bounded.
    init?(in source: [Unicode.Scalar], from start: Int, to limit: Int) {
        let limit = min(limit, start + Self.maxLength)
        var position = start
        while position < limit, source[position] == " " { position += 1 }
        let first = position
        var depth = 0
        scan: while position < limit {
            switch source[position] {
            case "(":
                depth += 1
                if depth > Self.maxDepth { return nil }
            case ")":
                if depth == 0 { break scan }
                depth -= 1
            case "<", ">": if position > first { return nil }
            case let scalar where scalar.isSpace: break scan
            default: break
            }
            position += 1
        }
        address = first..<position
        while position < limit, source[position] == " " { position += 1 }
        if position < limit, source[position] == "\"" {
            // A title: not shown.
            position += 1
            while position < limit, source[position] != "\"", source[position] != "\n" { position += 1 }
            position += 1
            while position < limit, source[position] == " " { position += 1 }
        }
        guard position < limit, source[position] == ")", !address.isEmpty, depth == 0 else { return nil }
        end = position + 1
        url = String(String.UnicodeScalarView(source[address]))
        kind = Self.kind(of: url)
    }

    private static func kind(of url: String) -> Kind {
        guard let colon = url.firstIndex(of: ":") else { return .unknown }
        let scheme = url[..<colon].lowercased()
        let rest = url[url.index(after: colon)...]
        switch scheme {
        case "http", "https":
            let host = rest.dropFirst(2)
            return rest.hasPrefix("//") && !host.isEmpty && host.first != "/" ? .allowed : .unknown
        case "mailto": return rest.contains("@") ? .allowed : .unknown
        default:
            let isScheme =
                !scheme.isEmpty && scheme.unicodeScalars.allSatisfy { $0.isASCIIWord || $0 == "+" || $0 == "-" }
            return isScheme ? .forbidden : .unknown
        }
    }
}
