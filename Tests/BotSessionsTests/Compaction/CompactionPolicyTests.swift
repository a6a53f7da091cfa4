import BotCore
import Testing

@testable import BotSessions

struct CompactionPolicyTests {
    private func policy(perThousand: Int = 1000) -> CompactionPolicy {
        CompactionPolicy(
            settings: SessionSettings(), tokens: ModelTokens(counter: CharacterCounter(), perThousand: perThousand))
    }

    // A message costs 7 beside its text: 3 and the role's four characters.
    @Test(
        arguments: [
            ([Int](repeating: 273, count: 10), 0, 0, false),  // exactly the trigger of 2,800
            ([Int](repeating: 274, count: 10), 0, 0, true), ([Int](repeating: 400, count: 9), 0, 0, false),
            ([Int](repeating: 224, count: 10), 500, 0, true), ([Int](repeating: 274, count: 10), 0, 11, false),
            ([Int](repeating: 274, count: 10), 0, 10, true),
        ] as [([Int], Int, Int64, Bool)])
    func isDueAboveTheTrigger(live: [Int], summary: Int, nextAt: Int64, isDue: Bool) {
        #expect(policy().isDue(Sample.session(live: live, summary: summary, nextAt: nextAt)) == isDue)
    }

    @Test func aModelThatCountsMoreIsDueEarlier() {
        let session = Sample.session(live: [Int](repeating: 200, count: 10))
        #expect(!policy().isDue(session))
        #expect(policy(perThousand: 1500).isDue(session))
    }

    @Test func aSummaryFreesAShareOfTheTrigger() {
        #expect(policy().budget(replacing: 2000, limit: 4000) == 500)
        #expect(policy().budget(replacing: 1000, limit: 4000) == 160)
        #expect(policy().budget(replacing: 900, limit: 4000) == nil)
        #expect(policy().budget(replacing: 100, limit: 200) == 58)
    }

    /// Feeds messages of these roles and tokens and returns where the cut falls.
    private func cut(
        _ messages: [(Role, Int)], limit: Int = 4000, maxTokens: Int = 6000, covered: Int64 = 0, from: Int64 = 0
    ) -> CutScan.Cut? {
        let live = messages.dropFirst(Int(covered - from)).map(\.1)
        let session = Sample.session(live: live, limit: limit, covered: covered)
        var scan = CutScan(session: session, policy: policy(), maxTokens: maxTokens)
        for (index, message) in messages.enumerated() {
            let seq = from + Int64(index) + 1
            if !scan.take(role: message.0, seq: seq, tokens: message.1, sourceTokens: message.1 + 20) { break }
        }
        return scan.cut()
    }

    private func talk(_ count: Int, _ tokens: Int) -> [(Role, Int)] {
        (0..<count).map { ($0.isMultiple(of: 2) ? .user : .assistant, tokens) }
    }

    @Test func keepsTheNewestWholeTurnsWithinTheirShare() {
        // 1,200 tokens hold three turns of 2 x (150 + 7), and a fourth does not fit.
        #expect(cut(talk(20, 150)) == CutScan.Cut(toSeq: 14, messages: 14, tokens: 2100, read: 14, readTokens: 2100))
    }

    @Test func keepsNoMoreThanAContextShows() {
        #expect(cut(talk(100, 30))?.toSeq == 80)
    }

    @Test func keepsTheLastTurnHoweverLarge() {
        #expect(cut(talk(12, 100) + [(.user, 3000)])?.toSeq == 12)
    }

    @Test func readsNoMoreThanItsShareAndEndsAtATurn() {
        let cut = cut(talk(200, 100), maxTokens: 1000)
        #expect(cut?.toSeq == 8)
        #expect(cut?.tokens == 800)
    }

    @Test func cutsInsideOfATurnOnlyWhereItIsTooLarge() {
        let calls: [(Role, Int)] = [(.user, 100)] + (0..<40).map { ($0.isMultiple(of: 2) ? .assistant : .tool, 100) }
        let toSeq = cut(calls)?.toSeq ?? 0
        // What stays begins with a call and not with a result.
        #expect(toSeq % 2 == 1)
        #expect(toSeq == 31)
        #expect(cut(calls, maxTokens: 1000)?.toSeq == 7)
        #expect(cut([(.user, 20), (.assistant, 20)] + calls)?.toSeq == 33)
    }

    @Test func doesNotCoverTheOnlyTurn() {
        #expect(cut([(.user, 5000), (.assistant, 10)]) == nil)
        #expect(cut([]) == nil)
    }

    @Test func readsCoveredMessagesAgainWithoutCountingThem() {
        let cut = cut(talk(30, 150), covered: 10)
        #expect(cut == CutScan.Cut(toSeq: 24, messages: 14, tokens: 2100, read: 24, readTokens: 3600))
    }

    @Test func ignoresWhatCameAfterTheSessionWasRead() {
        var scan = CutScan(session: Sample.session(live: [10, 10]), policy: policy(), maxTokens: 6000)
        let taken = (1...3).map { scan.take(role: $0 == 2 ? .assistant : .user, seq: $0, tokens: 10, sourceTokens: 30) }
        #expect(taken == [true, true, false])
        #expect(scan.cut() == nil)
    }
}
