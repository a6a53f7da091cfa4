import BotCore

/// Answers what a person has sent: waits for the rest where messages look like the beginning of something, and begins again when what is
/// to be answered changes meanwhile.
struct MessageTurn: Sendable {
    let services: ConversationServices

    func run(_ control: TurnControl) async throws(StoreError) {
        var counted: RateGate.Question?
        while true {
            let parts = await gather(control)
            if let sentence = QuestionText.sentenceForNothing(in: parts.map(\.event.body)) {
                // More may have come just now; what comes after the seal is a question of its own.
                if control.seal() == .changed { continue }
                return try await end(parts, saying: sentence)
            }
            if counted == nil {
                // Once for a question, however often it is begun again.
                counted = services.rated(parts)
                guard try await services.admit(counted, control) else { return }
            }
            if try await TurnRunner(services: services).run(parts, .messages, control: control) == .ended {
                return giveBack(counted, control)
            }
        }
    }

    /// Answers something that is in the log already: no more of it is to be expected.
    func run(_ question: TurnRunner.Question, _ control: TurnControl) async throws(StoreError) {
        let counted = services.rated(control.parts)
        guard try await services.admit(counted, control) else { return }
        while try await TurnRunner(services: services).run(control.rearm(), question, control: control) == .changed {}
        giveBack(counted, control)
    }

    /// What began no turn has cost nothing.
    private func giveBack(_ counted: RateGate.Question?, _ control: TurnControl) {
        if let counted, control.turn == nil { services.rates.giveBack(counted) }
    }

    /// What is to be answered, once no more of it is to be expected.
    private func gather(_ control: TurnControl) async -> [InboxEntry] {
        while true {
            let parts = control.rearm()
            guard control.interruption == nil, let pause = MessageJoin.pause(after: parts) else { return parts }
            await withDeadline(pause, by: services.time) { await control.waitForInterruption() }
            if control.interruption != .changed { return parts }
        }
    }

    private func end(_ parts: [InboxEntry], saying sentence: String) async throws(StoreError) {
        for (number, part) in parts.enumerated() { try await services.answer(part, number == 0 ? sentence : nil) }
    }
}
