/// Texts chosen by hand, for a renderer to stumble over.
package enum NastyMarkdown {
    package static let texts = [
        "", " ", "\n", "\u{200B}", "\u{0}", "*", "**", "***", "****", "_", "__", "`", "``", "```", "````", "~~~", "||",
        "|", "[",
        "![", "](", "[]()", "[](", "<", "<>", "</>", "&", "&;", "\\", "\\\\", "$", "$$", "$$$", "#", "##", "-", "- ",
        "1.", ">", "> ", ">>>",
        "***a** b*", "***a* b**", "**a*b**c*", "*a**b*c**", "_a__b_c__", "**a\n\nb**", "~~**a~~**", "||**a||**",
        "||a\nb||",
        "**`a`**", "`**a**`", "*`a*`", "[`a`](http://x.y)", "[**a](http://x.y)**", "**[a**](http://x.y)",
        "[a [b] c](http://x.y)",
        "[a](http://x.y)[b](http://z.w)", "[a]\n(http://x.y)", "[a](http://x.y\n)", "[a](http://x.y \"t\nu\")",
        "[a](<http://x.y)",
        "![a](http://x.y)**b**", "[![a](http://i.j)](http://x.y)", "[![a](http://i.j)", "[a](http://x.y/(b)(c))",
        "[a](http://x.y/\u{202E}gpj.exe)", "[a](http://x.y%00)", "[a](http://-.-)", "[a](http://.)",
        "[a](http://x.y#\u{0})",
        "[😀](http://x.y)😀", "😀**😀**😀", "**\u{200B}**", "**\u{A0}**", "** **", "`\n`", "` `", "`` `a` ``",
        "> **a\n> b**", "> a\n**b", "> ```\nx", "```\n> a\n```", "> |a|\n> |-|\nb", "- ```\n  a", "> - > a",
        "- > a\n  b", "> # a", "# > a",
        "# **a", "# [a](http://x.y)", "#\n#", "a\n===", "===\na", "> a\n> ===", "|a\n|-", "|a|\n|-|", "||\n|-|",
        "|a|b\n-|-\n`|`|`|`",
        "|**a|b**|\n|-|-|\n|x|y|", "|[a](http://x.y)|\n|-|\n|a<br>b|", "|\\||\n|-|\n|\\\\|", "| | |\n|-|-|\n| | |",
        "|a|\n|-|\n|\u{200E}|\u{200F}|",
        "<b>a", "a</b>", "<b><i>a</b></i>", "<b>**a</b>**", "**<b>a**</b>", "<code>`a</code>`", "`<code>a`</code>",
        "<a>b</a>",
        "<a href=\"http://x.y\">a[b](http://z.w)</a>", "[<a href='http://z.w'>b</a>](http://x.y)",
        "<a href=\"http://x.y\"><a href=\"http://z.w\">b</a></a>",
        "</code><a href=\"tg://user?id=1\">", "<sup></sup>", "<sup>1`2`</sup>", "<li>**a</li>", "<br><br><br>",
        "<pre>a\n\nb</pre>",
        "<!-- a", "<!---->", "<!-->a-->", "a<!-- b\n\nc -->", "&lt;b&gt;", "&amp;lt;", "&#42;a&#42;",
        "&#x200E;&#x200F;", "&#10;&#10;&#10;a",
        "a\u{30A}\u{30A}**\u{30A}**", "\u{200E}**\u{200F}**\u{200E}", "**a\u{200E}**\u{200F}`\u{200E}b`",
        "\u{202E}**a**\u{202C}", "\u{2066}a",
        "\t**a**\tb", "```\n\ta\n \tb\n```", "\r\r\na", "a\u{2028}- b", "a\u{B}b\u{C}c", "\u{85}a\u{85}",
        "e\u{301}**\u{301}**", "**👩**\u{200D}👧",
        "🇩🇪**🇩**🇪", "\u{FFFE}\u{FFFF}", "\u{E0020}\u{E0041}", "\u{FFFC}", "   a\n    b\n", "    a\n\n\n    b\n\n",
        "- a\n\n      b", "    - a",
        "[a]: http://x.y\n[a]", "[a]\n[a]: http://x.y", "[a]: http://x.y\n[a]: http://z.w\n[A]", "[^1]\n[^1]: [^1]",
        "[^]: a", "[a]:", "[]: http://x.y",
        "\\(a\\)\\[b\\]$c$$$d$$", "$a$b$c$", "$`a`$", "$a*b*c$ *d*", "\\[\n\n\\]", "$$\n> a\n$$", "> $$\n> a\n$$",
        "\\begin{a}\n\\end{a}",
        "/start@bot #tag $TAG @name a@b.org +15551234567 4242424242424242 00:15", "tg://user?id=1 ton://a t.me/x",
        "https://x.y/a_b_*c*",
        "http://x.y/**a**", "<http://x.y/`a`>", "www.x.y_z_", "https://x.y).", "(https://x.y/a_(b))", "**https://x.y**",
        "*https://x.y/a*b",
    ]

    /// Replies as models write them.
    package static let replies = [
        """
        # Setting up **PostgreSQL** 16

        Here's how to do it on *Debian 12*. See the [official docs](https://www.postgresql.org/docs/16/) first.

        1. Install it:
           ```bash
           sudo apt-get update && sudo apt-get install -y postgresql-16
           ```
        2. Edit `postgresql.conf`:
           - set `listen_addresses = '*'`
           - set **max_connections** to 200
             - not more, or else `shared_buffers` must grow
        3. Restart.

        > **Note:** never do this on a *production* server.
        > See <https://wiki.debian.org/PostgreSql>.

        | Setting | Default | Better |
        |---------|--------:|:------:|
        | `work_mem` | 4MB | 16MB |
        | `shared_buffers` | 128MB | 25 % of memory |

        ---

        That's it! 🎉 ~~Or not.~~ ||Just kidding.||
        """,
        """
        Die **quadratische Gleichung** \\(ax^2 + bx + c = 0\\) hat die Lösungen

        \\[
        x_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}
        \\]

        falls $a \\neq 0$. Kosten: $5 bis $10.

        - [x] gelesen
        - [ ] *verstanden*

        Mehr dazu[^1] bei [Wikipedia][w] und mit <b>HTML</b>: x<sup>2</sup>, H<sub>2</sub>O, a &lt; b.

        [^1]: Eine **Fußnote**.
        [w]: https://de.wikipedia.org/wiki/Quadratische_Gleichung "Titel"
        """,
        """
        ### 比較

        | 項目 | 説明 | リンク |
        |:--|:--|:--|
        | 一 | これは**とても長い**説明で、電話の画面には入りません。 | [例](https://example.jp/一) |
        | 二 | 短い | `なし` |

        这是**重点**，_不是_ ***全部***。👩‍👩‍👧‍👦🇩🇪é

            let indented = "code" // *not* italic
              .more()

        ```json
        {"a": ["**b**", `c`], "d": "\\u0000"}
        ```
        <details>
        <summary>Lösung</summary>

        `x = 2 * 3 * 4` und snake_case_name, https://x.y/a_b_c?d=e&f=*g*
        </details>
        """,
    ]
}
