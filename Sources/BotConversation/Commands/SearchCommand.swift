import BotCore
import BotSessions

/// `/search`: finds messages of this conversation, and of no other.
struct SearchCommand: Command {
    static let description = CommandDescription(
        name: "search", summary: "Find messages of this conversation", argument: "The words to look for")

    private static let limit = 8
    /// Of a longer question only the beginning is looked for, in characters.
    private static let longestQuestion = 512
    /// In characters.
    private static let longestExcerpt = 240

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let words = String(call.arguments.prefix(Self.longestQuestion))
        guard !SearchText.terms(of: words).isEmpty else {
            return .say("Send /\(Self.description.name) and the words to look for, as: /search sister birthday")
        }
        let sessions = services.sessions
        guard let session = try await sessions.session(of: call.key) else { return .say(Self.nothing) }
        let found = try await sessions.search(words, in: session.id, limit: Self.limit)
        guard !found.isEmpty else { return .say(Self.nothing) }
        return .say(Self.answer(found, on: call.key.platform, isShared: call.event.scope.isShared))
    }

    private static let nothing = "I have found nothing in this conversation."

    static func answer(_ found: [FoundMessage], on platform: Platform, isShared: Bool) -> String {
        found.map { message in
            let words = Excerpt.literal(Excerpt.beginning(of: message.excerpt, limit: longestExcerpt), on: platform)
            return "\(message.at.day) \(who(message, on: platform, isShared: isShared)): \(words)"
        }.joined(separator: "\n\n")
    }

    private static func who(_ message: FoundMessage, on platform: Platform, isShared: Bool) -> String {
        switch message.role {
        case .user:
            isShared ? Excerpt.literal(DisplayName.cleaned(message.speaker ?? "someone"), on: platform) : "you"
        case .assistant: "I"
        case .system, .tool: message.role.rawValue
        }
    }
}
