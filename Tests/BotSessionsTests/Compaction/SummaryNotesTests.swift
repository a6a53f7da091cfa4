import BotCore
import Testing

@testable import BotSessions

struct SummaryNotesTests {
    @Test func readsWhatItWrites() {
        let notes = SummaryNotes(lines: [
            Sample.line("Ana lives in Porto", 3...3), Sample.line("Likes tea", 4...6, 9...9, in: .preferences),
            Sample.line("Trips", 7...7, in: .topics),
        ])
        let text = """
            PEOPLE & FACTS
            - Ana lives in Porto [#3]
            PREFERENCES
            - Likes tea [#4-6] [#9]
            TOPICS
            - Trips [#7]
            """
        #expect(notes.text == text)
        #expect(SummaryNotes(parsing: text) == notes)
    }

    @Test(
        arguments: [
            ("* tea [#3]", "tea", [3...3]), ("1. tea [#3, #5-6]", "tea", [3...3, 5...6]),
            ("tea [#3][#4]", "tea", [3...3, 4...4]),
            ("- 他喜欢茶【#3】", "他喜欢茶", [3...3]), ("• tea [#3–5].", "tea", [3...5]), ("- tea [#5-3]", "tea [#5-3]", []),
            ("- tea [#99999999999999999999]", "tea [#99999999999999999999]", []), ("- [1] tea", "[1] tea", []),
            ("- was 5 until #4 [#9]", "was 5 until #4", [9...9]), ("- tea [#3", "tea [#3", []),
        ] as [(String, String, [ClosedRange<Int64>])])
    func readsLinesOfAnyForm(line: String, text: String, sources: [ClosedRange<Int64>]) {
        #expect(SummaryNotes(parsing: line).lines == [SummaryLine(section: .facts, text: text, sources: sources)])
    }

    @Test(arguments: ["## People & facts", "**PEOPLE AND FACTS:**", "- Facts", "PEOPLE & FACTS"])
    func readsHeadingsOfAnyForm(heading: String) {
        let notes = SummaryNotes(parsing: "TOPICS\n- a [#1]\n\(heading)\n- b [#2]")
        #expect(notes.lines.map(\.section) == [.topics, .facts])
    }

    @Test func dropsWhatIntroducesLines() {
        #expect(SummaryNotes(parsing: "Here are the notes:\n\n- tea [#3]\n---").lines.map(\.text) == ["tea"])
    }

    @Test func countsDays() {
        let day = SummaryDay(of: Timestamp(rawValue: 1_709_208_059_000))
        #expect(SummaryDay(year: 2024, month: 2, day: 29) == day)
        #expect(SummaryDay(year: 1970, month: 1, day: 1)?.number == 0)
        #expect(SummaryDay(year: 2024, month: 13, day: 1) == nil)
    }
}
