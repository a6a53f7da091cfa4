import BotCore

/// Decides which events of shared chats are the bot's business at all; the rest is not even stored.
struct IntakeFilter: Sendable {
    let groups: GroupsMode

    func takes(_ event: InboundEvent) -> Bool {
        guard event.scope.isShared else { return true }
        if groups == .off { return false }
        switch event.body {
        case .broughtIn, .shutOut, .stopPressed, .buttonPressed: return true
        // A command that is not addressed is another bot's, whatever the mode.
        case .command, .unreadable: return event.isAddressed
        case .message: return event.isAddressed || groups == .all
        }
    }
}
