import BotTestSupport
import Testing

/// Two hundred people ask at once, and each gets the own answer once.
///
/// `MYBOT_SOAK_TURNS` sets the number of rounds and prints the figures: see `.ci/soak`.
@Suite(.timeLimit(.minutes(30)))
struct TurnLoadTests {
    private static let soaked = Soak.number("MYBOT_SOAK_TURNS")

    @Test func answersTwoHundredPeopleAtOnce() async throws {
        let load = TurnLoad(people: 200, rounds: Self.soaked ?? 2)
        let figures = try await load.run()
        if Self.soaked != nil {
            Soak.print("soak turns \(figures.line)")
            for problem in figures.problems.prefix(20) { Soak.print("soak turns problem: \(problem)") }
        }
        #expect(figures.problems.prefix(5).isEmpty, "\(figures.problems.prefix(5))")
        #expect(figures.added.count == load.people * load.rounds)
    }
}
