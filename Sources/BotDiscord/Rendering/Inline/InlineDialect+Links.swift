/// Links and images.
extension InlineDialect {
    /// An image becomes a link with its description: Discord shows none in a text.
    mutating func takeImage() {
        guard let label = label(from: position + 1) else { return copy(1) }
        guard let target = target(from: label.upperBound + 1) else {
            guard let address = definitions[text(label)] else { return copy(1) }
            return write(link(rewritten(label), to: address), upTo: label.upperBound + 1)
        }
        guard LinkAddress.isWeb(target.address) else { return write(rewritten(label), upTo: target.end) }
        write(link(rewritten(label), to: target.address), upTo: target.end)
    }

    mutating func takeLink() {
        guard let label = label(from: position) else { return copy(1) }
        if let target = target(from: label.upperBound + 1) {
            return takeLink(label, target)
        }
        if at(label.upperBound + 1) == "[", let name = self.label(from: label.upperBound + 1),
            let address = definitions[text(name.isEmpty ? label : name)]
        {
            return write(link(rewritten(label), to: address), upTo: name.upperBound + 1)
        }
        if let address = definitions[text(label)] {
            return write(link(rewritten(label), to: address), upTo: label.upperBound + 1)
        }
        copy(1)
    }

    private mutating func takeLink(_ label: Range<Int>, _ target: (address: String, end: Int)) {
        if LinkAddress.isWeb(target.address) {
            return write(link(rewritten(label), to: target.address), upTo: target.end)
        }
        let scheme = target.address.prefix { $0 != ":" }
        let isScheme =
            scheme.count < target.address.count && !scheme.isEmpty
            && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        // What is no address at all is text that looks like a link.
        guard isScheme else { return copy(1) }
        let isMail = scheme.lowercased() == "mailto" && target.address.contains("@")
        // Of other schemes only the label stays: they could do something on the reader's device.
        guard isMail else { return write(rewritten(label), upTo: target.end) }
        let mail = target.address.dropFirst("mailto:".count).prefix { $0 != "?" }
        let shown = rewritten(label)
        write(shown == mail ? shown : "\(shown) (\(mail))", upTo: target.end)
    }

    /// A link as Discord takes it. It refuses one whose label is an address, which is honest only if it is the same.
    private func link(_ label: String, to address: String) -> String {
        let plain = label.trimmed
        if plain.isEmpty || plain == address { return address }
        if plain.contains("http://") || plain.contains("https://") { return "\(plain) (\(address))" }
        // Parentheses inside would end it.
        let target = address.contains("(") || address.contains(")") ? "<\(address)>" : address
        return "[\(plain)](\(target))"
    }

    /// The text between a bracket and the one that closes it, on the same level; nil without one.
    private func label(from start: Int) -> Range<Int>? {
        guard at(start) == "[" else { return nil }
        var depth = 0
        var index = start
        let limit = min(source.count, start + Self.reach)
        while index < limit {
            switch source[index] {
            case "\\": index += 1
            case "[": depth += 1
            case "]":
                depth -= 1
                if depth == 0 { return start + 1..<index }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// What stands in the parentheses behind a label; a title is left out.
    private func target(from start: Int) -> (address: String, end: Int)? {
        guard at(start) == "(" else { return nil }
        let limit = min(source.count, start + Self.reach)
        var index = start + 1
        while index < limit, source[index] == " " { index += 1 }
        let first: Int
        let last: Int
        if at(index) == "<" {
            first = index + 1
            while index < limit, source[index] != ">" { index += 1 }
            last = index
            index += 1
        } else {
            first = index
            var depth = 0
            scan: while index < limit {
                switch source[index] {
                case "(": depth += 1
                case ")":
                    if depth == 0 { break scan }
                    depth -= 1
                case " ": break scan
                default: break
                }
                index += 1
            }
            last = index
        }
        while index < limit, source[index] == " " { index += 1 }
        if let quote = at(index), quote == "\"" || quote == "'" {
            index += 1
            while index < limit, source[index] != quote { index += 1 }
            index += 1
            while index < limit, source[index] == " " { index += 1 }
        }
        guard first < last, last <= limit, at(index) == ")" else { return nil }
        return (text(first..<last), index + 1)
    }
}
