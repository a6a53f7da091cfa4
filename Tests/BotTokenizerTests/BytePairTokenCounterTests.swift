import BotCore
import BotTokenizer
import Testing

struct BytePairTokenCounterTests {
    private let o200k = BytePairTokenCounter(.o200kBase)
    private let cl100k = BytePairTokenCounter(.cl100kBase)

    /// Texts, and what o200k_base and cl100k_base make of them (counted with tiktoken 0.14).
    private static let counted: [(text: String, o200k: Int, cl100k: Int)] = [
        ("", 0, 0),
        ("Hello", 1, 1),
        ("Hello, world!", 4, 4),
        ("Let's start fresh: please forget everything we said about the trip to Lisbon.", 15, 16),
        (
            "func count(_ text: String) -> Int { text.utf8.count / 4 }\n    return self.messages.reduce(0) { $0 + $1.tokens }\n",
            35, 34
        ),
        (
            "{\"id\":1234567,\"name\":\"Anna\",\"tags\":[\"a\",\"b\"],\"price\":12.50,\"uuid\":\"550e8400-e29b-41d4-a716-446655440000\"}",
            45, 44
        ),
        ("lol ok brb, c u l8r 😂 btw whats ur addr? thx m8!!! hmmmm idk tbh", 27, 28),
        ("https://www.example.com/path/to/page.html?utm_source=newsletter&id=abc123XYZ#section-2", 24, 24),
        ("Привет! Меня зовут Анна, я живу в Москве. Вчера мы ходили в театр.", 24, 39),
        ("你好，我叫安娜，住在北京，是一名程序员。请把会议改到星期五下午三点。", 26, 37),
        ("こんにちは、私はアンナです。昨日は劇場に行きました。", 16, 21),
        ("안녕하세요, 저는 안나입니다. 어제 우리는 극장에 갔습니다.", 18, 29),
        ("Ich heiße Anna; die Donaudampfschifffahrtsgesellschaft war großartig.", 19, 23),
        ("chrząszcz brzmi w trzcinie w Szczebrzeszynie", 16, 20),
        ("epäjärjestelmällistyttämättömyydellänsäkään", 18, 20),
        ("İstanbul'da yaşıyorum ve programcı olarak çalışıyorum.", 14, 18),
        ("مرحبا، اسمي آنا وأعيش في القاهرة.", 12, 27),
        ("नमस्ते, मेरा नाम अन्ना है।", 12, 26),
        ("สวัสดี ฉันชื่อแอนนา", 10, 18),
        ("👨‍👩‍👧‍👦👩🏽‍🚀🇩🇪❤️", 23, 38),
        ("Xin chào, tôi tên là Anna, tôi sống ở Hà Nội.", 15, 27),
        (
            "Dfzr2sm4p5aFdGNSQTAfDv3s28q5qJeGdWRTQjEgD/7t3Mu6qZiHdmVUQzIhEP/u3cy7qpmId2ZVRDMiEQDv3s28q5qJeGdWRTQjEgHw3869rJuKeWhXRjUkEwLx4M++rZyLemlYRzYlFAPy4dC/rp2Me2pZSDcm",
            117, 127
        ),
        (
            "0dfcebdac9b8a7968574635241301f0efdecdbcab9a897867564534231200ffeeddccbbaa9988776655443322110ffeeddccbbaa9988776655443322",
            50, 54
        ),
        ("xqzvkjwpbtrnmdfghlcs", 14, 14),
        ("WARNING: DO NOT PRESS THE BUTTON", 7, 7),
        ("x                                        y\n\n\n\t\t\tz", 6, 6),
        ("1234567890 3.14159 2026-02-01T12:00:00Z", 23, 23),
        ("~~~~====----!!!!", 4, 4),
    ]

    @Test(arguments: counted)
    func countsAsTheReferenceDoes(text: String, o200k: Int, cl100k: Int) {
        #expect(self.o200k.count(text) == o200k)
        #expect(self.cl100k.count(text) == cl100k)
    }

    @Test(arguments: counted)
    func encodesAsManyTokensAsItCounts(text: String, o200k: Int, cl100k: Int) {
        #expect(self.o200k.encode(text).count == o200k)
        #expect(self.cl100k.encode(text).count == cl100k)
    }

    @Test func encodesToTheRanksOfTheVocabulary() {
        #expect(o200k.encode("hello world") == [24912, 2375])
        #expect(cl100k.encode("hello world") == [15339, 1917])
    }

    @Test func namesItsTokenizer() {
        #expect(o200k.name == "o200k_base")
        #expect(cl100k.name == "cl100k_base")
    }

    @Test func countsTheSameAgainOutOfItsCache() {
        let text = Self.counted.map(\.text).joined(separator: "\n")
        let first = o200k.count(text)
        #expect(o200k.count(text) == first)
        #expect(BytePairTokenCounter(.o200kBase).count(text) == first)
    }

    @Test func countsASpecialTokenAsPlainText() {
        #expect(o200k.count("<|endoftext|>") == 7)
    }

    @Test func countsOnManyThreadsAtOnce() async {
        let counter = o200k
        let text = Self.counted.map(\.text).joined(separator: "\n")
        let expected = counter.encode(text).count
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<32 {
                group.addTask { (0..<20).reduce(0) { sum, _ in sum + counter.count(text) } }
            }
            for await sum in group { #expect(sum == 20 * expected) }
        }
    }

    /// How many tokens 65,536 of one character are, by tiktoken 0.14.
    private static let runs: [(character: String, o200k: Int, cl100k: Int)] = [
        ("a", 8192, 8192),
        ("\u{E9}", 65536, 65536),
        ("漢", 65536, 131072),
        ("\u{E01}", 65536, 65536),
        (" ", 512, 512),
        ("-", 1024, 1024),
        ("\n", 4096, 2048),
        ("Ab", 65536, 65536),
        ("\u{1F600}", 65536, 131072),
        ("\u{301}", 65536, 65536),
        ("7", 21846, 21846),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: runs)
    func countsLongRunsOfOneCharacter(character: String, o200k: Int, cl100k: Int) {
        let text = String(repeating: character, count: 65_536)
        #expect(self.o200k.count(text) == o200k)
        #expect(self.cl100k.count(text) == cl100k)
    }
}
