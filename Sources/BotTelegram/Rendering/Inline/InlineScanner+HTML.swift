extension InlineScanner {
    /// An address in angle brackets, a comment, or a tag. Of tags only pairs count, so that what a text says about one stays.
    mutating func scanAngle(_ document: inout MarkdownDocument) {
        let start = position
        position += 1
        if source.matches("<!--", at: start, before: range.upperBound), let end = find("-->", from: start + 4) {
            position = end + 3
            return document.hide(start..<position)
        }
        if let tag = HTMLTag(in: source, at: start, before: range.upperBound) { return scanTag(tag, &document) }
        if skipAddress(from: start, &document) { return }
        if block.isOpen, !source[start + 1..<range.upperBound].contains(where: { $0 == "<" || $0 == ">" }),
            HTMLTag.mayBegin(source[start..<range.upperBound])
        {
            document.hide(start..<range.upperBound)
            position = range.upperBound
        }
    }

    private mutating func skipAddress(from start: Int, _ document: inout MarkdownDocument) -> Bool {
        var end = start + 1
        while let scalar = at(end), !scalar.isSpace, scalar != "<", scalar != ">" { end += 1 }
        var address = start + 1..<end
        if source.matches("mailto:", at: address.lowerBound, before: end) {
            address = address.lowerBound + "mailto:".count..<end
        }
        let isMail = source[address].contains("@") && !source[address].contains("/") && source[address].first != "@"
        guard startsAddress(address.lowerBound) || isMail else { return false }
        if at(end) == ">" {
            document.hide(start..<address.lowerBound)
            document.hide(end..<end + 1)
            document.unbreakable.append(address)
            position = end + 1
            return true
        }
        guard startsAddress(address.lowerBound) else { return false }
        if block.isOpen, end == range.upperBound { document.hide(start..<address.lowerBound) }
        position = end
        return true
    }

    private mutating func scanTag(_ tag: HTMLTag, _ document: inout MarkdownDocument) {
        position = tag.range.upperBound
        switch tag.name {
        case "br": document.substitute(block.lineBreak, for: tag.range)
        case "hr": document.substitute("\u{2014}\u{2014}\u{2014}", for: tag.range)
        case _ where tag.isClosing:
            guard let index = tags.lastIndex(where: { $0.name == tag.name }) else { return }
            let opening = tags[index]
            tags.remove(at: index)
            format(opening, to: tag.range.lowerBound, &document)
            document.hide(tag.range)
        case _ where tag.isCode: scanCode(after: tag, &document)
        default: if tags.count < 16 { tags.append(tag) }
        }
    }

    private mutating func scanCode(after tag: HTMLTag, _ document: inout MarkdownDocument) {
        guard !missing.contains(tag.name) else { return }
        var end = tag.range.upperBound
        while end < range.upperBound {
            if source[end] == "<", let closing = HTMLTag(in: source, at: end, before: range.upperBound),
                closing.isClosing, closing.name == tag.name
            {
                break
            }
            end += 1
        }
        guard end < range.upperBound || block.isOpen else {
            missing.insert(tag.name)
            return
        }
        document.hide(tag.range)
        document.spans.append(.init(kind: .code, range: tag.range.upperBound..<end))
        position = end
        while position < range.upperBound {
            defer { position += 1 }
            document.hide(position..<position + 1)
            if source[position] == ">" { break }
        }
    }

    /// Gives the text between a pair of tags its format, and hides the first of them.
    mutating func format(_ tag: HTMLTag, to end: Int, _ document: inout MarkdownDocument) {
        let content = tag.range.upperBound..<end
        document.hide(tag.range)
        forget(openedAfter: tag.range.lowerBound)
        switch tag.name {
        case "a":
            if let url = tag.value(of: "href=", in: source), WebAddress.isLinkable(url), content.count > 0 {
                document.spans.append(.init(kind: .link, range: content, url: url))
            }
        case "sup": SmallDigits.raise(content, tag.range, in: &document)
        case "sub": SmallDigits.lower(content, tag.range, in: &document)
        case "li": document.substitute("\u{2022} ", for: tag.range)
        case "span":
            if tag.value(of: "class=", in: source) == "tg-spoiler" {
                document.spans.append(.init(kind: .spoiler, range: content))
            }
        default:
            guard let kind = tag.kind, !(block.isHeading && kind == .bold), content.count > 0 else { return }
            document.spans.append(.init(kind: kind, range: content))
        }
    }

    /// A character by its name or number: `&amp;`, `&#39;`.
    mutating func scanReference(_ document: inout MarkdownDocument) {
        let start = position
        position += 1
        var end = position
        while let scalar = at(end), end - start < 10, scalar.isASCIIWord || scalar == "#" { end += 1 }
        guard at(end) == ";" else {
            if block.isOpen, end == range.upperBound { document.hide(start..<end) }
            return
        }
        guard let character = CharacterReference.character(source.string(start + 1..<end)) else { return }
        document.substitute(character, for: start..<end + 1)
        position = end + 1
    }
}
