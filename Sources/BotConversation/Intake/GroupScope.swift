import BotCore

extension InboundEvent {
    /// The event in the conversation that is its person's where each has their own.
    ///
    /// Of what was deleted it is not known who has written it, so that stays everybody's and is looked for in all of them (`EventStore`);
    /// and what is about the chat as a whole concerns all of them.
    func scoped(_ scope: GroupScope) -> InboundEvent {
        guard scope == .person, self.scope.isShared else { return self }
        switch body {
        case .deleted, .broughtIn, .shutOut: return self
        case .message, .edited, .command, .stopPressed, .buttonPressed, .unreadable:
            return moved(to: conversation.of(person: speaker.id))
        }
    }
}
