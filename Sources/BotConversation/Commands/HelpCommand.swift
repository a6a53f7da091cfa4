import BotCore

/// `/help`: lists the commands.
struct HelpCommand: Command {
    static let description = CommandDescription(name: "help", summary: "List what I can do")

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let lines = CommandRouter.descriptions.map { "/\($0.name) - \($0.summary)" }
        let howTo =
            call.event.scope.isShared
            ? "Mention me or reply to me, and I answer." : "Write to me, and I answer."
        return .say(howTo + "\n\n" + lines.joined(separator: "\n"))
    }
}
