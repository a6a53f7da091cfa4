/// The addresses that a text gives for its links by name: `[name]: https://...`. Discord has no such thing.
struct LinkDefinitions: Sendable {
    private var addresses: [String: String] = [:]

    /// Names are compared without regard to case and white space.
    subscript(name: some StringProtocol) -> String? {
        addresses.isEmpty ? nil : addresses[Self.key(name)]
    }

    /// Takes the definitions out of a text. One that nothing refers to stays, for it may be all that the text says.
    static func taken(from lines: [Substring]) -> (rest: [Substring], definitions: LinkDefinitions) {
        var definitions = LinkDefinitions()
        var rest: [Substring] = []
        var fence: CodeFence?
        var found: [(index: Int, key: String)] = []
        for line in lines {
            if let open = fence {
                if open.isClosed(by: line) { fence = nil }
            } else if let opened = CodeFence(opening: line) {
                fence = opened
            } else if let (name, address) = definition(in: line) {
                let key = key(name)
                if definitions.addresses.updateValue(definitions.addresses[key] ?? address, forKey: key) == nil {
                    found.append((rest.count, key))
                }
            }
            rest.append(line)
        }
        guard !found.isEmpty else { return (lines, definitions) }
        let text = rest.joined(separator: "\n").lowercased()
        let used = found.filter { text.contains("[\($0.key)]\n") || occurrences(of: "[\($0.key)]", in: text) > 1 }
        for (index, _) in used.reversed() { rest.remove(at: index) }
        for (_, key) in found where !used.contains(where: { $0.key == key }) { definitions.addresses[key] = nil }
        return (rest, definitions)
    }

    private static func occurrences(of part: String, in text: String) -> Int {
        text.ranges(of: part).prefix(2).count
    }

    private static func definition(in line: Substring) -> (name: Substring, address: String)? {
        let rest = line.drop { $0 == " " }
        guard rest.first == "[", let end = rest.firstIndex(of: "]"), rest[end...].hasPrefix("]:") else { return nil }
        let name = rest[rest.index(after: rest.startIndex)..<end]
        // `[^1]:` is a footnote, which is text.
        guard !name.isEmpty, name.first != "^", name.count <= 100 else { return nil }
        var address = rest[rest.index(end, offsetBy: 2)...].drop { $0 == " " }.prefix { !$0.isWhitespace }
        if address.first == "<", address.last == ">" { address = address.dropFirst().dropLast() }
        guard LinkAddress.isWeb(address) else { return nil }
        return (name, String(address))
    }

    private static func key(_ name: some StringProtocol) -> String {
        name.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
}

/// Addresses of links.
enum LinkAddress {
    /// Whether Discord makes a link of it.
    static func isWeb(_ address: some StringProtocol) -> Bool {
        let lower = address.prefix(9).lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { return false }
        return address.count > scheme.count && !address.contains(where: { $0.isWhitespace || $0 == "<" || $0 == ">" })
    }
}
