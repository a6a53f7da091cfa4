import BotCore
import Testing

@testable import BotConversation

struct StepPlanTests {
    private static func completion(
        _ calls: [ToolCall], _ reason: FinishReason = .toolCalls
    ) -> Completion {
        Completion(text: "", toolCalls: calls, finishReason: reason, usage: nil, model: "m")
    }

    private static func call(_ name: String = "calculator", _ arguments: String = "{}") -> ToolCall {
        ToolCall(id: "toolu_01A", name: name, arguments: arguments)
    }

    @Test(arguments: [(FinishReason.toolCalls, 1), (.stop, 1), (.length, 0), (.cut, 0), (.refused, 0)])
    func onlyWholeAnswersCallTools(reason: FinishReason, count: Int) {
        var plan = StepPlan()
        #expect(plan.calls(of: Self.completion([Self.call()], reason), in: TurnID(1)).count == count)
        #expect(plan.steps == count)
    }

    @Test func anAnswerWithoutCallsEndsTheTurn() {
        var plan = StepPlan()
        #expect(plan.calls(of: Self.completion([], .stop), in: TurnID(1)).isEmpty)
        #expect(plan.steps == 0)
    }

    @Test func idsAreOursAndFitEveryProvider() {
        var plan = StepPlan()
        var ids: Set<String> = []
        for step in 0..<StepPlan.mostSteps {
            let calls = plan.calls(
                of: Self.completion((0..<20).map { Self.call("t\($0)", "{\"step\": \(step)}") }), in: TurnID(.max))
            #expect(calls.count == StepPlan.mostCallsAtOnce)
            for call in calls {
                #expect(ids.insert(call.id).inserted)
                #expect(call.id.count == 9)
                #expect(call.id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
            }
        }
    }

    @Test(arguments: [
        ("current_time", "current_time"), ("rm -rf /", "rm_-rf__"), ("", "_"), ("größe", "gr__e"),
        (String(repeating: "n", count: 99), String(repeating: "n", count: 64)),
    ])
    func namesAreFitForAHistory(name: String, stored: String) {
        var plan = StepPlan()
        #expect(plan.calls(of: Self.completion([Self.call(name)]), in: TurnID(1)).map(\.name) == [stored])
    }

    @Test func hugeArgumentsAreNotKept() {
        var plan = StepPlan()
        let calls = plan.calls(
            of: Self.completion([Self.call("t", String(repeating: "x", count: 10_000))]), in: TurnID(1))
        #expect(calls.map(\.arguments) == ["\"too long\""])
    }

    @Test func stepsAreLimited() {
        var plan = StepPlan()
        for step in 0..<StepPlan.mostSteps {
            #expect(plan.mayCall)
            #expect(!plan.calls(of: Self.completion([Self.call("t", "\(step)")]), in: TurnID(1)).isEmpty)
        }
        #expect(!plan.mayCall)
        #expect(plan.calls(of: Self.completion([Self.call()]), in: TurnID(1)).isEmpty)
    }

    @Test func callingTheSameAgainAndAgainEnds() {
        var plan = StepPlan()
        for _ in 0...StepPlan.mostRepeats {
            #expect(plan.mayCall)
            _ = plan.calls(of: Self.completion([Self.call()]), in: TurnID(1))
        }
        #expect(!plan.mayCall)
    }

    @Test func aResumedTurnKeepsItsCount() {
        let done = (0..<3).map { step in
            SessionMessage(
                session: SessionID(1), seq: Int64(step + 2), epoch: 0, role: .assistant, text: "", speaker: nil,
                tokens: 1, tokenizer: "letters", model: "m", createdAt: Timestamp(rawValue: 0), metadata: [:],
                toolCalls: [Self.call()])
        }
        let plan = StepPlan(after: done)
        #expect(plan.steps == 3)
        #expect(!plan.mayCall)
    }
}
