import Testing

@testable import BotTelegram

struct LinkTests {
    @Test(
        "S4 S5: only web and mail addresses become links; others show their label alone",
        arguments: [
            "tg://user?id=42", "javascript:alert(1)", "TG://resolve?domain=x", "data:text/html,x", "file:///etc/passwd",
            "<tg://user?id=42>", "tg://user?id=42 \"title\"",
        ])
    func dropsOtherSchemes(url: String) {
        let rendered = MarkdownRenderer.render("see [him](\(url)) there, ![her](\(url))")
        #expect(rendered.entities.isEmpty)
        #expect(rendered.text == "see him there, her")
        #expect(MarkdownRenderer.render("<a href=\"\(url)\">him</a>").entities.isEmpty)
        #expect(MarkdownRenderer.render("[him][1]\n\n[1]: \(url)").entities.isEmpty)
    }

    @Test(
        "T30: addresses that Telegram would refuse with the whole message stay readable",
        arguments: [
            "http://localhost:8080/x", "http://x", "https://x.y:99999/", "http://ex%zz.com", "http://user@x.y/",
            "http://[::1]/", "http://..", "http://x.y:0", "http://x.y:+1", "http://a.b:1:2",
        ])
    func showsRefusedAddresses(url: String) {
        let rendered = MarkdownRenderer.render("see [here](\(url)) now")
        #expect(rendered.text == "see here (\(url)) now")
        #expect(rendered.entities.isEmpty)
    }

    @Test(
        "Addresses are taken apart as Markdown says",
        arguments: [
            ("[a](<http://x.y/b c>)", "<text_link http://x.y/b c>a</text_link>"),
            ("[a](http://x.y 'title')", "<text_link http://x.y>a</text_link>"),
            ("[a](HTTP://x.y:80/?q#f)", "<text_link HTTP://x.y:80/?q#f>a</text_link>"),
            ("[a](http://日本.jp/ü)", "<text_link http://日本.jp/ü>a</text_link>"),
            ("[](https://x.y)", "<text_link https://x.y>https://x.y</text_link>"),
            ("![](https://x.y/c.png)", "<text_link https://x.y/c.png>https://x.y/c.png</text_link>"),
            ("[![badge](https://i.j/k)](https://x.y)", "<text_link https://x.y>badge</text_link>"),
            ("[`a` **b**](http://x.y)", "<text_link http://x.y>a <bold>b</bold></text_link>"),
            ("[write](mailto:a@b.org?subject=x)", "write (a@b.org)"), ("[a@b.org](mailto:a@b.org)", "a@b.org"),
            ("<mailto:a@b.org> <a@b.org>", "a@b.org a@b.org"),
            (
                "[a][R] [r] [c][]\n\n[r]: http://x.y 'T'\n[C]: <http://z.a>\n[d]: http://unused.org",
                "<text_link http://x.y>a</text_link> <text_link http://x.y>r</text_link> <text_link http://z.a>c</text_link>"
                    + "\n\n[d]: http://unused.org"
            ),
            ("[a][r] **b**\n[r]: tg://user?id=1", "[a][r] <bold>b</bold>\n[r]: tg://user?id=1"),
        ])
    func readsAddresses(markdown: String, expected: String) {
        #expect(Marked.text(markdown) == expected)
    }
}
