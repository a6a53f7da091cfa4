extension InlineScanner {
    /// Takes what has been opened since a bracket as the label of a link, when an address follows.
    mutating func closeBracket(_ document: inout MarkdownDocument) {
        let closing = position
        position += 1
        guard let bracket = brackets.popLast() else { return }
        let label = bracket.position + (bracket.isImage ? 2 : 1)..<closing
        if at(position) == "(" {
            switch LinkTarget.read(in: source, from: position + 1, to: range.upperBound) {
            case .target(let target): return link(bracket, label, target, &document)
            case .cutOff: if block.isOpen { return cut(bracket, label, &document) }
            case .nothing: break
            }
        } else if block.isOpen, position == range.upperBound {
            return cut(bracket, label, &document)
        }
        refer(bracket, label, &document)
    }

    private mutating func link(
        _ bracket: Bracket, _ label: Range<Int>, _ target: LinkTarget, _ document: inout MarkdownDocument
    ) {
        switch target.kind {
        case .unknown: return
        case .forbidden: document.hide(label.upperBound..<target.end)
        case .shown:
            if source[label].elementsEqual(source[target.address]) || source.isBlank(label) {
                document.hide(label)
                document.hide(label.upperBound..<target.address.lowerBound)
                document.hide(target.address.upperBound..<target.end)
            } else {
                document.substitute(" (", for: label.upperBound..<target.address.lowerBound)
                document.substitute(")", for: target.address.upperBound..<target.end)
            }
            document.unbreakable.append(target.address)
        case .web(let url):
            // An image in the label of a link has its label only.
            let isLabel = bracket.isImage && brackets.last.map { !$0.isImage } ?? false
            let isEmpty = source.isBlank(label)
            let shown = isEmpty ? target.address : label
            document.hide(label.upperBound..<(isEmpty ? shown.lowerBound : target.end))
            document.hide((isEmpty ? shown.upperBound : target.end)..<target.end)
            if !isLabel { document.spans.append(.init(kind: .link, range: shown, url: url)) }
            finish(bracket, label, at: target.end, keepsOuter: isLabel, &document)
            return
        }
        finish(bracket, label, at: target.end, keepsOuter: false, &document)
    }

    /// A link cannot hold another: what is open around it is text.
    private mutating func finish(
        _ bracket: Bracket, _ label: Range<Int>, at end: Int, keepsOuter: Bool, _ document: inout MarkdownDocument
    ) {
        document.hide(bracket.position..<label.lowerBound)
        forget(openedAfter: bracket.position)
        if !keepsOuter { brackets.removeAll() }
        position = end
    }

    /// A reference, `[label][name]` or `[name]`, or a footnote, `[^name]`.
    private mutating func refer(_ bracket: Bracket, _ label: Range<Int>, _ document: inout MarkdownDocument) {
        guard !bracket.isImage else { return }
        let own = LinkLabel(in: source, at: bracket.position, before: range.upperBound)
        if let own, own.isFootnote {
            document.hide(label.prefix(1))
            return
        }
        guard !document.definitions.isEmpty else { return }
        let other = LinkLabel(in: source, at: position, before: range.upperBound)
        let isCollapsed = at(position) == "[" && at(position + 1) == "]"
        let end = other?.end ?? (isCollapsed ? position + 2 : position)
        guard let key = other?.key ?? own?.key, let definition = document.definitions[key] else { return }
        document.definitions[key]?.isUsed = true
        document.spans.append(.init(kind: .link, range: label, url: definition.url))
        document.hide(label.upperBound..<end)
        finish(bracket, label, at: end, keepsOuter: false, &document)
    }

    /// The end of a text that goes on is in the middle of a link: only the label is shown.
    private mutating func cut(_ bracket: Bracket, _ label: Range<Int>, _ document: inout MarkdownDocument) {
        document.hide(label.upperBound..<range.upperBound)
        finish(bracket, label, at: range.upperBound, keepsOuter: false, &document)
    }

    func startsAddress(_ start: Int) -> Bool {
        source.matches("http://", at: start, before: range.upperBound)
            || source.matches("https://", at: start, before: range.upperBound)
    }

    /// Skips a bare address, whose underscores are no markup. Telegram finds it by itself.
    mutating func scanBareAddress(_ document: inout MarkdownDocument) {
        let start = position
        position += 1
        if let before = at(start - 1), before.isWord { return }
        guard startsAddress(start) else { return }
        var end = start
        while let scalar = at(end), !scalar.isSpace, !"<>()[]\"`*~|".unicodeScalars.contains(scalar) { end += 1 }
        document.unbreakable.append(start..<end)
        position = end
    }
}
