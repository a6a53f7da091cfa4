import BotCore

/// `/retry`: answers the newest message once more. The turn itself takes back what followed the message.
struct RetryCommand: Command {
    static let description = CommandDescription(name: "retry", summary: "Answer your last message once more")

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply { .answerAgain }
}
