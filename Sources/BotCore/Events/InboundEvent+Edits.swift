extension InboundEvent {
    /// The message of this event, or what an earlier edit made of it, if it is the one that an edit concerns.
    package func message(editedBy edit: InboundMessage) -> InboundMessage? {
        switch body {
        case .message(let message), .edited(let message): message.id != nil && message.id == edit.id ? message : nil
        default: nil
        }
    }

    /// The event with the text as it is after the edit. Whatever joins it to other messages stays.
    package func replacing(_ earlier: InboundMessage, by edit: InboundMessage) -> InboundEvent {
        var message = earlier
        message.text = edit.text
        if !edit.attachments.isEmpty { message.attachments = edit.attachments }
        let isEdit = if case .edited = body { true } else { false }
        return InboundEvent(
            externalID: externalID, conversation: conversation, scope: scope, isAddressed: isAddressed,
            speaker: speaker, receivedAt: receivedAt, replyAddress: replyAddress,
            body: isEdit ? .edited(message) : .message(message))
    }

    /// The event as it is once its message is deleted: nothing of it is left to be answered. Nil when it is about another message.
    package func deleting(_ id: String) -> InboundEvent? {
        switch body {
        case .message(let message), .edited(let message): if message.id != id { return nil }
        default: return nil
        }
        return InboundEvent(
            externalID: externalID, conversation: conversation, scope: scope, isAddressed: isAddressed,
            speaker: speaker, receivedAt: receivedAt, replyAddress: replyAddress, body: .deleted(message: id))
    }
}
