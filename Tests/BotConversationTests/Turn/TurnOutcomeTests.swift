import BotCore
import Testing

@testable import BotConversation

struct TurnOutcomeTests {
    private static func completion(_ text: String, _ reason: FinishReason = .stop) -> Completion {
        Completion(text: text, finishReason: reason, usage: nil, model: "m")
    }

    private static func ending(
        _ generated: TurnGeneration.Outcome?, _ interruption: Interruption?, _ soFar: String = "",
        after earlier: [String] = []
    ) -> TurnOutcome.Ending? {
        let answer = AnswerSoFar(earlier: earlier, current: soFar)
        guard case .end(let ending) = TurnOutcome.of(generated, interruption: interruption, soFar: answer) else {
            return nil
        }
        return ending
    }

    @Test(
        "A whole answer is committed whatever came meanwhile",
        arguments: [nil, .stop, .reset, .shutdown, .deadline] as [Interruption?])
    func wholeAnswersAreCommitted(interruption: Interruption?) {
        let ending = Self.ending(.finished(Self.completion("All.")), interruption, "All")
        #expect(ending?.ending == .answered)
        #expect(ending?.shown == "All.")
        #expect(ending?.logged == "All.")
    }

    @Test(arguments: [
        (FinishReason.length, AnswerText.length), (.refused, AnswerText.refused), (.cut, AnswerText.cut),
    ])
    func incompleteAnswersSaySoInTheChatOnly(reason: FinishReason, note: String) {
        let ending = Self.ending(.finished(Self.completion("Half", reason)), nil, "Half")
        #expect(ending?.ending == .answered)
        #expect(ending?.shown == "Half\n\n\(note)")
        #expect(ending?.logged == "Half")
    }

    @Test(arguments: [(FinishReason.stop, FailureSentence.emptyAnswer), (.refused, FailureSentence.refused)])
    func emptyAnswersAreToldHonestly(reason: FinishReason, sentence: String) {
        let ending = Self.ending(.finished(Self.completion(" \n", reason)), nil)
        #expect(ending?.ending == .failed)
        #expect(ending?.shown == sentence)
        #expect(ending?.logged == nil)
    }

    @Test func whatAStoppedAnswerHadIsKept() {
        for generated in [TurnGeneration.Outcome.failed(.cancelled), .finished(Self.completion("Half", .cut)), nil] {
            let ending = Self.ending(generated, .stop, "Half")
            #expect(ending?.ending == .stopped)
            #expect(ending?.shown == "Half\n\n(stopped)")
            #expect(ending?.logged == "Half")
        }
        let nothing = Self.ending(.failed(.cancelled), .stop, "")
        #expect(nothing?.ending == .stopped)
        #expect(nothing?.shown == "(stopped)")
        #expect(nothing?.logged == nil)
    }

    @Test func theDeadlineKeepsWhatThereIs() {
        #expect(Self.ending(.failed(.cancelled), .deadline, "Half")?.shown == "Half\n\n\(AnswerText.deadline)")
        let nothing = Self.ending(.failed(.cancelled), .deadline, "")
        #expect(nothing?.ending == .failed)
        #expect(nothing?.shown == FailureSentence.deadline)
    }

    @Test func aTurnWhoseSessionIsGoneIsBegunAgainIfItIsStillWanted() {
        #expect(TurnOutcome.of(.gone, interruption: nil, soFar: .said("")) == .again)
    }

    @Test func resetsAndShutdownsCommitNothing() {
        #expect(
            TurnOutcome.of(.failed(.cancelled), interruption: .reset, soFar: .said("Half")) == .nothing)
        #expect(
            TurnOutcome.of(.failed(.cancelled), interruption: .shutdown, soFar: .said("Half")) == .park)
        #expect(TurnOutcome.of(.failed(.cancelled), interruption: nil, soFar: .said("")) == .park)
        #expect(TurnOutcome.of(nil, interruption: nil, soFar: .said("")) == .park)
        #expect(TurnOutcome.of(.gone, interruption: .reset, soFar: .said("")) == .nothing)
        #expect(
            TurnOutcome.of(.broken(.damaged("x")), interruption: nil, soFar: .said(""))
                == .giveUp(.damaged("x")))
    }

    @Test(
        "Every failure of the model is told in plain words that do not hold its text",
        arguments: [
            .unauthorized("sk-SECRET"), .quotaExceeded("sk-SECRET"), .rateLimited(retryAfter: nil, "sk-SECRET"),
            .unavailable(retryAfter: .seconds(300), "sk-SECRET"), .contextTooLong("sk-SECRET"),
            .unknownModel("sk-SECRET"), .badRequest("sk-SECRET"), .network("sk-SECRET"), .timedOut("sk-SECRET"),
            .emptyAnswer("sk-SECRET"),
        ] as [ModelError])
    func failuresAreToldPlainly(error: ModelError) {
        let ending = Self.ending(.failed(error), nil)
        #expect(ending?.ending == .failed)
        #expect(ending?.logged == nil)
        #expect(ending?.error == error)
        let shown = ending?.shown ?? ""
        #expect(!shown.contains("SECRET"))
        #expect(shown.hasSuffix("."))
        #expect(shown.count > 20)
    }

    @Test(
        arguments: [
            (nil, "in a minute"), (.seconds(5), "in a minute"), (.seconds(61), "in 2 minutes"),
            (.seconds(3600), "in 60 minutes"),
        ] as [(Duration?, String)])
    func saysWhenToAskAgain(retryAfter: Duration?, words: String) {
        #expect(FailureSentence.text(for: .rateLimited(retryAfter: retryAfter, "")).contains(words))
    }

    /// All that came was reasoning that nobody had announced.
    @Test(arguments: [
        (ModelError.emptyAnswer("x"), FailureSentence.emptyAnswer),
        (.onlyReasoning("x"), FailureSentence.onlyReasoning),
    ])
    func whatWasNoAnswerIsNotKept(error: ModelError, sentence: String) {
        let outcome = TurnOutcome.of(
            .failed(error), interruption: nil, soFar: .said("I should greet.\n</think>\n"))
        #expect(
            outcome == .end(TurnOutcome.Ending(ending: .failed, shown: sentence, logged: nil, error: error)))
    }
}

extension TurnOutcomeTests {
    @Test func whatWasSaidBeforeToolsStandsInTheChatAndNotTwiceInTheLog() {
        let whole = Self.ending(.finished(Self.completion("Then.")), nil, "Then", after: ["First.", ""])
        #expect(whole?.shown == "First.\n\nThen.")
        #expect(whole?.logged == "Then.")
        let stopped = Self.ending(nil, .stop, "", after: ["First."])
        #expect(stopped?.shown == "First.\n\n(stopped)")
        #expect(stopped?.logged == nil)
        let failed = Self.ending(.failed(.network("x")), nil, "", after: ["First."])
        #expect(failed?.ending == .failed)
        #expect(failed?.shown == "First.\n\n\(FailureSentence.text(for: .network("x")))")
        let cut = Self.ending(.failed(.network("x")), nil, "Th", after: ["First."])
        #expect(cut?.shown == "First.\n\nTh\n\n\(AnswerText.cut)")
        #expect(cut?.logged == "Th")
    }
}

extension AnswerSoFar {
    fileprivate static func said(_ text: String) -> AnswerSoFar { AnswerSoFar(current: text) }
}
