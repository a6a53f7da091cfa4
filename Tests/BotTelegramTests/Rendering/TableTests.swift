import Testing

@testable import BotTelegram

struct TableTests {
    @Test("T30: a narrow table stands in columns, by its alignments")
    func alignsColumns() {
        let table = """
            | Name | Age | **City** |
            |:-----|----:|:--------:|
            | Ada `x` | 36 | 東京 |
            | Bob | 7 | Rome\\|Milan |
            | Eve |
            after
            """
        #expect(
            Marked.text(table)
                == """
                <pre>Name  | Age |    City
                ------+-----+-----------
                Ada x |  36 |    東京
                Bob   |   7 | Rome|Milan
                Eve   |     |</pre>
                after
                """)
    }

    @Test("T30: a wide table is told row by row, with its markup")
    func listsRows() {
        let table = """
            Tools:
            | Tool | What it is good for | Empty |
            |---|---|---|
            | `curl` | Sends **requests** to a server, and shows the answers<br>Knows many protocols | |
            | jq | Takes JSON apart | | extra |
            """
        #expect(
            Marked.text(table) == """
                Tools:
                <bold>Tool: </bold><code>curl</code>
                What it is good for: Sends <bold>requests</bold> to a server, and shows the answers; Knows many protocols

                <bold>Tool: jq</bold>
                What it is good for: Takes JSON apart
                extra
                """)
    }

    @Test("A table with links is told row by row, so that they remain links")
    func keepsLinks() {
        #expect(
            Marked.text("|a|b|\n|-|-|\n|1|[x](http://x.y)|")
                == "<bold>a: 1</bold>\nb: <text_link http://x.y>x</text_link>")
    }

    @Test("A table in a quote stays in it")
    func staysInQuotes() {
        #expect(
            Marked.text("> |a|b|\n> |-|-|\n> |1|2|\n\nend")
                == "<blockquote><pre>a | b\n--+--\n1 | 2</pre></blockquote>\n\nend")
    }

    @Test(
        "Lines with bars that are no table stay as they are",
        arguments: ["a | b\n-- | c", "a | b", "|a|b|\n|=|=|", "a | b\n\n|---|---|", "| a\n|"])
    func keepsOtherLines(text: String) {
        #expect(MarkdownRenderer.render(text) == FormattedText(text: text))
    }

    @Test("Labels of columns do not make a table many times as long")
    func boundsLabels() {
        let head = String(repeating: "long ", count: 1000)
        let rows = String(repeating: "|a|b|\n", count: 1000)
        let text = MarkdownRenderer.render("|\(head)|\(head)|\n|-|-|\n\(rows)").text
        #expect(text.unicodeScalars.count < 100_000)
        #expect(text.hasPrefix(head.dropLast() + ": a"))
        #expect(text.hasSuffix("long\u{2026}: b\n"))
    }
}
