import BotCore

/// What is to be done with what a turn has come to. Pure.
enum TurnOutcome: Equatable {
    /// How a turn is to be committed.
    struct Ending: Equatable {
        let ending: TurnEnding
        /// What stands in the chat.
        var shown: String
        /// What goes into the log; nil for nothing.
        let logged: String?
        var completion: Completion?
        /// The tokens of its prompt as they were counted before.
        var counted: Int?
        var error: ModelError?
        /// Whether no model was asked, for a reason that is nobody's fault.
        var isDeclined = false
    }

    case end(Ending)
    /// Put back for the next start.
    case park
    /// A reset took it: there is nothing to do.
    case nothing
    /// What it answers has changed, or its session is not the one that it began in: it is begun again, if it is still wanted.
    case again
    /// The database failed: the next start runs it again.
    case giveUp(StoreError)

    /// - Parameters:
    ///   - generated: what the model came to; nil when it was interrupted before it began.
    ///   - soFar: the answer as far as it came.
    static func of(
        _ generated: TurnGeneration.Outcome?, interruption: Interruption?, soFar: AnswerSoFar
    ) -> TurnOutcome {
        // The answer, whole or not, is one to another question.
        if interruption == .changed { return .again }
        // A whole answer is committed whatever came meanwhile: after a reset the commit itself refuses it and books its cost.
        if case .finished(let completion, let counted, let notes) = generated,
            completion.finishReason != .cut || interruption == nil
        {
            var end = ending(of: completion, after: soFar, notes: notes)
            end.counted = counted
            return .end(end)
        }
        switch interruption {
        case .reset: return .nothing
        case .shutdown: return .park
        case .stop: return .end(broken(soFar, ending: .stopped, note: AnswerText.stopped, alone: AnswerText.stopped))
        case .deadline:
            return .end(broken(soFar, ending: .answered, note: AnswerText.deadline, alone: FailureSentence.deadline))
        case .changed, nil: break
        }
        switch generated {
        case .finished(let completion, counted: _, let notes):
            return .end(ending(of: completion, after: soFar, notes: notes))
        case .declined(let sentence):
            return .end(Ending(ending: .failed, shown: sentence, logged: nil, isDeclined: true))
        // The store knows whether it has ended with its session, or has moved to another one.
        case .gone: return .again
        case .broken(let error): return .giveUp(error)
        // Without an interruption only the end of the whole program cancels.
        case .failed(.cancelled), nil: return .park
        case .failed(let error):
            // Where the model has ended and said nothing, what came was no answer.
            if !isBlank(soFar.current), !error.saysThatNothingWasSaid {
                var end = broken(soFar, ending: .answered, note: AnswerText.cut, alone: AnswerText.cut)
                end.error = error
                return .end(end)
            }
            let shown = soFar.whole(with: FailureSentence.text(for: error))
            return .end(
                Ending(ending: .failed, shown: shown, logged: nil, error: error, isDeclined: error.isOverBudget))
        }
    }

    private static func ending(of completion: Completion, after soFar: AnswerSoFar, notes: [String]) -> Ending {
        if isBlank(completion.text) {
            return Ending(
                ending: .failed, shown: soFar.whole(with: sentence(for: completion)), logged: nil,
                completion: completion)
        }
        let own = [AnswerText.note(for: completion.finishReason), AnswerText.note(of: completion)].compactMap { $0 }
        let shown = (notes + own).reduce(soFar.whole(with: completion.text)) { AnswerText.adding($1, to: $0) }
        return Ending(ending: .answered, shown: shown, logged: completion.text, completion: completion)
    }

    /// What is said of an answer without words.
    private static func sentence(for completion: Completion) -> String {
        if completion.finishReason == .refused { return FailureSentence.refused }
        return completion.toolCalls.isEmpty ? FailureSentence.emptyAnswer : FailureSentence.onlyTools
    }

    /// An answer that was broken off, or the sentence that stands alone when nothing of it had come.
    private static func broken(_ soFar: AnswerSoFar, ending: TurnEnding, note: String, alone: String) -> Ending {
        if isBlank(soFar.whole) {
            return Ending(ending: ending == .answered ? .failed : ending, shown: alone, logged: nil)
        }
        return Ending(
            ending: ending, shown: AnswerText.adding(note, to: soFar.whole),
            logged: isBlank(soFar.current) ? nil : soFar.current)
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}

extension ModelError {
    /// Whether no model was asked, because a budget is spent.
    var isOverBudget: Bool { if case .overBudget = self { true } else { false } }

    fileprivate var saysThatNothingWasSaid: Bool {
        switch self {
        case .emptyAnswer, .onlyReasoning: true
        default: false
        }
    }
}
