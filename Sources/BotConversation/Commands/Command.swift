import BotCore

/// One use of a command.
struct CommandCall: Sendable {
    let entry: InboxEntry
    /// The rest of the line.
    let arguments: String
    /// What the person is to the bot here.
    let standing: AccessStanding

    var event: InboundEvent { entry.event }
    var key: ConversationKey { entry.event.conversation }
}

/// How a command is answered.
enum CommandReply: Sendable, Equatable {
    /// The event ends with this answer.
    case say(String)
    /// The event ends without an answer.
    case silence
    /// As any stranger is answered: one polite line in private, silence in groups.
    case turnAway
    /// The command has ended its event itself, in the transaction that did its work.
    case done
    /// A turn follows, which answers the newest message once more and ends the event.
    case answerAgain
}

/// Something that a person can ask the bot for with a slash. What it does may be done again after a crash.
protocol Command: Sendable {
    var description: CommandDescription { get }
    /// Whether it answers people who are not let in.
    var isForStrangers: Bool { get }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply
}

extension Command {
    var isForStrangers: Bool { false }
}
