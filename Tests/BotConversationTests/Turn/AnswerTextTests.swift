import BotCore
import Testing

@testable import BotConversation

struct AnswerTextTests {
    @Test(arguments: [
        ("Half an ans", "Half an ans\n\n(stopped)"),
        ("", "(stopped)"),
        (" \n", "(stopped)"),
        ("```swift\nlet a = 1", "```swift\nlet a = 1\n```\n\n(stopped)"),
        ("```\na\n```", "```\na\n```\n\n(stopped)"),
        ("````\n```\ninner", "````\n```\ninner\n````\n\n(stopped)"),
        ("~~~\ncode\n```", "~~~\ncode\n```\n~~~\n\n(stopped)"),
        ("a ``` b", "a ``` b\n\n(stopped)"),
        ("```inline``` code", "```inline``` code\n\n(stopped)"),
        ("    ```\nindented", "    ```\nindented\n\n(stopped)"),
        ("``` \ncode\n``` still code", "``` \ncode\n``` still code\n```\n\n(stopped)"),
    ])
    func addsALineOutsideOfOpenCode(text: String, expected: String) {
        #expect(AnswerText.adding(AnswerText.stopped, to: text) == expected)
    }

    @Test func onlyAWholeAnswerStandsWithoutANote() {
        #expect(AnswerText.note(for: .stop) == nil)
        let notes = [AnswerText.note(for: .length), AnswerText.note(for: .refused), AnswerText.note(for: .cut)]
        #expect(Set(notes).count == 3)
        #expect(!notes.contains(nil))
    }
}
