import BotConversation
import BotCore

/// What the start says about what may be spent. Pure.
enum BudgetBanner {
    /// All caps in one line, as `a person 1,000,000 tokens a day, all 3,000,000 tokens a day`.
    static func caps(_ budgets: AppConfiguration.Budgets, _ limits: RateLimits) -> String {
        var parts = BudgetCap.Scope.allCases.compactMap { scope -> String? in
            let caps = BudgetCap.Period.allCases.flatMap { period in
                budgets.settings.caps.filter { $0.scope == scope && $0.period == period }
            }
            return caps.isEmpty ? nil : "\(name(of: scope)) " + caps.map(words).joined(separator: " and ")
        }
        if parts.isEmpty { parts.append("none: whoever is let in may spend without bounds (budgets.*)") }
        if limits.person.perMinute > 0 { parts.append("\(limits.person.perMinute) questions a minute each") }
        if let cheaper = budgets.cheaper { parts.append("then \(cheaper) up to as much again") }
        return parts.joined(separator: "; ")
    }

    /// What the owner has to know where money is bounded: of a model without a price no money is counted.
    static func warnings(_ budgets: AppConfiguration.Budgets, model: String) -> [String] {
        guard budgets.settings.boundsMoney else { return [] }
        return [model, budgets.cheaper].compactMap { $0 }.filter { budgets.settings.prices.price(of: $0) == nil }.map {
            "\($0) has no price, so its money is not counted: give it one with budgets.prices"
        }
    }

    private static func name(of scope: BudgetCap.Scope) -> String {
        switch scope {
        case .person: "a person"
        case .chat: "a chat"
        case .all: "all"
        }
    }

    private static func words(_ cap: BudgetCap) -> String {
        "\(BudgetText.amount(cap.limit, cap)) a \(cap.period == .day ? "day" : "month")"
    }
}
