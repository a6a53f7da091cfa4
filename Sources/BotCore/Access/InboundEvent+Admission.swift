extension InboundEvent {
    /// The event as it waits for a decision: with an address that does not age.
    package func waiting(toAnswerAt address: ReplyAddress) -> InboundEvent {
        InboundEvent(
            externalID: externalID, conversation: conversation, scope: scope, isAddressed: isAddressed,
            speaker: speaker, receivedAt: receivedAt, replyAddress: address, body: body)
    }

    /// The event as it comes once more, when its person is let in.
    package func admitted(by request: AdmissionID, at now: Timestamp) -> InboundEvent {
        InboundEvent(
            externalID: "admitted/\(request)", conversation: conversation, scope: scope, isAddressed: isAddressed,
            speaker: speaker, receivedAt: now, replyAddress: replyAddress, body: body)
    }

    /// Whether it is rather to be answered than what the same person had said before.
    package func isWorthMore(than earlier: InboundEvent) -> Bool {
        if case .command = body, case .command = earlier.body { return true }
        if case .command = body { return false }
        return true
    }
}
