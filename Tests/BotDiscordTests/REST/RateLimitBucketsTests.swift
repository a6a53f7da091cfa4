import Testing

@testable import BotDiscord

struct RateLimitBucketsTests {
    private let create = RESTRoute.createMessage(in: "1")
    private let other = RESTRoute.createMessage(in: "2")

    private func ticket(_ verdict: RateLimitBuckets.Verdict) throws -> RateLimitBuckets.Ticket {
        guard case .go(let ticket) = verdict else { throw NotGoing(verdict: verdict) }
        return ticket
    }

    private struct NotGoing: Error { let verdict: RateLimitBuckets.Verdict }

    private func answer(
        _ remaining: Int?, resets: Int = 5, status: Int = 200, scope: String? = nil, retryAfter: Int? = nil,
        isGlobal: Bool = false, isForeign: Bool = false
    ) -> RateLimitBuckets.Answer {
        RateLimitBuckets.Answer(
            status: status, bucket: "b", limit: 5, remaining: remaining,
            resetAfter: remaining == nil ? nil : .seconds(resets), scope: scope, isGlobal: isGlobal,
            retryAfter: retryAfter.map { .seconds($0) }, isForeign: isForeign)
    }

    @Test("D17: while a bucket is unknown one request is under way, and its answer lets others go")
    func unknownBucketTakesOne() throws {
        var buckets = RateLimitBuckets()
        let first = try ticket(buckets.ask(create, at: .zero))
        let second = buckets.ask(create, at: .zero)
        #expect(second == .busy)
        _ = try ticket(buckets.ask(other, at: .zero))
        buckets.answered(first, answer(4), at: .seconds(1))
        for _ in 0..<4 { _ = try ticket(buckets.ask(create, at: .seconds(1))) }
        let fifth = buckets.ask(create, at: .seconds(1))
        #expect(fifth == .wait(until: .seconds(6), everywhere: false))
        _ = try ticket(buckets.ask(create, at: .seconds(6)))
    }

    @Test("D17: two channels do not block each other, two kinds in one bucket do")
    func channelsAreApart() throws {
        var buckets = RateLimitBuckets()
        buckets.answered(try ticket(buckets.ask(create, at: .zero)), answer(0), at: .zero)
        let blocked = buckets.ask(create, at: .zero)
        #expect(blocked == .wait(until: .seconds(5), everywhere: false))
        _ = try ticket(buckets.ask(other, at: .zero))
        // The same bucket's name for edits: what they learn holds for sends, too.
        let edit = RESTRoute.editMessage("9", in: "1")
        buckets.answered(try ticket(buckets.ask(edit, at: .zero)), answer(0, resets: 8), at: .zero)
        let edits = buckets.ask(edit, at: .zero)
        #expect(edits == .wait(until: .seconds(8), everywhere: false))
    }

    @Test("D17: a lost answer does not block a bucket for ever")
    func lostAnswerFreesTheBucket() throws {
        var buckets = RateLimitBuckets()
        buckets.failed(try ticket(buckets.ask(create, at: .zero)), at: .seconds(1))
        _ = try ticket(buckets.ask(create, at: .seconds(1)))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: RateLimitBuckets.Answer
        let same: RateLimitBuckets.Verdict?
        let elsewhere: RateLimitBuckets.Verdict?
    }

    static let refusals: [Refusal] = {
        let wait = RateLimitBuckets.Verdict.wait(until: .seconds(7), everywhere: false)
        let all = RateLimitBuckets.Verdict.wait(until: .seconds(7), everywhere: true)
        func answer(_ scope: String?, _ remaining: Int, isGlobal: Bool = false, isForeign: Bool = false)
            -> RateLimitBuckets.Answer
        {
            RateLimitBuckets.Answer(
                status: 429, bucket: "b", limit: 5, remaining: remaining, resetAfter: .seconds(1), scope: scope,
                isGlobal: isGlobal, retryAfter: .seconds(7), isForeign: isForeign)
        }
        return [
            Refusal(testDescription: "user", answer: answer("user", 0), same: wait, elsewhere: nil),
            Refusal(testDescription: "shared", answer: answer("shared", 3), same: wait, elsewhere: nil),
            Refusal(
                testDescription: "a limit under the bucket's", answer: answer("user", 3), same: nil, elsewhere: nil),
            Refusal(testDescription: "global by scope", answer: answer("global", 3), same: all, elsewhere: all),
            Refusal(
                testDescription: "global by body", answer: answer("user", 3, isGlobal: true), same: all, elsewhere: all),
            Refusal(
                testDescription: "from the network", answer: answer(nil, 3, isForeign: true), same: all, elsewhere: all),
        ]
    }()

    @Test("D18: each class of 429 stops what it concerns", arguments: refusals)
    func refusalsStopWhatTheyConcern(_ refusal: Refusal) throws {
        var buckets = RateLimitBuckets()
        buckets.answered(try ticket(buckets.ask(create, at: .zero)), refusal.answer, at: .zero)
        let same = buckets.ask(create, at: .zero)
        let elsewhere = buckets.ask(other, at: .zero)
        if let expected = refusal.same { #expect(same == expected) } else { _ = try ticket(same) }
        if let expected = refusal.elsewhere { #expect(elsewhere == expected) } else { _ = try ticket(elsewhere) }
        // Interactions are exempt from the global limit, but not from a ban of the network.
        let interaction = buckets.ask(.acknowledge("5", token: "t"), at: .zero)
        if refusal.answer.isForeign {
            #expect(interaction == refusal.elsewhere)
        } else {
            _ = try ticket(interaction)
        }
    }

    @Test("D18: no more than 45 requests in a second, interactions apart")
    func globalLimit() throws {
        var buckets = RateLimitBuckets()
        for channel in 0..<45 { _ = try ticket(buckets.ask(.createMessage(in: "\(channel)"), at: .zero)) }
        let next = buckets.ask(.createMessage(in: "x"), at: .milliseconds(500))
        #expect(next == .wait(until: .seconds(1), everywhere: true))
        _ = try ticket(buckets.ask(.followUp(application: "1", token: "t"), at: .milliseconds(500)))
        _ = try ticket(buckets.ask(.createMessage(in: "x"), at: .milliseconds(1001)))
    }

    @Test("D19: two hundred refused requests in a minute stop everything for the rest of it")
    func breaker() throws {
        var buckets = RateLimitBuckets()
        for number in 0..<200 {
            let now = Duration.milliseconds(100 * number)
            let ticket = try ticket(buckets.ask(.createMessage(in: "\(number)"), at: now))
            buckets.answered(ticket, RateLimitBuckets.Answer(status: 403), at: now)
        }
        let stopped = buckets.ask(.acknowledge("1", token: "t"), at: .seconds(21))
        #expect(stopped == .wait(until: .seconds(60), everywhere: true))
        _ = try ticket(buckets.ask(.acknowledge("1", token: "t"), at: .seconds(61)))
    }

    @Test("D19: refusals of a shared limit do not count")
    func sharedRefusalsDoNotCount() throws {
        var buckets = RateLimitBuckets()
        for number in 0..<300 {
            let now = Duration.milliseconds(100 * number)
            let ticket = try ticket(buckets.ask(.createMessage(in: "\(number)"), at: now))
            buckets.answered(ticket, answer(3, status: 429, scope: "shared", retryAfter: 1), at: now)
        }
        _ = try ticket(buckets.ask(.createMessage(in: "x"), at: .seconds(31)))
    }
}
