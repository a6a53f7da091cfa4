package import BotCore

/// Says in plain words how budgets stand. Pure.
package enum BudgetText {
    /// Why a question was not answered, to whoever asked it.
    static func refusal(_ use: BudgetUse, at now: Timestamp) -> String {
        let whose =
            switch use.cap.scope {
            case .person: "your budget"
            case .chat: "this chat's budget"
            case .all: "my budget"
            }
        let budget = "\(whose) for \(period(use.cap))"
        if use.cap.scope == .all || use.used >= use.cap.limit {
            let amount = use.cap.scope == .all ? "" : " (\(Self.amount(use.cap.limit, use.cap)))"
            return "I cannot answer: \(budget) is spent\(amount). It begins anew \(renewal(use.cap, at: now))."
        }
        return """
            I cannot answer: what is left of \(budget) (\(amount(use.left, use.cap)) of \
            \(amount(use.cap.limit, use.cap))) is not enough for this. It begins anew \(renewal(use.cap, at: now)).
            """
    }

    /// That a cap is used for the most part: to its person, to its chat, or to the owners.
    static func warning(_ use: BudgetUse, at now: Timestamp) -> String {
        let (spent, limit) = (amount(use.used, use.cap), amount(use.cap.limit, use.cap))
        let percent = use.cap.limit == 0 ? 100 : Int(Double(use.used) / Double(use.cap.limit) * 100)
        switch use.cap.scope {
        case .person:
            return "You have used \(percent) % of your budget for \(period(use.cap)): \(spent) of \(limit)."
        case .chat:
            return "This chat has used \(percent) % of its budget for \(period(use.cap)): \(spent) of \(limit)."
        case .all:
            return """
                A note for my owner: \(percent) % of the budget of all for \(period(use.cap)) is used, \(spent) of \
                \(limit). When it is spent I answer nobody until it begins anew \(renewal(use.cap, at: now)). \
                /usage shows who has used it.
                """
        }
    }

    /// That the cap of all is spent, to the owners.
    static func spent(_ use: BudgetUse, at now: Timestamp) -> String {
        """
        A note for my owner: the budget of all for \(period(use.cap)) is spent, \(amount(use.used, use.cap)) of \
        \(amount(use.cap.limit, use.cap)). It begins anew \(renewal(use.cap, at: now)). /usage shows who has used it; \
        budgets.\(key(of: use.cap)) in the configuration raises it.
        """
    }

    /// As `of 1,000,000 tokens today 12,345 are used, 987,655 are left`.
    static func line(_ use: BudgetUse) -> String {
        let left = max(0, use.cap.limit - use.used)
        let name = use.cap.period == .day ? "Today" : "This month"
        return
            "\(name): \(amount(use.used, use.cap)) of \(amount(use.cap.limit, use.cap)), \(amount(left, use.cap)) left"
    }

    /// An amount as a cap counts it, as `12,345 tokens` or `$0.12`.
    package static func amount(_ number: Int, _ cap: BudgetCap) -> String {
        cap.unit == .tokens ? "\(number.grouped) tokens" : Money.text(number)
    }

    private static func period(_ cap: BudgetCap) -> String { cap.period == .day ? "today" : "this month" }

    private static func renewal(_ cap: BudgetCap, at now: Timestamp) -> String {
        cap.period == .day ? "at midnight UTC" : "on \(now.startOfNextMonth.day), at midnight UTC"
    }

    /// The configuration key of a cap, without its group, as `personDailyTokens`.
    package static func key(of cap: BudgetCap) -> String {
        let period = cap.period == .day ? "daily" : "monthly"
        let unit = cap.unit == .tokens ? "Tokens" : "Money"
        return switch cap.scope {
        case .person: "person\(period.capitalizedFirst)\(unit)"
        case .chat: "chat\(period.capitalizedFirst)\(unit)"
        case .all: "\(period)\(unit)"
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
