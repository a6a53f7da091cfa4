import BotCore
import Testing

@testable import BotSessions

struct WordNumbersTests {
    private static let texts = [
        "Running dogs run, the dog ran and the runner's dogged", "The parties of a party: partying!",
        "passes passed pass passing", "我的猫叫咪咪，猫", "パスワードは秘密です", "비밀번호는 장미", "Ана и ёжики",
        "e-mail 2025-03-02 maxTokens",
        "🎉 party 🎸", "", "as is us bus buses", "eeee iiiii sssss inginginging",
    ]

    @Test(arguments: [["dog", "party"], ["猫", "秘密"], ["running", "u1f389", "2025"], ["비", "pass"], []])
    func agreesWithTheExcerpt(_ terms: [String]) {
        let excerpt = Excerpt(around: terms)
        var numbers = WordNumbers(terms: terms)
        var byNumber: [Int32: String] = [:]
        var byStem: [Int32: String] = [:]
        // The second time all words are known.
        for text in Self.texts + Self.texts {
            let words = SearchText.words(of: text).map(\.text)
            let numbered = numbers.words(of: text)
            #expect(numbered.count == words.count)
            for (word, number) in zip(words, numbered) {
                #expect(number.isTerm == excerpt.matches(word), "\(word)")
                #expect(byNumber.updateValue(word, forKey: number.number) ?? word == word)
                #expect(
                    byStem.updateValue(Excerpt.stem(word), forKey: number.stem) ?? Excerpt.stem(word)
                        == Excerpt.stem(word))
            }
        }
        let all = Self.texts.flatMap { SearchText.words(of: $0).map(\.text) }
        #expect(byNumber.count == Set(all).count)
        #expect(byStem.count == Set(all.map(Excerpt.stem)).count)
    }

    @Test func tellsManyWordsApart() {
        var numbers = WordNumbers(terms: [])
        let text = (0..<8000).map { "w\($0)" }.joined(separator: " ")
        #expect(Set(numbers.words(of: text).map(\.number)).count == 8000)
        #expect(numbers.words(of: "w7 w7999 w7").map(\.number) == numbers.words(of: "w7 w7999 w7").map(\.number))
        #expect(Set(numbers.words(of: "W7 w7999 w7").map(\.number)).count == 2)
    }

    @Test(arguments: [
        ("running", "run"), ("runs", "runs"), ("parties", "part"), ("party", "part"), ("passed", "pas"),
        ("dogs", "dogs"),
        ("sing", "sing"), ("cafés", "cafés"), ("ings", "ings"), ("allying", "ally"), ("猫", "猫"), ("iiiii", "iii"),
        ("sssss", "sss"), ("inginginging", "inginging"), ("", ""), ("x", "x"),
    ])
    func shortensEnglishWords(_ word: String, _ stem: String) { #expect(Excerpt.stem(word) == stem) }
}
