import BotCore
import Testing

@testable import BotDiscord

/// What Discord is sent for the Markdown that models write.
struct DialectTests {
    private func text(_ markdown: String) -> String {
        DiscordRenderer.render(markdown).map(\.text).joined(separator: "\n---- next ----\n")
    }

    @Test(
        "Lists, boxes, headings, rules and quotes",
        arguments: [
            ("- [ ] open\n- [x] done", "- ☐ open\n- ☑ done"), ("+ plus\n* star\n• dot", "- plus\n- star\n- dot"),
            ("1) one\n2. two", "1. one\n2. two"), ("- a\n  - b\n    - c", "- a\n  - b\n    - c"),
            ("## Two ##", "## Two"), ("# C#", "# C#"), ("Title\n=====\nx", "# Title\nx"),
            ("a\n\n---\n\nb", "a\n\n———\n\nb"),
            ("***", "———"), ("> > deep\n>> too\n>flat", "> deep\n> too\n> flat"), ("> a\n>\n> b", "> a\n> \n> b"),
            ("-# small", "\\-# small"), ("##### **five** x", "**five x**"), ("#\nx", "#\nx"),
        ])
    func blocks(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test(
        "Code of every kind becomes Discord's own",
        arguments: [
            ("~~~python\nx\n~~~", "```python\nx\n```"),
            ("````md\n```\na\n```\n````", "```md\n``\u{200B}`\na\n``\u{200B}`\n```"),
            ("- a\n  ```sh\n  ls\n    -l\n  ```", "- a\n```sh\nls\n  -l\n```"), ("```a b=c\nx\n```", "```a\nx\n```"),
            ("> ```\n> x\n> ```\n> y", "```\nx\n```\n> y"), ("> ```\n> x\ny", "```\nx\n```\ny"),
            ("a\n\n    code *x*\n\n    more\n\nb", "a\n\n```\ncode *x*\n\nmore\n```\n\nb"),
            ("- a\n\n    text", "- a\n\n    text"),
            ("```x``` y", "`x` y"), ("a ``` b", "a \\`\\`\\` b"), ("`a`` b", "`a`` b"), ("\tx", "```\nx\n```"),
        ])
    func code(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test(
        "Formulas are code, for Discord would take their signs for markup",
        arguments: [
            (#"so \(a_1 * b_1\) is"#, "so `a_1 * b_1` is"), ("$a_b$ and $5 or $6", "`a_b` and $5 or $6"),
            ("$$x^2$$", "```tex\nx^2\n```"), ("a $$x$$ b", "a `x` b"), ("\\[\nx_1\n\\]\nb", "```tex\nx_1\n```\nb"),
            ("$$\nno end\n\nx", "$$\nno end\n\nx"), (#"\[x\] is not a link"#, "`x` is not a link"),
        ])
    func formulas(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test(
        "Links and images",
        arguments: [
            ("![a cat](https://x.y/c.png)", "[a cat](https://x.y/c.png)"),
            ("![](https://x.y/c.png)", "https://x.y/c.png"),
            ("[a](https://x.y \"T\")", "[a](https://x.y)"), ("[a](<https://x.y>)", "[a](https://x.y)"),
            ("[a](https://x.y/(b))", "[a](<https://x.y/(b)>)"), ("[https://x.y](https://x.y)", "https://x.y"),
            ("[https://good.com](https://evil.com)", "https://good.com (https://evil.com)"),
            ("[me](mailto:a@b.org)", "me (a@b.org)"), ("[x](javascript:alert(1))", "x"), ("[x](tg://user?id=1)", "x"),
            ("[a](b)", "[a](b)"), ("[**a**](https://x.y)", "[**a**](https://x.y)"),
            ("[a][r] and [r]\n\n[r]: https://x.y", "[a](https://x.y) and [r](https://x.y)"),
            ("[r]: https://x.y", "[r]: https://x.y"),
            ("[![b](https://i.j/b.png)](https://x.y)", "[b](https://i.j/b.png) (https://x.y)"),
            ("https://x.y/a_b_*c*?d=$e$", "https://x.y/a_b_*c*?d=$e$"), ("<https://x.y>", "<https://x.y>"),
            ("<a@b.org>", "a@b.org"), ("[^1] a", "[^1] a"),
        ])
    func links(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test(
        "HTML",
        arguments: [
            ("a<br>b<br/>c", "a\nb\nc"), ("<b>x</b> <em>y</em> <u>z</u> <del>w</del>", "**x** *y* __z__ ~~w~~"),
            ("<kbd>Ctrl</kbd>+<code>C</code>", "`Ctrl`+`C`"), ("<a href=\"https://x.y\">t</a>", "[t](https://x.y)"),
            ("<a href='javascript:x'>t</a>", "t"), ("H<sub>2</sub>O x<sup>n</sup> y<sup>ab</sup>", "H₂O xⁿ y^ab"),
            ("<details>\n<summary>More</summary>\n\nx\n</details>", "**More**\n\nx"), ("a <!-- b --> c", "a  c"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &#42;a&#42;", "1 < 2 && 3 \\> 2 \\*a\\*"), ("a <b> tag", "a <b> tag"),
            ("x < y > z", "x < y > z"),
            ("<script>x</script>", "<script>x</script>"), ("`<b>x</b> &lt;`", "`<b>x</b> &lt;`"),
            ("<@5> <#6> <t:7>", "<@5> <#6> <t:7>"),
        ])
    func html(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test(
        "Bars hide only what was meant to be hidden",
        arguments: [("||secret||", "||secret||"), ("a || b || c", "a \\|\\| b \\|\\| c"), ("`a || b`", "`a || b`")])
    func spoilers(_ markdown: String, _ expected: String) {
        #expect(text(markdown) == expected)
    }

    @Test(
        "S4: no form of a ping to many gets through",
        arguments: [
            "&#64;everyone", "<b></b>@everyone", "@<!-- -->everyone", "- @here", "# @here", "> @everyone",
            "[@here](https://x.y)", "&lt;@&amp;5>",
        ])
    func pings(_ markdown: String) {
        let text = text(markdown)
        #expect(!text.contains("@everyone") && !text.contains("@here") && !text.contains("<@&"))
    }

    @Test("A wide table, and one with links, is shown row by row")
    func wideTables() {
        let long = String(repeating: "long ", count: 10)
        #expect(text("| A | B |\n|-|-|\n| x | \(long)|\n| y | z |") == "**A: x**\nB: \(long.trimmed)\n\n**A: y**\nB: z")
        #expect(text("| A | B |\n|-|-|\n| x | [l](https://x.y) |") == "**A: x**\nB: [l](https://x.y)")
        #expect(text("|A|\n|-|\n|重点|\n|a|") == "```\nA\n----\n重点\na\n```")
        #expect(text("|A|B|\n|:-:|-:|\n|`abc`|**1**|\n|x|22|") == "```\n A  |  B\n----+---\nabc |  1\n x  | 22\n```")
    }

    @Test(
        "D21: a link, an address and short code are not cut",
        arguments: ["[a label](https://x.y/path)", "https://x.y/a/long/path", "`some code`"])
    func unbroken(_ span: String) throws {
        let filler = String(repeating: "x", count: 1985) + " "
        let messages = DiscordRenderer.render(filler + span + " end").map(\.text)
        #expect(messages == [filler.trimmed, span + " end"])
    }
}
