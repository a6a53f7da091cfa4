import BotConversation
import BotCore

extension AppConfiguration.Budgets {
    /// What each cap's keys begin with; behind it stand the period and the unit.
    static let scopes: [(BudgetCap.Scope, prefix: String)] = [(.person, "person"), (.chat, "chat"), (.all, "")]

    /// The path of a cap's key, as `budgets.personDailyTokens`.
    static func path(_ prefix: String, _ period: BudgetCap.Period, _ unit: BudgetCap.Unit) -> String {
        let word = period == .day ? "Daily" : "Monthly"
        let name = prefix.isEmpty ? word.lowercased() : prefix + word
        return "budgets.\(name)\(unit == .tokens ? "Tokens" : "Money")"
    }

    init(_ source: ConfigurationSource) {
        var caps: [BudgetCap] = []
        for (scope, prefix) in Self.scopes {
            for period in BudgetCap.Period.allCases {
                let tokens = source.int(Self.path(prefix, period, .tokens))
                // The table has checked it.
                let money = Money.millionths(source.string(Self.path(prefix, period, .money))) ?? 0
                caps += [
                    BudgetCap(scope, period, .tokens, limit: tokens), BudgetCap(scope, period, .money, limit: money),
                ]
            }
        }
        let prices = PriceTable.known.replacing(PriceTable(lines: source.strings("budgets.prices")))
        settings = BudgetSettings(caps: caps, prices: prices)
        let model = source.string("budgets.cheaperModel")
        cheaper = source.string("budgets.whenSpent") == "cheaper" && !model.isEmpty ? model : nil
    }
}

extension AppConfiguration {
    /// - Parameter prices: `budgets.prices` as it was written.
    func checkBudgets(prices: [String]) throws(ConfigurationError) {
        for line in prices where PriceTable.line(line) == nil {
            throw ConfigurationError(
                "budgets.prices: \(line) is no price; write it as gpt-5-mini=0.25/0.025/2, in US dollars for a million tokens "
                    + "of prompts, of prompts from the provider's cache, and of answers")
        }
    }
}
