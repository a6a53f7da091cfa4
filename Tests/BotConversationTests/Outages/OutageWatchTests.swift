import BotCore
import Foundation
import Testing

@testable import BotConversation

struct OutageWatchTests {
    /// One step: at this second, a provider failed with an error, or worked; and what the owner is told of it.
    struct Step: Sendable {
        let second: Int
        let provider: String
        let error: ModelError?
        let told: String?
    }

    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
    }

    private static let day = 86_400

    private static func fails(
        _ second: Int, _ error: ModelError, _ told: String? = nil, provider: String = "openai/a"
    ) -> Step { Step(second: second, provider: provider, error: error, told: told) }

    private static func works(_ second: Int, _ told: String? = nil, provider: String = "openai/a") -> Step {
        Step(second: second, provider: provider, error: nil, told: told)
    }

    private static let stories = [
        Story(testDescription: "a model that works is not spoken of", steps: [works(0), works(1)]),
        Story(
            testDescription: "a key that is not accepted is told at once, and once",
            steps: [
                fails(0, .unauthorized("x"), "began unauthorized"), fails(1, .unauthorized("x")),
                fails(7200, .unauthorized("x")), works(10_000, "over"), works(10_001),
            ]),
        Story(
            testDescription: "what passes by itself is not told",
            steps: [
                fails(0, .network("x")), fails(300, .timedOut("x")), works(400), fails(500, .network("x")),
                fails(600, .network("x")), works(900),
            ]),
        Story(
            testDescription: "what goes on for minutes is told",
            steps: [
                fails(0, .network("x")), fails(100, .unavailable(retryAfter: nil, "x")), fails(179, .timedOut("x")),
                fails(180, .network("x"), "began network"), fails(181, .timedOut("x")), works(300, "over"),
            ]),
        Story(
            testDescription: "many failures in a moment are not minutes",
            steps: (0..<50).map { fails($0, .rateLimited(retryAfter: nil, "x")) }),
        Story(
            testDescription: "errors of single requests are not the model's",
            steps: (0..<50).map {
                fails($0 * 60, [.cancelled, .contextTooLong("x"), .emptyAnswer("x"), .onlyReasoning("x")][$0 % 4])
            }),
        Story(
            testDescription: "it is told again once a day while it lasts",
            steps: [
                fails(0, .quotaExceeded("x"), "began quotaExceeded"), fails(day - 1, .quotaExceeded("x")),
                fails(day, .quotaExceeded("x"), "lasts quotaExceeded"), fails(day + 9, .quotaExceeded("x")),
                fails(3 * day, .quotaExceeded("x"), "lasts quotaExceeded"),
            ]),
        Story(
            testDescription: "a model that works now and then is told of once an hour at most",
            steps: [
                fails(0, .unauthorized("x"), "began unauthorized"), works(1, "over"), fails(2, .unauthorized("x")),
                works(3), fails(3598, .unauthorized("x")), fails(3600, .unauthorized("x"), "began unauthorized"),
                works(3601, "over"),
            ]),
        Story(
            testDescription: "providers are told of apart",
            steps: [
                fails(0, .unauthorized("x"), "began unauthorized"),
                fails(1, .quotaExceeded("x"), "began quotaExceeded", provider: "anthropic/b"), works(2, "over"),
                fails(3, .quotaExceeded("x"), provider: "anthropic/b"),
                works(4, "over", provider: "anthropic/b"),
            ]),
        Story(
            testDescription: "models of one provider are one outage, which a model that never failed does not end",
            steps: [
                fails(0, .unauthorized("x"), "began unauthorized"), fails(1, .unauthorized("x"), provider: "openai/b"),
                works(2, provider: "openai/c"), works(3, "over", provider: "openai/b"),
            ]),
        Story(
            testDescription: "any model ends what had been silence",
            steps: [
                fails(0, .network("x")), fails(90, .network("x")), fails(180, .network("x"), "began network"),
                works(181, "over", provider: "openai/b"),
            ]),
        Story(
            testDescription: "each unknown model is named",
            steps: [
                fails(0, .unknownModel("x"), "began unknownModel"),
                fails(1, .unknownModel("x"), "began unknownModel", provider: "openai/b"),
                fails(2, .unknownModel("x")), fails(3, .unknownModel("x"), provider: "openai/b"),
            ]),
        Story(
            testDescription: "what needs the owner is told after silence, and silence not after that",
            steps: [
                fails(0, .network("x")), fails(90, .network("x")), fails(180, .network("x"), "began network"),
                fails(200, .unauthorized("x"), "began unauthorized"), fails(210, .network("x")), works(300, "over"),
            ]),
        Story(
            testDescription: "a clock that goes back tells nothing twice",
            steps: [
                fails(5000, .unauthorized("x"), "began unauthorized"), fails(0, .unauthorized("x")), works(1, "over"),
                fails(2, .unauthorized("x")),
            ]),
    ]

    private static func words(_ notice: OutageWatch.Notice?) -> String? {
        notice.map { notice in
            switch notice.kind {
            case .began(let cause, _, _): "began \(cause)"
            case .lasts(let cause, _): "lasts \(cause)"
            case .over: "over"
            }
        }
    }

    @Test(arguments: stories)
    func tellsTheOwner(story: Story) {
        var watch = OutageWatch()
        for step in story.steps {
            let now = Timestamp(rawValue: 1_790_000_000_000) + .seconds(step.second)
            let notice =
                if let error = step.error {
                    watch.failed(step.provider, error, at: now)
                } else {
                    watch.worked(step.provider, at: now)
                }
            #expect(Self.words(notice) == step.told, "at \(step.second) s, \(step.provider)")
            if let notice { #expect(notice.model == step.provider && step.provider.hasPrefix(notice.server)) }
        }
    }

    @Test func aThousandFailuresInAnHourAreOneMessage() {
        var watch = OutageWatch()
        let errors: [ModelError] = [.unauthorized("x"), .network("x"), .timedOut("x")]
        let told = (0..<1000).count { number in
            let now = Timestamp(rawValue: 1_790_000_000_000 + Int64(number) * 3600)
            return watch.failed("openai/a", errors[number % 3], at: now) != nil
        }
        #expect(told == 1)
    }

    /// What was stored by this version has to be read by all later ones.
    @Test func readsWhatWasKept() throws {
        let kept = """
            {"lastTold":{"openai unauthorized":1790000000000},"outages":{"openai":{"cause":"unauthorized","failures":2,\
            "models":["openai\\/a"],"since":1790000000000,"told":{"unauthorized":1790000000000}}}}
            """
        var watch = try JSONDecoder().decode(OutageWatch.self, from: Data(kept.utf8))
        var made = OutageWatch()
        for _ in 0..<2 { _ = made.failed("openai/a", .unauthorized("x"), at: Timestamp(rawValue: 1_790_000_000_000)) }
        #expect(watch == made)
        let notice = watch.worked("openai/a", at: Timestamp(rawValue: 1_790_000_090_000))
        #expect(notice?.kind == .over(.seconds(90)))
    }
}
