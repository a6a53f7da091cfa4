import BotCore
import BotSessions

/// `/context`: what of this conversation the model is shown.
struct ContextCommand: Command {
    static let description = CommandDescription(
        name: "context", summary: "Show how much of this conversation the model is shown", place: .direct)

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        guard let session = try await services.sessions.session(of: call.key),
            let report = try await services.sessions.contextReport(
                of: session, for: services.models.provider(of: session))
        else {
            return .say("Nothing of this conversation is shown to the model yet: there is no message.")
        }
        return .say(Self.text(of: report))
    }

    static func text(of report: ContextReport) -> String {
        let (context, session) = (report.context, report.session)
        let counting =
            report.isExact
            ? "counted exactly" : "an upper bound: this model's own way of counting is not public"
        var lines = [
            "The model (\(report.model)) is shown \(context.totalTokens) of at most \(context.limit) tokens of this conversation (\(counting)):"
        ]
        if context.hasSummaries {
            let messages = ResetCommand.count(session.messageCount - session.coverage.liveMessages, "message")
            lines.append("- Summary: \(context.summaryTokens) tokens for the oldest \(messages); /summary shows it")
        } else {
            lines.append("- Summary: none yet")
        }
        lines.append(
            context.recalled.isEmpty
                ? "- Recalled for the newest question: nothing"
                : """
                - Recalled for the newest question: \(ResetCommand.count(context.recalled.count, "older message")), \
                \(context.recallTokens) tokens
                """)
        let since = report.since.map { ", since \($0.minute) UTC" } ?? ""
        lines.append(
            "- As they were written: the newest \(context.shownMessages) of \(ResetCommand.count(session.messageCount, "message"))\(since)"
        )
        return lines.joined(separator: "\n")
    }
}
