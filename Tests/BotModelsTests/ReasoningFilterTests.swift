import Testing

@testable import BotModels

struct ReasoningFilterTests {
    @Test(arguments: [
        ("Hello", "Hello"),
        ("<think>a</think>Hello", "Hello"),
        ("\n <think>\na <b> </b> c\n</think>\n\n Hello\n", "Hello\n"),
        ("<thinking>a</think></thinking>b", "b"),
        ("<think></think>", ""),
        ("<think>a, and no end", ""),
        ("<think>a</thin", ""),
        ("<thin", "<thin"),
        ("<thinner> is a tag", "<thinner> is a tag"),
        ("In HTML <think>x</think> means nothing", "In HTML <think>x</think> means nothing"),
        ("<think>a</think>b <think>c</think>", "b <think>c</think>"),
        ("  ", "  "), ("", ""),
        ("<think>漢字👩🏽‍🚀</think>漢字👩🏽‍🚀", "漢字👩🏽‍🚀"),
    ])
    func hidesWhatStandsBetweenTags(text: String, shown: String) {
        let characters = Array(text)
        for cut in 0...characters.count {
            var filter = ReasoningFilter()
            let pieces = [String(characters[..<cut]), String(characters[cut...])]
            #expect(pieces.map { filter.take($0) }.joined() + filter.finish() == shown, "cut at \(cut)")
        }
        var filter = ReasoningFilter()
        #expect(characters.map { filter.take(String($0)) }.joined() + filter.finish() == shown)
    }

    @Test(arguments: [
        ("I should greet.\n</think>\n\nHello", "Hello"),
        ("I should greet.\n  </thinking> \nHello\nand bye", "Hello\nand bye"),
        ("The tag `</think>` ends it", "The tag `</think>` ends it"),
        ("<think>\nand\n</think>\nis what you write", "<think>\nand\n</think>\nis what you write"),
        ("Hello", "Hello"),
    ])
    func takesAwayWhatNobodyAnnounced(text: String, rest: String) {
        #expect(ReasoningFilter.withoutUnannounced(text) == rest)
    }
}
