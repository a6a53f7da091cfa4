import BotCore

/// `/start`: says hello; with an argument it is the pairing code of the owner, or the code of an invite.
struct StartCommand: Command {
    static let description = CommandDescription(
        name: "start", summary: "Say hello", argument: "The code of an invite, or the pairing code that mybot printed",
        place: .direct)

    static let welcome = """
        Hello! Write to me and I answer; I remember what we talked about. \
        /reset starts afresh, /help lists what else I can do.
        """

    let services: ConversationServices

    var description: CommandDescription { Self.description }
    var isForStrangers: Bool { true }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let code = call.arguments.split(whereSeparator: \.isWhitespace).first
        // In a shared chat everybody would read the code, so none is taken there.
        guard let code, call.standing != .owner, !call.event.scope.isShared else {
            return call.standing.isLetIn ? .say(Self.welcome) : .turnAway
        }
        switch try await services.access.redeem(String(code.prefix(128)), of: call.event) {
        case .paired:
            return .say("You are my owner now. \(Self.welcome)")
        case .invited(let admitted):
            if let admitted { services.lanes.add([admitted]) }
            return .say("You are let in now. \(Self.welcome)")
        case .wrong(let tries) where tries > 0:
            return .say("This code is wrong. You have \(tries) more \(tries == 1 ? "try" : "tries").")
        case .wrong, .lockedOut:
            return .say("This code is wrong, and you have no tries left until tomorrow, or until a new one is made.")
        case .noCode:
            // Links with other start parameters lead here too.
            return call.standing.isLetIn ? .say(Self.welcome) : .turnAway
        }
    }
}
