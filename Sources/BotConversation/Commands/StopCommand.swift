import BotCore

/// `/stop`: ends the running answer, around the queue; what there is of it is kept.
struct StopCommand: Command {
    static let name = "stop"
    static let description = CommandDescription(name: name, summary: "Stop the answer that I am writing")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        guard let asker = services.lanes.asker(in: call.key, before: call.entry.id) else {
            return .say("Nothing is running.")
        }
        if let refusal = await services.refusal(
            of: .stop, for: call.event, author: (asker.id, DisplayName.cleaned(asker.name)))
        {
            return .say(refusal)
        }
        // The stopped answer itself shows that it was stopped.
        return services.lanes.interrupt(in: call.key, before: call.entry.id, .stop)
            ? .silence : .say("Nothing is running.")
    }
}
