import Testing

@testable import BotTelegram

struct FormulaTests {
    @Test(
        "T30: formulas stay as they are written",
        arguments: [
            "\\(a_1 * b_2 * c\\) and \\[x_1 * y * z_1\\]", "$a_1*b*c_1$ is", "so $$ _a_ *b* `c` $$ there",
            "\\[\n- a_1 *b*\n= # c\n\\]", "$$\n# x\n> y | z\n$$ end", "\\begin{align}\n- a &= *b* \\\\\n\\end{align}",
            "($x$) and \\(y\\)", "$\\alpha$, $\\{x\\}$",
        ])
    func keepsFormulas(text: String) {
        #expect(MarkdownRenderer.render(text).text == text)
        #expect(MarkdownRenderer.render(text).entities == [])
    }

    @Test(
        "Amounts of money are no formulas",
        arguments: [
            ("from $5 to *about* $10", "from $5 to <italic>about</italic> $10"),
            ("$5 **and** 6$", "$5 <bold>and</bold> 6$"), ("$1 $2 *x*", "$1 $2 <italic>x</italic>"),
            ("$$ open *x*", "$$ open <italic>x</italic>"), ("\\( open *x*", "\\( open <italic>x</italic>"),
            ("$$\nopen *x*\n\n$$", "$$\nopen <italic>x</italic>\n\n$$"),
        ])
    func keepsMarkupAround(markdown: String, expected: String) {
        #expect(Marked.text(markdown) == expected)
    }

    @Test("A formula in a quote stays in it")
    func staysInQuotes() {
        #expect(Marked.text("> \\[\n> *a*\n> \\]\n\nb") == "<blockquote>\\[\n*a*\n\\]</blockquote>\n\nb")
    }
}
