import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

struct MarkdownRendererTests {
    @Test(
        "T30: the markup that models write becomes entities",
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
            ("> a\n>> b\n> > > c", "<blockquote>a\nb\nc</blockquote>"),
            ("> a\n>\n> b\nme", "<blockquote>a\n\nb</blockquote>\nme"),
            ("> - a\n> # B", "<blockquote>• a\n<bold>B</bold></blockquote>"),
            ("> x\n> ```py\n> a > b\n>   c\n> ```\n> y", "<blockquote>x\n<pre py>a > b\n  c</pre>\ny</blockquote>"),
            ("> ```\n> a\nb", "<blockquote><pre>a</pre></blockquote>\nb"),
            ("Title\n=====\ntext", "<bold>Title</bold>\ntext"),
            ("1. a\n1. b\n   - c\n1. d", "1. a\n2. b\n   • c\n3. d"),
            ("1. a\n\ntext\n\n1. b", "1. a\n\ntext\n\n1. b"),
            ("3. a\n4. b", "3. a\n4. b"),
            ("1. a\n   1. b\n   1. c\n2. d", "1. a\n   1. b\n   2. c\n2. d"),
            ("-   wide", "• wide"),
            ("- ```js\n  a\n  ```\n- b", "• \n<pre js>a</pre>\n• b"),
            ("so:\n\n    let a\n      b\n\n    c\n\nend", "so:\n\n<pre>let a\n  b\n\nc</pre>\n\nend"),
            ("- a\n\n    more of a\n    - b", "• a\n\n    more of a\n    • b"),
            ("text\n    goes on", "text\n    goes on"),
            ("```go\n\tx\n\t\ty\n```", "<pre go>    x\n        y</pre>"),
            ("````md\n```\na\n```\n````", "<pre md>```\na\n```</pre>"),
            ("a\\\nb", "a\nb"),
            ("```swift\nlet a = **b**\n```", "<pre swift>let a = **b**</pre>"),
            ("x\n```\na\n\n\nb\n```\ny", "x\n<pre>a\n\n\nb</pre>\ny"),
            ("~~~py\na\n~~~", "<pre py>a</pre>"),
            ("- item\n  ```js\n  a\n    b\n  ```", "• item\n<pre js>a\n  b</pre>"),
            ("a\n\n\n\n\nb", "a\n\nb"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("above\n\n---\n\nbelow", "above\n\n———\n\nbelow"), ("* * *", "———"),
            (#"\*not\* \`this\` \$5"#, "*not* `this` $5"),
            ("so[^1] and[^note]\n\n[^1]: **Why**\n[^note]: b", "so[1] and[note]\n\n[1] <bold>Why</bold>\n[note] b"),
            ("😀 **b** 😀", "😀 <bold>b</bold> 😀"),
        ])
    func rendersMarkup(markdown: String, expected: String) {
        #expect(Marked.text(markdown) == expected)
    }

    @Test(
        "T30: what is no markup, or broken markup, stays as it is written",
        arguments: [
            "2 * 3 * 4 and 2*3*4", "x**2 + y**2", "snake_case_name and __x", "a || b || c", "if (a||b) c||d",
            "5 ~ 6 ~~ 7",
            "**open", "`open", "*open _and ~~so", "[label]", "[label](", "[label](no end", "[a](b c)", "array[0](x)",
            "[x](relative/path)", "[x](http://)", "C:\\Users\\name", "<b> opens & </i> closes, <vector> T<a>",
            "AT&T &unknown; &", "#hashtag", "-5 degrees",
            "1.5 litres", "** a **", "\\(x^2\\)", "a > b", "https://x.y/a_b_/c_d_ ok", "@everyone", "!", "[]", "()",
            "[1] and [^]", "2020. A year", "$5 and $10, or $5-$10", "1|2", "a | b\nc | d",
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

    @Test("T32: controls that Telegram refuses or takes away are not sent")
    func scrubsControls() {
        let rendered = MarkdownRenderer.render("a\u{0}b\u{202E}\u{2066}c\u{7}d\u{2028}e **f**")
        #expect(rendered.text == "abcd\ne f")
        #expect(rendered.entities == [MessageEntity(type: .bold, offset: 7, length: 1)])
    }

    @Test("T32: marks that Telegram removes are joined with their letter, or left out")
    func scrubsMarks() {
        #expect(
            Array(MarkdownRenderer.render("A\u{30A}x\u{30A} u\u{333} o\u{308}").text.unicodeScalars)
                == Array("\u{C5}x u o\u{308}".unicodeScalars))
        #expect(MarkdownRenderer.render("a\u{200E}**\u{200F}b** &#x202E;&#0;").text == "a\u{200E}b &#x202E;&#0;")
    }

    @Test("T30: no word of a reply is lost, however broken its markup is", .serialized, arguments: 0..<200)
    func losesNoWord(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed + 5000))
        let words = (0..<40).map { "word\($0)end" }
        let text = words.map { $0 + RandomMarkdown.marker(using: &random) }.joined()
        let rendered = MarkdownRenderer.render(text).text
        for word in words { #expect(rendered.contains(word), "\(text)") }
    }

    @Test("T30: entities are legal whatever the input", .serialized, arguments: 0..<300)
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
}
