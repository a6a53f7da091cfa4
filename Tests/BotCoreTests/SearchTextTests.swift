import BotCore
import Testing

struct SearchTextTests {
    /// A text and its index, as one would write it by hand.
    static let indexed: [(String, String)] = [
        ("My WiFi code is 4711!", "my wi fi wifi code is 4711"),
        ("Ana's dog, don't you know?", "ana dog don you know"),
        ("l’ordinateur d’Ana", "l ordinateur d ana"),
        ("rock 'n' roll a b", "rock n roll a b"),
        ("dogs' a", "dogs a"),
        ("e-mail", "e mail email"),
        ("a - b -- c-", "a b c"),
        ("on 2025-03-02 at 18:30", "on 2025 03 02 20250302 at 18 30 1830"),
        ("1,000.50 and 1, 2", "1 000 50 100050 and 1 2"),
        ("max_token_count maxTokenCount", "max token count maxtokencount max token count maxtokencount"),
        ("URLParser HTTP2", "url parser urlparser http2"),
        ("config.json", "config json configjson"),
        ("Grüße aus Łódź, Ærø", "grusse aus lodz aero"),
        ("İSTANBUL ışık", "istanbul isik"),
        ("Cafe\u{301} café CAFÉ", "cafe cafe cafe"),
        ("Привет, Ёлка", "привет елка"),
        ("Ναί ΝΑΙ λόγος", "ναι ναι λογοσ"),
        ("Việt Nam", "viet nam"),
        ("ＷｉＦｉ　１２３", "wi fi wifi 123"),
        ("٣٤ x²", "34 x2"),
        ("我的猫叫咪咪", "我的 的猫 猫叫 叫咪 咪咪 咪"),
        ("猫", "猫"),
        ("好 好", "好 好"),
        ("iPhone用の猫", "i phone iphone 用の の猫 猫"),
        ("パスワード", "パス スワ ワー ード ド"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パス スワ ワー ード ド"),
        ("か\u{3099}く", "がく く"),
        ("비밀번호는", "비밀 밀번 번호 호는 는"),
        ("\u{1107}\u{1175}\u{1106}\u{1175}\u{11AF}", "비밀 밀"),
        ("party 🎉 and 👩🏽‍🚀", "party u1f389 and u1f469 u1f680"),
        ("مُحَمَّد أحمد", "محمد احمد"),
        ("הַבַּיִת", "הבית"),
        ("", ""),
        ("?!…", ""),
        ("a\u{0}b", "a b"),
        ("\" OR * NEAR(a b) col:x", "or near a b col x"),
    ]

    @Test(arguments: indexed)
    func foldsWords(_ text: String, _ expected: String) { #expect(SearchText.indexed(text) == expected) }

    @Test func keepsWordsOfIndianScriptsWhole() {
        let words = SearchText.indexed("मेरी बिल्ली का नाम").split(separator: " ")
        #expect(words.count == 4)
        #expect(SearchText.terms(of: "बिल्ली") == [String(words[1])])
    }

    @Test func findsPartsOfThaiWithoutSpaces() {
        let words = Set(SearchText.indexed("รหัสผ่านของฉันคือกุหลาบ").split(separator: " ").map(String.init))
        #expect(Set(SearchText.terms(of: "รหัสผ่าน")).isSubset(of: words))
        #expect(!Set(SearchText.terms(of: "กุหลาบแดง")).isSubset(of: words))
    }

    @Test(arguments: indexed.map(\.0))
    func looksForWhatIsIndexed(_ text: String) {
        let words = Set(SearchText.indexed(text).split(separator: " ").map(String.init))
        for term in SearchText.terms(of: text) {
            #expect(words.contains(term))
        }
    }

    @Test(arguments: indexed.map(\.0) + ["मेरी बिल्ली का नाम", "รหัสผ่านของฉัน", "ខ្ញុំស្រលាញ់", String(repeating: "é猫", count: 99)])
    func foldsATermToItself(_ text: String) {
        for term in SearchText.terms(of: text) {
            #expect(SearchText.terms(of: term) == [term])
        }
    }

    @Test func asksForEachTermOnce() {
        #expect(SearchText.terms(of: "dog Dog DOG cat") == ["dog", "cat"])
    }

    @Test func findsOneCharacterAsTheBeginningOfAPair() {
        let words = SearchText.indexed("我家的猫很好看，猫").split(separator: " ").map(String.init)
        let terms = SearchText.terms(of: "猫")
        #expect(terms == ["猫"])
        #expect(SearchText.isBeginning("猫"))
        #expect(words.filter { $0.hasPrefix("猫") } == ["猫很", "猫"])
        #expect(!SearchText.isBeginning("a"))
        #expect(!SearchText.isBeginning("猫很"))
    }

    @Test func saysWhereWordsStand() {
        let text = "Zoë: e-mail 猫だ 🎉"
        let words = SearchText.words(of: text)
        let shown = words.map { word in
            String(decoding: Array(text.utf8)[word.range], as: UTF8.self)
        }
        #expect(shown == ["Zoë", "e", "mail", "e-mail", "猫だ", "🎉"])
        #expect(words.map(\.text) == ["zoe", "e", "mail", "email", "猫だ", "u1f389"])
    }

    @Test func capsLongWords() {
        let long = String(repeating: "x", count: 5000)
        #expect(SearchText.indexed(long) == String(repeating: "x", count: 64))
        let wide = String(repeating: "я", count: 5000)
        let word = SearchText.indexed(wide)
        #expect(word.utf8.count <= 64 && word.utf8.count > 56)
        let joined = SearchText.indexed(Array(repeating: "яб", count: 1000).joined(separator: "-"))
        #expect(joined.split(separator: " ").allSatisfy { $0.utf8.count <= 64 })
        #expect(!joined.contains("\u{FFFD}"))
    }

    @Test(arguments: ["a", "a-", "aB", "猫", "ｱ", "🎉", "é ", "1.", "ก", "का ", "\u{1100}", "x y "])
    func boundsWhatIsIndexed(_ unit: String) {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let indexed = SearchText.indexed(text)
        #expect(indexed.utf8.count <= 4 * SearchText.longestText)
        #expect(!indexed.contains("\u{FFFD}"))
    }

    @Test func findsTheBeginningAndTheEndOfALongText() {
        let text = "first " + String(repeating: "filler ", count: 20_000) + "last"
        let terms = SearchText.terms(of: text)
        #expect(terms == ["first", "filler", "last"] || Set(terms).isSuperset(of: ["first", "last"]))
    }

    @Test func givesTheSameWordsWhateverStandsBesideThem() {
        // The same words among others that send the scanner another way.
        let ascii = "Ana's maxTokens on 2025-03-02, e-mail don't"
        let mixed = "é " + ascii + " 猫"
        #expect(SearchText.indexed(mixed) == "e " + SearchText.indexed(ascii) + " 猫")
    }
}
