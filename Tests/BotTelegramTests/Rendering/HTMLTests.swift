import Testing

@testable import BotTelegram

struct HTMLTests {
    @Test(
        "T30: HTML that models write is shown as what it means",
        arguments: [
            ("<b>a</b> <strong>b</strong>", "<bold>a</bold> <bold>b</bold>"),
            (
                "<i>a</i> <em>b</em> <u>c</u> <del>d</del>",
                "<italic>a</italic> <italic>b</italic> <underline>c</underline> <strikethrough>d</strikethrough>"
            ),
            ("one<br>two<br/>three", "one\ntwo\nthree"), ("H<sub>2</sub>O, x<sup>2</sup>", "H₂O, x²"),
            ("x<sup>a b</sup>, y<sub>z</sub>", "x^a b, y_z"), ("press <kbd>*Ctrl*</kbd>", "press <code>*Ctrl*</code>"),
            (
                "<code>a &lt; b</code> &lt;b&gt; &amp;amp; &#39;&#x41;&nbsp;&mdash;",
                "<code>a &lt; b</code> <b> &amp; 'A\u{A0}—"
            ),
            ("<a href=\"https://x.y\">x</a>", "<text_link https://x.y>x</text_link>"),
            ("<a title='t' href='https://x.y'>x</a>", "<text_link https://x.y>x</text_link>"),
            ("<span style=\"color:red\">a</span> <mark>b</mark>", "a b"),
            ("<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "<spoiler>ab</spoiler>"),
            (
                "<details>\n<summary>More</summary>\n\nHidden *x*\n</details>\nend",
                "<bold>More</bold>\n\nHidden <italic>x</italic>\nend"
            ),
            ("a <!-- not *this* --> b", "a  b"), ("<p align=\"center\">a</p>", "a"), ("# <b>A</b>", "<bold>A</bold>"),
            ("**<u>a</u>**", "<bold><underline>a</underline></bold>"),
            ("*a <b>b* c</b>", "<italic>a <b>b</italic> c</b>"),
        ])
    func showsHTML(markdown: String, expected: String) {
        #expect(Marked.text(markdown).replacing("<spoiler>a</spoiler><spoiler>b", with: "<spoiler>ab") == expected)
    }

    @Test(
        "Tags without a counterpart, and other tags, stay as they are written",
        arguments: [
            "the <b> tag", "</b> ends", "Array<Int>", "if a<b && c>d", "<script>alert(1)</script>", "</code><a href=x>",
            "<div class='x'> begins", "<!-- open", "x <y> z", "<", "< b>x</ b>", "<img src=x onerror=y>",
            "&notaname; &#0; &#xD800; &;",
        ])
    func keepsText(text: String) {
        #expect(MarkdownRenderer.render(text) == FormattedText(text: text))
    }

    @Test("S5: ten thousand nested tags are text")
    func survivesNesting() {
        let text = String(repeating: "<b>", count: 10_000)
        #expect(MarkdownRenderer.render(text) == FormattedText(text: text))
    }
}
