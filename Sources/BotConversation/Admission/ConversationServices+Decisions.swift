import BotCore
import Logging

extension ConversationServices {
    /// Carries out what somebody has decided, and ends the event that says so: a command, or the press of a button.
    func decide(
        _ verdict: AdmissionVerdict, about subject: AccessDecision.Subject, as role: AccessRole = .member,
        by entry: InboxEntry, saying answer: (@Sendable (DecisionEffect) -> String)? = nil
    ) async throws(StoreError) {
        let (event, delivery) = (entry.event, delivery)
        let decision = AccessDecision(
            verdict, subject, as: role, by: event.person ?? event.conversation.platform.rawValue, event: entry.id,
            at: time.now)
        let outcome = try await patiently { () async throws(StoreError) in
            try await store.decide(decision, rules: AdmissionRules()) { effect in
                delivery.render(
                    answer?(effect) ?? AdmissionText.effect(effect, of: verdict), for: event.conversation.platform)
            } refusal: { platform in
                delivery.render(AdmissionText.denied, for: platform)
            }
        }
        if case .done(let decided) = outcome.effect {
            access.took(decided.now, for: decided.entry)
            logger.notice(
                "decided about somebody",
                metadata: [
                    "access.entry": "\(decided.entry)", "access.verdict": "\(verdict.rawValue)",
                    "access.by": "\(decision.decidedBy)",
                ])
        }
        delivery.enqueue(outcome.rows)
        if let admitted = outcome.admitted { lanes.add([admitted]) }
    }
}
