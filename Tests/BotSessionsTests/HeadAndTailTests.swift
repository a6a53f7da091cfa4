import BotCore
import Testing

@testable import BotSessions

struct HeadAndTailTests {
    private func shown(_ text: String, within limit: Int) -> String? {
        HeadAndTail(text, tokens: PieceCounter().count(text), counter: PieceCounter()).shown(within: limit)?.text
    }

    /// One character may be as long as a message: signs without end over a letter, or people joined without end.
    @Test(arguments: ["\u{301}", "\u{200D}👩"])
    func aCharacterWithoutEndIsCutToo(_ unit: String) throws {
        let text = "a" + String(repeating: unit, count: 20_000)
        let scalars = try #require(shown(text, within: 400)).unicodeScalars
        #expect(scalars.starts(with: ("a" + unit).unicodeScalars))
        #expect(scalars.reversed().starts(with: unit.unicodeScalars.reversed()))
        #expect(PieceCounter().count(String(scalars)) > 200)
    }

    @Test func charactersStayWhole() throws {
        let family = "👩🏽‍👩🏽‍👧🏽‍👦🏽"
        let text = String(repeating: family, count: 500)
        for limit in 200..<300 {
            let parts = try #require(shown(text, within: limit)).split(separator: " ")
            #expect(
                parts.first?.filter { $0 != Character(family) } == ""
                    && parts.last?.contains { $0 != Character(family) } == false)
        }
    }
}
