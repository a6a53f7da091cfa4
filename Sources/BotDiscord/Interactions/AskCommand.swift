import BotCore

/// `/ask`: a question as a slash command, for channels in which the bot is not to be mentioned. It is a message like any other, and only
/// Discord has it: elsewhere a question needs no command.
enum AskCommand {
    static let name = "ask"
    static let description = CommandDescription(
        name: name, summary: "Ask me something", argument: "What you want to ask or tell me")
}
