import BotCore
import BotSessions

/// `/status`: the model, this conversation, the links and how long the bot has been up.
struct StatusCommand: Command {
    static let description = CommandDescription(name: "status", summary: "Show how I am doing", place: .direct)

    let services: ConversationServices
    /// The uptime at which the program started.
    let startedAt: Duration

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let session = try await services.sessions.session(of: call.key)
        let (provider, choice) = (services.models.provider(of: session), services.models.choice(of: session))
        let model = services.lastModels.withLock { $0[choice] } ?? provider.name
        var lines = [
            "mybot \(services.settings.version), up \(Self.span(services.time.uptime - startedAt))",
            "Model: \(model)\(provider.isLanguageModel ? "" : " (not a language model)")",
        ]
        if let session {
            let tokens = "\(session.totalTokens) tokens; I am shown at most \(session.tokenLimit) at once"
            lines.append("This conversation: \(ResetCommand.count(session.messageCount, "message")), \(tokens)")
        } else {
            lines.append("This conversation: nothing yet")
        }
        let seesProblems = await services.refusal(of: .problems, for: call.event) == nil
        for (name, status) in services.links.all.sorted(by: { $0.key < $1.key }) {
            var line = "\(name): \(status.state.rawValue)"
            if status.state != .off { line += ", seen \(Self.span(services.links.age(of: status))) ago" }
            if let problem = status.problem, seesProblems { line += " (\(problem))" }
            lines.append(line)
        }
        return .say(lines.joined(separator: "\n"))
    }

    /// A span in its two largest units.
    static func span(_ span: Duration) -> String {
        let seconds = max(0, span.components.seconds)
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
