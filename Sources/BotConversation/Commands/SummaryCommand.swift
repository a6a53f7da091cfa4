import BotCore
import BotSessions

/// `/summary`: shows the summary that stands for the older messages, with its sources; `/summary undo` takes it back.
struct SummaryCommand: Command {
    static let description = CommandDescription(
        name: "summary", summary: "Show my summary of this conversation's older messages",
        argument: "undo, to take the summary back")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if call.arguments.split(whereSeparator: \.isWhitespace).map({ $0.lowercased() }) == ["undo"] {
            return try await takeBack(call)
        }
        guard let session = try await services.sessions.session(of: call.key),
            let report = try await services.sessions.summary(of: session)
        else {
            return .say(none)
        }
        return .say(Self.text(of: report, on: call.key.platform))
    }

    private func takeBack(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let (delivery, platform, none) = (services.delivery, call.key.platform, none)
        let minMessages = services.sessions.settings.minMessagesToSummarize
        let request = CommandRequest(conversation: .key(call.key), event: call.entry.id, at: services.time.now)
        let outcome = try await services.sessions.takeBackSummary(request) { checkpoint in
            delivery.render(
                checkpoint.map { Self.confirmation(of: $0, minMessages: minMessages) } ?? none, for: platform)
        }
        services.carryOut(outcome)
        return .done
    }

    // MARK: - Texts

    private var none: String {
        let settings = services.sessions.settings
        return """
            There is no summary of this conversation. I write one when the messages take more than \
            \(Int((settings.summarizeThreshold * 100).rounded())) % of the \(settings.tokenLimit) tokens that the model is \
            shown, and are at least \(settings.minMessagesToSummarize). The messages themselves stay as they are.
            """
    }

    static func text(of report: SummaryReport, on platform: Platform) -> String {
        let checkpoint = report.checkpoint
        var parts: [String] = []
        let lines = SummaryNotes(parsing: checkpoint.text).lines
        for section in SummarySection.allCases {
            let own = lines.filter { $0.section == section }
            if own.isEmpty { continue }
            parts.append(
                ([section.title] + own.map { line($0, report.dates, platform) }).joined(separator: "\n"))
        }
        if parts.isEmpty { parts.append(Excerpt.literal(checkpoint.text, on: platform)) }
        parts.append(
            """
            \(author(checkpoint.author)) wrote this at \(checkpoint.createdAt.minute) UTC. It stands for \
            \(ResetCommand.count(report.messages, "message")): \(checkpoint.tokens) tokens instead of \(report.tokens). \
            The messages themselves are all kept; /search finds them, and /summary undo takes the summary back.
            """)
        return parts.joined(separator: "\n\n")
    }

    private static func line(
        _ line: SummaryLine, _ dates: [Int64: Timestamp], _ platform: Platform
    ) -> String {
        let sources = line.sources.map { source(of: $0, dates) }
        let cited = sources.isEmpty ? "" : " (\(sources.joined(separator: "; ")))"
        return "- " + Excerpt.literal(line.text, on: platform) + cited
    }

    /// A source with its days, as `#3, 2026-11-23` or `#3-9, 2026-11-23 to 2026-11-25`.
    private static func source(of range: ClosedRange<Int64>, _ dates: [Int64: Timestamp]) -> String {
        let numbers =
            range.count == 1 ? "#\(range.lowerBound)" : "#\(range.lowerBound)-\(range.upperBound)"
        var days: [String] = []
        for number in [range.lowerBound, range.upperBound] {
            if let day = dates[number]?.day, days.last != day { days.append(day) }
        }
        return days.isEmpty ? numbers : "\(numbers), \(days.joined(separator: " to "))"
    }

    private static func author(_ author: SummaryAuthor) -> String {
        switch author {
        case .model(let name): name
        case .digest: "My built-in digest, which is no language model,"
        }
    }

    static func confirmation(of checkpoint: Checkpoint, minMessages: Int) -> String {
        let before = checkpoint.base == nil ? "" : " and what it had added to the one before"
        return """
            Done. I have taken back the summary of \(checkpoint.createdAt.day)\(before). The messages themselves were never gone: \
            I am shown the newest of them again, and what fits the question of the others. I write the next summary \
            after \(minMessages) more messages at the earliest.
            """
    }
}
