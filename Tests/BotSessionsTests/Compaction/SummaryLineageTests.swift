import BotCore
import Testing

@testable import BotSessions

struct SummaryLineageTests {
    private func lineage(_ chain: [Checkpoint], spare: Int = 3000, floor: Int64 = 0) -> SummaryLineage {
        var session = Sample.session(live: [10], covered: 100)
        session.floorSeq = floor
        return SummaryLineage(of: session, chain: chain, spare: spare, counter: CharacterCounter())
    }

    @Test func theFirstStandsOnTheMessages() {
        let first = lineage([], floor: 5)
        #expect(first.notes.isEmpty && first.after == 5 && first.round == 0)
    }

    @Test func theNextStandsOnTheOneBefore() {
        let base = Sample.checkpoint(1, base: nil, 1...20, "- tea [#4]", round: 3)
        let next = lineage([base])
        #expect(next.after == 20 && next.round == 4)
        #expect(next.notes == [Sample.line("tea", 4...4)])
    }

    @Test func digestsAreMadeAgainFromTheMessages() {
        let model = Sample.checkpoint(1, base: nil, 1...20, "- tea [#4]", round: 2)
        let digest = Sample.checkpoint(
            2, base: 1, 21...40, "- plain tea [#4]", author: .digest, round: 3, replaced: 1010)
        let second = Sample.checkpoint(3, base: 2, 41...60, "- tea [#4]", author: .digest, round: 4, replaced: 1016)
        #expect(lineage([second, digest, model]).after == 20)
        #expect(lineage([second, digest, model]).round == 3)
        #expect(lineage([second, digest, model]).notes == [Sample.line("tea", 4...4)])
        // Each is 1,000 tokens of text, and 400 of what stands around 20 messages.
        #expect(lineage([second, digest, model], spare: 2799).after == 40)
        #expect(lineage([second, digest, model], spare: 2799).notes == [Sample.line("plain tea", 4...4)])
        #expect(lineage([second, digest, model], spare: 1399).after == 60)
        #expect(lineage([Sample.checkpoint(1, base: nil, 1...20, "- tea [#4]", author: .digest)]).notes.isEmpty)
        // The checkpoint before the oldest that was read is not known.
        #expect(lineage([second]).after == 60)
    }

    @Test func aDigestGivesWayToWhoReadItsMessagesAgain() {
        let chain = [
            Sample.checkpoint(3, base: 2, 41...60, "- read again [#30]\n- new [#50]", round: 8),
            Sample.checkpoint(2, base: 1, 21...40, "- digest [#30]", author: .digest, round: 8),
            Sample.checkpoint(1, base: nil, 1...20, "- first [#10]", round: 7),
        ]
        #expect(lineage(chain).notes.map(\.text) == ["first", "read again", "new"])
    }

    @Test func afterManyRoundsTheNotesAreThoseOfFirstHand() {
        let chain = [
            Sample.checkpoint(
                3, base: 2, 41...60, "- third [#50]\n- second, worn [#30]\n- first, worn [#10]", round: 8),
            Sample.checkpoint(2, base: 1, 21...40, "- second [#30]\n- both [#10] [#30]\n- first, worn [#10]", round: 7),
            Sample.checkpoint(1, base: nil, 1...20, "- first [#10]", round: 0),
        ]
        let next = lineage(chain)
        #expect(next.notes.map(\.text) == ["first", "second", "third"])
        #expect(next.round == 1)
        // What lies before the oldest checkpoint that was read stays as the newest one has it.
        #expect(lineage(Array(chain.prefix(2))).notes.map(\.text) == ["first, worn", "second", "third"])
    }

    @Test func notesAreBounded() {
        let many = (1...300).map { "- topic number \($0) [#\($0)]" }.joined(separator: "\n")
        let base = Sample.checkpoint(1, base: nil, 1...300, "- tea [#4]\nTOPICS\n\(many)", round: 8)
        let notes = lineage([base]).notes
        #expect(notes.reduce(0) { $0 + $1.written.count } <= 3000)
        #expect(notes.first?.text == "tea")
        #expect(notes.last?.text == "topic number 300")
    }
}
