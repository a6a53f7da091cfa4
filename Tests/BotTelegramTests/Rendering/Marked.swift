@testable import BotTelegram

/// Renders to a text with its entities written into it as `<kind>...</kind>`, which is easy to compare.
enum Marked {
    static func text(_ markdown: String, isUnfinished: Bool = false) -> String {
        var marked = tagged(MarkdownRenderer.render(markdown, isUnfinished: isUnfinished))
        while marked.last == "\n" { marked.removeLast() }
        return marked
    }

    static func tagged(_ text: FormattedText) -> String {
        let units = Array(text.text.utf16)
        var result: [UInt16] = []
        for position in 0...units.count {
            for entity in text.entities.reversed() where entity.end == position {
                result += Array("</\(entity.type.rawValue)>".utf16)
            }
            for entity in text.entities where entity.offset == position {
                let detail = entity.url ?? entity.language
                result += Array("<\(entity.type.rawValue)\(detail.map { " \($0)" } ?? "")>".utf16)
            }
            if position < units.count { result.append(units[position]) }
        }
        return String(decoding: result, as: UTF16.self)
    }
}
