import BotConversation
import BotCore

extension AppConfiguration.Budgets {
    init(_ source: ConfigurationSource) {
        var caps: [BudgetCap] = []
        for scope in BudgetCap.Scope.allCases {
            for period in BudgetCap.Period.allCases {
                func path(_ unit: BudgetCap.Unit) -> String {
                    "budgets.\(BudgetText.key(of: BudgetCap(scope, period, unit, limit: 0)))"
                }
                // The table has checked it.
                let money = Money.millionths(source.string(path(.money))) ?? 0
                caps += [
                    BudgetCap(scope, period, .tokens, limit: source.int(path(.tokens))),
                    BudgetCap(scope, period, .money, limit: money),
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
