import BotCore

/// The table of all commands.
struct CommandRouter: Sendable {
    private let commands: [any Command]
    private let byName: [String: any Command]

    init(services: ConversationServices, startedAt: Duration) {
        commands = [
            StartCommand(services: services), HelpCommand(), ResetCommand(services: services),
            UndoCommand(services: services), RetryCommand(), StopCommand(services: services),
            SearchCommand(services: services), SummaryCommand(services: services), ContextCommand(services: services),
            ModelCommand(services: services), UsageCommand(services: services),
            StatusCommand(services: services, startedAt: startedAt),
            ForgetCommand(services: services), ExportCommand(services: services), PrivacyCommand(services: services),
            DecideCommand(verdict: .allow, services: services), DecideCommand(verdict: .deny, services: services),
            DecideCommand(verdict: .block, services: services), InviteCommand(services: services),
            PeopleCommand(services: services),
        ]
        byName = Dictionary(uniqueKeysWithValues: commands.map { ($0.description.name, $0) })
    }

    /// All commands for menus, in the order in which they are shown.
    static let descriptions = [
        StartCommand.description, HelpCommand.description, ResetCommand.description, UndoCommand.description,
        RetryCommand.description, StopCommand.description, SearchCommand.description, SummaryCommand.description,
        ContextCommand.description, ModelCommand.description, UsageCommand.description, StatusCommand.description,
        ForgetCommand.description, ExportCommand.description, PrivacyCommand.description, DecideCommand.allow,
        DecideCommand.deny, DecideCommand.block, InviteCommand.description, PeopleCommand.description,
    ]

    /// Does what a command asks for.
    func reply(to call: CommandCall, named name: String) async throws(StoreError) -> CommandReply {
        guard let command = byName[name] else {
            if !call.standing.isLetIn { return .turnAway }
            // In a group it is more likely another bot's.
            return call.event.scope.isShared
                ? .silence : .say("I do not know /\(DisplayName.cleaned(name)). /help lists what I can do.")
        }
        guard call.standing.isLetIn || command.isForStrangers && call.standing != .blocked else { return .turnAway }
        return try await command.run(call)
    }
}
