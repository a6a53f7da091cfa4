import BotCore

/// How an event passes its chat's queue.
enum LaneRole: Equatable {
    /// In its turn, after everything that came before it.
    case inOrder
    /// At once, beside what runs.
    case around
    /// At once, but after others of its kind, and what came later waits until it is done: otherwise a message after `/reset` or `/forget`
    /// could begin before it and be cleared with the rest.
    case aroundHolding
}

extension InboundEvent {
    var laneRole: LaneRole {
        switch body {
        case _ where body.clearsChat: .aroundHolding
        case .shutOut: .aroundHolding
        // Without its "yes" it only says what there is.
        case .command(name: ForgetCommand.name, arguments: _): .around
        case .command(name: StopCommand.name, arguments: _), .stopPressed: .around
        // A stranger is not to wait for what the chat of who decides is busy with.
        case .buttonPressed(let press) where press.action?.isDecision == true: .around
        // Nothing may begin while it is found out whether what it changes still waits.
        case .edited, .deleted: .aroundHolding
        case .command, .message, .broughtIn, .buttonPressed, .unreadable: .inOrder
        }
    }

    /// Whether it may end without its turn when too many wait in its chat. What steers the bot may not.
    var canBeSetAside: Bool {
        if case .broughtIn = body { return false }
        return laneRole == .inOrder
    }
}
