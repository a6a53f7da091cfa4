import BotCore

/// Decides which buttons stand under an answer of the bot. Pure.
///
/// A button stands only where it is the next thing that a person would want: a whole answer has none, for a row of buttons under each message
/// is noise, and `/retry` is there for who wants another one.
enum AnswerButtons {
    /// The buttons under the answer of a turn: Continue where it reached its longest length, Retry where it failed or was broken off by
    /// something that passes.
    static func of(_ end: TurnOutcome.Ending, turn: TurnID) -> [ReplyButton] {
        let retry = [ReplyButton(label: "Retry", action: .retry(turn))]
        switch end.ending {
        // Who has stopped it knows what they want.
        case .stopped: return []
        case .failed: return isForGood(end) ? [] : retry
        case .answered:
            switch end.completion?.finishReason {
            case .length: return [ReplyButton(label: "Continue", action: .resume(turn))]
            case .stop, .toolCalls, .refused: return []
            // Without a completion it was broken off by the deadline or by a broken connection.
            case .cut, nil: return retry
            }
        }
    }

    /// The button under the confirmation of a `/reset` that cleared something.
    static func ofReset(_ event: InboxID) -> [ReplyButton] { [ReplyButton(label: "Undo", action: .undoReset(event))] }

    /// Whether the same question would fail again, so that it has to be asked in another way.
    private static func isForGood(_ end: TurnOutcome.Ending) -> Bool {
        if end.completion?.finishReason == .refused { return true }
        switch end.error {
        case .contextTooLong, .badRequest, .overBudget: return true
        case .cancelled, .unauthorized, .quotaExceeded, .rateLimited, .unavailable, .unknownModel, .network, .timedOut,
            .emptyAnswer, .onlyReasoning, nil:
            return false
        }
    }
}

extension [RenderedChunk] {
    /// The same messages with buttons under the last one.
    func adding(_ buttons: [ReplyButton]) -> [RenderedChunk] {
        guard let last = indices.last, !buttons.isEmpty else { return self }
        var chunks = self
        chunks[last].buttons = buttons
        return chunks
    }
}
