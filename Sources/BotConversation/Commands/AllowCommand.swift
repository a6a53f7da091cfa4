import BotCore

/// `/allow`: the owner lets everybody in who writes in this group or server.
struct AllowCommand: Command {
    static let description = CommandDescription(
        name: "allow", summary: "Owner: let everybody in this group or server talk to me", place: .shared)

    let access: AccessControl

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        guard call.standing == .owner else { return .say("Only my owner can do this.") }
        guard case .shared(let space, let title) = call.event.scope else {
            return .say("Send /allow in the group or server whose people I should answer.")
        }
        try await access.letIn(space: space, title: title, by: call.event.speaker, on: call.key.platform)
        return .say("Done. I answer everybody here now.")
    }
}
