/// Random numbers that are the same in each run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes Markdown at random: well formed, broken and nested.
enum RandomMarkdown {
    private static let pieces = [
        "word ", "two words ", "**", "*", "_", "__", "~~", "||", "`", "``", "```\n", "```swift\n", "\n", "\n\n", "# ",
        "- ",
        "1. ", "> ", "[", "]", "](http://x.y)", "](tg://user?id=1)", "(", ")", "\\", "<", ">", "<https://a.b/c>", "!",
        "https://x.y/z_w ", "😀", "👩‍👩‍👧‍👦", "重点。", "e\u{301}", "| a | b |\n|---|---|\n", "---\n", "\u{0}", "\t", "   ",
        "end. ", "**bold** ", "*it* ", "`code` ", "[l](https://s.t/u) ",
    ]

    static func text(pieces count: Int, using random: inout SeededRandom) -> String {
        (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
}

/// Texts that make careless parsers slow when they are repeated.
enum HostileText {
    static let seeds = [
        "*", "**", "_", "***a", "* a ", "`", "`a``b", "[", "]", "[](", "](", "[a](b", "[a](http://x", "![", "<",
        "<http://",
        "> ", ">", "- ", "# ", "```\n", "~~~a\n", "|", "||a", "|a|\n|-|\n", "\\", "a**b_c~~", "(", "[[]](", "\n", " ",
        "e\u{301}", "\u{301}", "👩‍👩‍👧‍👦", "ก", "http://", "[a](\"", "**a `", "~~a ~~", "*a_b*c_",
    ]
}
