import Testing

@testable import BotTelegram

struct UnfinishedMarkdownTests {
    @Test(
        "An unfinished reply shows open markup as if it were closed, and no marker that may still become one",
        arguments: [
            ("so **very bo", "so <bold>very bo</bold>"), ("a *b", "a <italic>b</italic>"),
            ("a ~~b", "a <strikethrough>b</strikethrough>"),
            ("a ||b", "a <spoiler>b</spoiler>"), ("**a *b", "<bold>a <italic>b</italic></bold>"),
            ("run `ls -", "run <code>ls -</code>"), ("``a`", "<code>a</code>"), ("<b>a", "<bold>a</bold>"),
            ("<code>a", "<code>a</code>"), ("a <b", "a "), ("a </co", "a "), ("a < b", "a < b"), ("a **", "a "),
            ("a *", "a "),
            ("**a*", "<bold>a</bold>"), ("a \\", "a "), ("a &am", "a "), ("see [the lab", "see the lab"),
            ("see [label]", "see label"), ("see [label](http://x.y/a", "see label"), ("see [label](", "see label"),
            ("a\n#", "a"), ("a\n## ", "a"), ("a\n-", "a"), ("a\n- [", "a"), ("a\n- [x]", "a"), ("a\n**", "a"),
            ("a\n``", "a"),
            ("a\n```", "a"), ("a\n```py", "a"), ("```py\nprint(", "<pre py>print(</pre>"),
            ("```\na\n``", "<pre>a\n</pre>"),
            ("a\n| b | c |", "a"), ("a\n| b | c |\n", "a"), ("a\n| b | c |\n|--", "a\n<pre>b | c\n--+--</pre>"),
            ("a\n| b | c |\n|-|-|\n| 1", "a\n<pre>b | c\n--+--\n1 |</pre>"), ("x \\(a_1 *b", "x \\(a_1 *b"),
            ("a **b** c", "a <bold>b</bold> c"), ("**done\n\nnext *on", "**done\n\nnext <italic>on</italic>"),
            ("42", "42"), ("a!", "a!"),
        ])
    func closesOpenMarkup(markdown: String, expected: String) {
        #expect(Marked.text(markdown, isUnfinished: true) == expected)
    }

    private static let replies = [
        """
        # A *plan* for **you**

        First, do **this _and_ that**; then ~~not~~ `print("*x*")`, ||secret||.
        See [the **docs**](https://swift.org/documentation "Docs") or <https://x.y/a_b>.

        - one
        - **two**: it
          - [ ] open
          - [x] done
        1. first
        2. second

        > a *quote*
        > goes on

        ```swift
        let a = [1, 2] // **not bold**
        ```
        ---
        H<sub>2</sub>O &amp; <b>HTML</b>, \\*escaped\\*, snake_case_name, 2 * 3 * 4, a < b.
        ![A cat](https://x.y/cat.png) and ***both***.
        """,
        "Use `a` and ``b ` c``. The value is \\(x_1 * y_1\\) *here*.\n\n$$\n- a_1\n$$\n\n    code\n\nEnd.",
        "### 标题\n\n这是**重点**。_好_ 😀 **👩‍👩‍👧‍👦**\n> ```js\n> x\n> ```\n\nTitle\n=====\nlast",
    ]

    @Test("No preview of a well-formed reply shows what the finished reply does not begin with", arguments: replies)
    func neverTakesBack(reply: String) {
        let whole = MarkdownRenderer.render(reply)
        let final = Array(whole.text.unicodeScalars)
        let source = Array(reply.unicodeScalars)
        for length in 1...source.count {
            let head = String(String.UnicodeScalarView(source[..<length]))
            let preview = MarkdownRenderer.render(head, isUnfinished: true)
            let shown = preview.text.unicodeScalars.reversed().drop(while: \.isSpace).reversed()
            #expect(final.starts(with: shown), "after \(head.suffix(20))")
        }
        #expect(MarkdownRenderer.render(reply, isUnfinished: true).text == whole.text)
    }
}
