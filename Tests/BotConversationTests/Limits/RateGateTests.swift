import BotCore
import Testing

@testable import BotConversation

struct RateGateTests {
    private let start = Timestamp(rawValue: 1_790_000_000_000)
    private let limits = RateLimits(
        person: RateLimit(burst: 4, perMinute: 6), chat: RateLimit(burst: 8, perMinute: 60))

    private func at(_ seconds: Double) -> Timestamp { start + .milliseconds(Int64(seconds * 1000)) }

    private func question(
        _ person: String? = "telegram:7", chat: String = "-1", sentAt: Timestamp? = nil
    ) -> RateGate.Question {
        RateGate.Question(
            person: person, conversation: ConversationKey(platform: .telegram, account: "1", chat: chat),
            sentAt: sentAt ?? start)
    }

    /// How many of so many questions at once may go.
    private func passed(_ count: Int, _ gate: RateGate, _ person: String = "telegram:7", at now: Timestamp) -> Int {
        (0..<count).count { _ in gate.admit(question(person, sentAt: now), at: now) == .go }
    }

    @Test func aBurstMayGoAndThenTheSteadyRate() {
        let gate = RateGate(limits)
        #expect(passed(9, gate, at: at(0)) == 4)
        // Half of the burst is waited for: two of four, at ten seconds each.
        #expect(passed(9, gate, at: at(19.9)) == 0)
        #expect(passed(9, gate, at: at(20)) == 2)
        #expect(passed(9, gate, at: at(3600)) == 4)
    }

    @Test func aSteadyTalkIsNeverStopped() {
        let gate = RateGate(limits)
        #expect(
            (0..<1000).allSatisfy { gate.admit(question(sentAt: at(Double($0) * 10)), at: at(Double($0) * 10)) == .go })
    }

    @Test func ofAPauseEachChatIsToldOnceAndForHowLong() {
        let gate = RateGate(limits)
        #expect(passed(4, gate, at: at(0)) == 4)
        func verdict(_ chat: String, _ seconds: Double) -> RateGate.Verdict {
            gate.admit(question(chat: chat, sentAt: at(seconds)), at: at(seconds))
        }
        let told = "You are quicker than I am. Please send this again in"
        let rest = "; what comes before that I do not answer."
        #expect(verdict("-1", 0) == .refuse("\(told) 20 seconds\(rest)", isFirst: true))
        #expect(verdict("-1", 5) == .refuse("\(told) 15 seconds\(rest)", isFirst: false))
        #expect(verdict("-2", 18.5) == .refuse("\(told) 2 seconds\(rest)", isFirst: true))
        #expect(verdict("-1", 19.5) == .refuse("\(told) a second\(rest)", isFirst: false))
        // What was refused has not made it longer; the next pause is told anew.
        #expect(verdict("-1", 20) == .go)
        #expect(verdict("-1", 20) == .go)
        #expect(verdict("-1", 20) == .refuse("\(told) 20 seconds\(rest)", isFirst: true))
    }

    @Test func aChatHasARateOfItsOwn() {
        let gate = RateGate(limits)
        let people = (0..<4).map { "telegram:\($0)" }
        #expect(people.reduce(0) { $0 + passed(4, gate, $1, at: at(0)) } == 8)
        let verdict = gate.admit(question("telegram:9", sentAt: at(0)), at: at(0))
        #expect(
            verdict
                == .refuse(
                    "This chat is quicker than I am. Please send this again in 4 seconds; what comes before that I do not answer.",
                    isFirst: false))
        #expect(gate.admit(question("telegram:9", chat: "-2"), at: at(0)) == .go)
        // Topics are parts of their chat.
        let topic = RateGate.Question(
            person: nil, conversation: ConversationKey(platform: .telegram, account: "1", chat: "-1", thread: "5"),
            sentAt: start)
        #expect(gate.admit(topic, at: start) != .go)
    }

    /// The bot was away for hours: what people wrote in that time is answered, though all at once.
    @Test func whatWasWrittenSlowlyIsNotHeldToComeQuickly() {
        let gate = RateGate(limits)
        #expect(
            (0..<50).allSatisfy { gate.admit(question(sentAt: at(Double($0) * 60)), at: at(3600)) == .go })
        // What was written all at once is, but for what has come back since; and a clock that goes ahead helps nobody.
        let flood = RateGate(limits)
        #expect((0..<50).count { _ in flood.admit(question(sentAt: at(0)), at: at(60)) == .go } == 10)
        let ahead = RateGate(limits)
        #expect(
            (0..<50).count { ahead.admit(question(sentAt: at(Double($0) * 600)), at: at(0)) == .go } == 4)
    }

    @Test func whatNeededNoAnswerIsGivenBack() {
        let gate = RateGate(limits)
        for _ in 0..<20 {
            #expect(gate.admit(question(), at: at(0)) == .go)
            gate.giveBack(question())
        }
    }

    @Test func aClockThatIsSetBackShutsNobodyOut() {
        let gate = RateGate(RateLimits(person: limits.person))
        #expect(passed(9, gate, at: at(86_400)) == 4)
        #expect(passed(9, gate, at: at(0)) == 0)
        #expect(passed(9, gate, at: at(40)) == 4)
    }

    @Test func nothingIsLimitedWhereNothingIsSet() {
        let gate = RateGate(RateLimits(person: RateLimit(burst: 1, perMinute: 0)))
        #expect(passed(10_000, gate, at: at(0)) == 10_000)
    }

    @Test func aFullMapForgetsWhoIsIdleFirstAndThenWhoHasUsedLeast() {
        var buckets = RateBuckets<String>(RateLimit(burst: 4, perMinute: 6), capacity: 3)
        for _ in 0..<4 { buckets.take("busy", sentAt: start, at: start) }
        buckets.take("idle", sentAt: start - .seconds(60), at: start)
        for _ in 0..<2 { buckets.take("calm", sentAt: start, at: start) }
        buckets.take("fourth", sentAt: start, at: start)
        #expect(buckets.buckets.keys.sorted() == ["busy", "calm", "fourth"])
        buckets.take("fifth", sentAt: start, at: start)
        #expect(buckets.buckets.keys.sorted() == ["busy", "calm", "fifth"])
        #expect(buckets.wait(for: "busy", at: start) == .seconds(20))
    }
}
