import BotCore

/// `/stop`: ends the running answer, around the queue; what there is of it is kept.
struct StopCommand: Command {
    static let name = "stop"
    static let description = CommandDescription(name: name, summary: "Stop the answer that I am writing")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        // The stopped answer itself shows that it was stopped.
        services.lanes.interrupt(in: call.key, before: call.entry.id, .stop) ? .silence : .say("Nothing is running.")
    }
}
