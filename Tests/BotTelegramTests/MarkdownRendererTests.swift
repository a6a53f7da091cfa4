import BotCore
import Testing

@testable import BotTelegram

struct MarkdownRendererTests {
    /// The text with its entities written into it as `<kind>...</kind>`, which is easy to compare.
    static func marked(_ markdown: String, isUnfinished: Bool = false) -> String {
        let marked = tagged(MarkdownRenderer.render(markdown, isUnfinished: isUnfinished))
        return marked.last == "\n" ? String(marked.dropLast()) : marked
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

    @Test(
        "The markup that models write becomes entities",
        arguments: [
            ("plain text", "plain text"),
            ("a **bold** word", "a <bold>bold</bold> word"),
            ("a __bold__ word", "a <bold>bold</bold> word"),
            ("an *italic* and _another_ one", "an <italic>italic</italic> and <italic>another</italic> one"),
            ("***both***", "<bold><italic>both</italic></bold>"),
            ("**a *b***", "<bold>a <italic>b</italic></bold>"),
            ("***a* b**", "<bold><italic>a</italic> b</bold>"),
            ("~~gone~~ and ||hidden||", "<strikethrough>gone</strikethrough> and <spoiler>hidden</spoiler>"),
            ("run `ls -l` now", "run <code>ls -l</code> now"),
            ("``a `tick` b``", "<code>a `tick` b</code>"),
            ("`` ` ``", "<code>`</code>"),
            ("**see `x`** ok", "<bold>see </bold><code>x</code> ok"),
            ("**这是**重点", "<bold>这是</bold>重点"),
            ("这是**重点**。", "这是<bold>重点</bold>。"),
            ("[Swift](https://swift.org)", "<text_link https://swift.org>Swift</text_link>"),
            ("**[a](http://x.y)**", "<bold><text_link http://x.y>a</text_link></bold>"),
            ("[**a** `b`](http://x.y)", "<text_link http://x.y><bold>a</bold> b</text_link>"),
            ("[w](https://x.y/a_(b))", "<text_link https://x.y/a_(b)>w</text_link>"),
            ("[w](https://x.y \"title\")", "<text_link https://x.y>w</text_link>"),
            ("[m](mailto:a@b.c)", "<text_link mailto:a@b.c>m</text_link>"),
            ("![cat](https://x.y/c.png)", "<text_link https://x.y/c.png>cat</text_link>"),
            ("<https://x.y/a_b_c>", "https://x.y/a_b_c"),
            ("# Title", "<bold>Title</bold>"),
            ("### A **b** C ##\ntext", "<bold>A b C</bold>\ntext"),
            ("## C#", "<bold>C#</bold>"),
            ("- one\n* two\n+ three", "• one\n• two\n• three"),
            ("1. one\n2) two", "1. one\n2) two"),
            ("- a\n  - **b**", "• a\n  • <bold>b</bold>"),
            ("- [ ] open\n- [x] done", "☐ open\n☑ done"),
            ("> said\n> **so**\n\nme", "<blockquote>said\n<bold>so</bold></blockquote>\n\nme"),
            ("```swift\nlet a = **b**\n```", "<pre swift>let a = **b**</pre>"),
            ("x\n```\na\n\n\nb\n```\ny", "x\n<pre>a\n\n\nb</pre>\ny"),
            ("~~~py\na\n~~~", "<pre py>a</pre>"),
            ("- item\n  ```js\n  a\n    b\n  ```", "• item\n<pre js>a\n  b</pre>"),
            ("a\n\n\n\n\nb", "a\n\nb"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("above\n\n---\n\nbelow", "above\n\n⸻\n\nbelow"),
            ("| a | b |\n|---|---|\n| 1 | 2 |\nend", "<pre>| a | b |\n|---|---|\n| 1 | 2 |</pre>\nend"),
            (#"\*not\* \`this\`"#, "*not* `this`"),
            ("😀 **b** 😀", "😀 <bold>b</bold> 😀"),
        ])
    func rendersMarkup(markdown: String, expected: String) {
        #expect(Self.marked(markdown) == expected.replacing("⸻", with: "\u{2E3B}"))
    }

    @Test(
        "What is no markup, or broken markup, stays as it is written",
        arguments: [
            "2 * 3 * 4 and 2*3*4", "x**2 + y**2", "snake_case_name and __x", "a || b || c", "if (a||b) c||d",
            "5 ~ 6 ~~ 7",
            "**open", "`open", "*open _and ~~so", "[label]", "[label](", "[label](no end", "[a](b c)", "array[0](x)",
            "[x](relative/path)", "[x](http://)", "C:\\Users\\name", "<b>tag</b> & &lt;", "#hashtag", "-5 degrees",
            "1.5 litres", "** a **", "\\(x^2\\)", "a > b", "https://x.y/a_b_/c_d_ ok", "@everyone", "!", "[]", "()",
            "** open bold _and `broken* <b>tag & ~~~ *end",
        ])
    func keepsLiteralText(text: String) {
        let rendered = MarkdownRenderer.render(text)
        #expect(rendered.text == text)
        #expect(rendered.entities == [])
    }

    @Test("The rig's broken Markdown arrives whole")
    func keepsBrokenMarkup() {
        let text = "**bold _and `broken* <b>tag & [link](http://x.y/(z) ~~~ *end"
        #expect(MarkdownRenderer.render(text).text == text)
    }

    @Test(
        "S4 S5: only http, https and mailto become links; others show their label alone",
        arguments: [
            "tg://user?id=42", "javascript:alert(1)", "TG://resolve?domain=x", "data:text/html,x", "file:///etc/passwd",
        ])
    func dropsOtherSchemes(url: String) {
        let rendered = MarkdownRenderer.render("see [him](\(url)) there")
        #expect(rendered.entities.isEmpty)
        #expect(rendered.text.hasPrefix("see him"))
        #expect(!rendered.text.contains(url))
    }

    @Test("T32: controls that Telegram refuses or takes away are not sent")
    func scrubsControls() {
        let rendered = MarkdownRenderer.render("a\u{0}b\u{202E}c\u{7}d\u{2028}e **f**")
        #expect(rendered.text == "abcd\ne f")
        #expect(rendered.entities == [MessageEntity(type: .bold, offset: 7, length: 1)])
    }

    @Test("An unfinished reply shows open bold text as bold, and open code as code")
    func closesOpenMarkup() {
        #expect(Self.marked("so **very bo", isUnfinished: true) == "so <bold>very bo</bold>")
        #expect(Self.marked("```py\nprint(", isUnfinished: true) == "<pre py>print(</pre>")
        #expect(Self.marked("a **b** c", isUnfinished: true) == "a <bold>b</bold> c")
    }

    @Test("Entities are legal whatever the input", .serialized, arguments: 0..<300)
    func makesLegalEntities(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let rendered = MarkdownRenderer.render(RandomMarkdown.text(pieces: 40, using: &random))
        let length = rendered.text.utf16.count
        var open: [MessageEntity] = []
        for entity in rendered.entities {
            #expect(entity.length > 0 && entity.offset >= 0 && entity.end <= length)
            open.removeAll { $0.end <= entity.offset }
            for outer in open {
                // Emphasis may cross a link's edge nowhere, and code lies in quotes alone.
                #expect(entity.type != outer.type)
                #expect(outer.type != .code && outer.type != .pre)
                #expect(entity.end <= outer.end || outer.type == .blockquote || entity.type == .blockquote)
                if entity.type == .code || entity.type == .pre { #expect(outer.type == .blockquote) }
            }
            open.append(entity)
        }
        #expect(!rendered.text.unicodeScalars.contains("\u{0}"))
    }

    @Test("T29: hostile input takes time in proportion to its length", .serialized, arguments: HostileText.seeds)
    func isLinear(seed: String) {
        let clock = ContinuousClock()
        let text = String(repeating: seed, count: 100_000 / seed.utf8.count)
        let span = clock.measure { _ = MessageChunker().chunks(of: MarkdownRenderer.render(text)) }
        // A quadratic scan of 100 KB takes minutes in a debug build; a linear one well under a second.
        #expect(span < .seconds(10))
    }
}
