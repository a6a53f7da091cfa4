import BotCore

/// Says what was spent, for `/usage`. Pure.
enum SpendingText {
    /// What a person has spent over all chats, and how their budget and that of the chat stand; nil where there is nothing to say.
    static func own(_ spent: SpentByPeriod, _ uses: [BudgetUse], isShared: Bool) -> String? {
        var parts: [String] = []
        let own = uses.filter { $0.cap.scope == .person }
        if !own.isEmpty || spent.thisMonth.requests > 0 {
            parts.append("What you have asked in all chats:\n" + words(spent) + lines("Your budget:", own))
        }
        // In private it is no other than the person's.
        let chat = uses.filter { $0.cap.scope == .chat }
        if isShared, !chat.isEmpty {
            parts.append("This chat's budget:\n" + chat.map(BudgetText.line).joined(separator: "\n"))
        }
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }

    /// What was spent in all and by whom, for owners.
    ///
    /// - Parameter name: what a person or chat is called, in words that a platform shows as they are.
    static func all(_ report: SpendingReport, _ uses: [BudgetUse], name: (String) -> String) -> String {
        var parts = ["Over all people and chats:\n" + words(report.all) + lines("The budget of all:", uses)]
        for (title, lines) in [("By person", report.people), ("By chat", report.chats), ("By model", report.models)]
        where !lines.isEmpty {
            let shown = lines.map { "- \(name($0.name)): \(amount($0.spent.thisMonth))" }
            parts.append("\(title), this month:\n" + shown.joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n")
    }

    private static func lines(_ title: String, _ uses: [BudgetUse]) -> String {
        uses.isEmpty ? "" : "\n\(title)\n" + uses.map(BudgetText.line).joined(separator: "\n")
    }

    private static func words(_ spent: SpentByPeriod) -> String {
        "Today: \(amount(spent.today))\nThis month: \(amount(spent.thisMonth))"
    }

    /// As `12,345 tokens in 12 requests, $0.12`.
    private static func amount(_ spent: Spent) -> String {
        if spent.requests == 0 { return "nothing" }
        let requests = "\(spent.requests.grouped) \(spent.requests == 1 ? "request" : "requests")"
        let tokens = "\(spent.allTokens.grouped) tokens in \(requests)"
        return spent.money == 0 ? tokens : "\(tokens), \(Money.text(spent.money))"
    }
}
