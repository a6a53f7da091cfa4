import BotCore
import Testing

struct DisplayWidthTests {
    @Test(
        "the columns of a text in a monospaced font",
        arguments: [
            ("", 0), ("abc", 3), ("a b", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("カナ", 4), ("ｱ", 1), ("한글", 4),
            ("👍", 2), ("👨‍👩‍👧", 2), ("❤️", 2), ("❤", 1), ("🇩🇪", 2), ("a\u{200B}b", 2), ("ü\u{2060}", 1), ("Ж", 1),
            ("ไทย", 3),
        ])
    func columns(_ text: String, _ expected: Int) { #expect(DisplayWidth.of(text) == expected) }
}
