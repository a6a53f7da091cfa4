/// Makes Markdown at random: well formed, broken and nested.
package enum RandomMarkdown {
    private static let pieces = [
        "word ", "two words ", "**", "*", "_", "__", "***", "~~", "||", "`", "``", "```\n", "```swift\n", "~~~\n", "\n",
        "\n\n",
        "# ", "\n- ", "\n  - ", "\n1. ", "\n> ", "> ", "\n    ", "[", "]", "](http://x.y)", "](tg://user?id=1)",
        "](http://localhost)", "](mailto:a@b.org)", "](https://u@x.y:80/?a=\"b\"&c)", "][r]", "\n[r]: http://r.org\n",
        "[^1]", "\n[^1]: ",
        "(", ")", "\\", "\\(", "\\)", "\\[", "\\]", "$", "$$", "<", ">", "<https://a.b/c>", "<a@b.org>", "!", "![",
        "<b>", "</b>", "<i>", "</i>", "<u>", "</u>", "<code>", "</code>", "<br>", "<sup>", "</sup>", "<li>", "<!--",
        "-->",
        "<a href=\"https://l.m\">", "<a href=\"javascript:x\">", "</a>", "<tg-spoiler>", "</tg-spoiler>", "<script>",
        "&lt;", "&amp;", "&#x202E;", "&#8206;", "&", "https://x.y/z_w ", "@everyone ", "/start ", "#tag ", "😀", "👩‍👩‍👧‍👦",
        "重点。",
        "e\u{301}", "a\u{30A}", "\u{30A}", "\u{333}", "\u{200E}", "\u{200F}", "\u{202E}", "\u{2066}", "\u{200B}",
        "\u{A0}", "\u{3000}",
        "\u{FEFF}", "\u{E0041}", "\u{FFFE}", "\u{2028}", "\r\n", "\n| a | b |\n|---|:-:|\n| 1 | [l](https://s.t/u) |\n",
        "\n|a|b|c|\n|-|-|-|\n|`x`|**y**|", "|", " | ", "\n|--|--|\n", "\n---\n", "\n===\n", "\u{0}", "\t", "   ",
        "end. ", "**bold** ", "*it* ", "`code` ", "[l](https://s.t/u) ", "עברית ", "عربي ",
    ]

    package static func text(pieces count: Int, using random: inout some RandomNumberGenerator) -> String {
        (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    /// Markup in which a word cannot become a part that is not shown, as addresses, attributes and languages are.
    package static func marker(using random: inout some RandomNumberGenerator) -> String {
        [
            "**", "*", " *", "* ", "_", " __", "***", " ~~x~~ ", "||", " || ", " `x` ", "\n```\n", "\n", "\n\n", "\n# ",
            "\n- ",
            "\n    ", "\n\n    ", "\n1. ", "\n> ", "[", "]", "](http://x.y)", "](mailto:a@b.org)", "[^1]", "\n[^1]: ",
            "\\",
            "\\(", "\\)", "\n\\[\n", "\n\\]\n", "$", "$$", " <b>", "</b> ", "<i>", "</i>", "<code>", "</code>", "<br>",
            "<sup>",
            "</sup>", "&lt;", "\n| a | b |\n|---|---|\n| ", " | ", "\n|-|-|\n", "\n---\n", "\n===\n", "\n<details>\n",
            " ",
        ].randomElement(using: &random) ?? ""
    }

    /// A reply as models write them, in which some places are broken.
    package static func brokenReply(using random: inout some RandomNumberGenerator) -> String {
        var scalars = Array((NastyMarkdown.replies.randomElement(using: &random) ?? "").unicodeScalars)
        for _ in 0..<Int.random(in: 0...6, using: &random) where scalars.count > 2 {
            let place = Int.random(in: 0..<scalars.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: scalars.removeSubrange(place..<min(place + Int.random(in: 1...8, using: &random), scalars.count))
            case 1: scalars.removeSubrange(place...)
            case 2: scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &random))
            default:
                let piece = pieces.randomElement(using: &random) ?? ""
                scalars.insert(contentsOf: Array(piece.unicodeScalars), at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

/// Texts that make careless parsers slow when they are repeated.
package enum HostileText {
    package static let seeds = [
        "*", "**", "_", "***a", "* a ", "`", "`a``b", "[", "]", "[](", "](", "[a](b", "[a](http://x", "![", "<",
        "<http://", "> ", ">", "- ", "# ", "```\n", "~~~a\n", "|", "||a", "|a|\n|-|\n", "\\", "a**b_c~~", "(", "[[]](",
        "\n",
        " ", "e\u{301}", "\u{301}", "👩‍👩‍👧‍👦", "ก", "http://", "[a](\"", "**a `", "~~a ~~", "*a_b*c_", "a", "$", "$a", "$$\n",
        "\\[",
        "\\[\n", "\\(", "\\begin{\n", "<b>", "</b>", "<code>", "<code>x</b>", "<!--", "&", "&amp;", "[a]", "[a][b]",
        "[^a]", "[a]: http://x.y\n", "[a](<", "[a](b 'c", "1. ", "1. a\n", "    a\n", "\n\n    ", "===\n", "a\n===\n",
        "|-", "a|b\n",
        "|a|b|\n|-|-|\n|c|d|\n\n", "\t", "\u{30A}", "\u{200E}", "<a href='", "<br>", "<sup>1</sup>", "**a** `b` ",
        "- [ ] ",
        "  - a\n", "> ```\n", "<li", "**<b>*<i>", "a@b.c ", "\u{0}",
    ]
}
