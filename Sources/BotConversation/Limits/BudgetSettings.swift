package import BotCore

/// What may be spent (`budgets.*` of the configuration).
package struct BudgetSettings: Sendable, Equatable {
    /// The caps, in the order in which a person hears of them: of those that are spent, the one that lasts longest comes first.
    package let caps: [BudgetCap]
    package var prices: PriceTable

    /// From which share of a cap on it is warned of, in percent.
    package static let warnAt = 80

    /// - Parameter caps: those of no limit above 0 bound nothing.
    package init(caps: [BudgetCap] = [], prices: PriceTable = PriceTable()) {
        self.caps = caps.filter { $0.limit > 0 }.sorted {
            ($1.period.rawValue, $0.scope.rawValue, $0.unit.rawValue)
                < ($0.period.rawValue, $1.scope.rawValue, $1.unit.rawValue)
        }
        self.prices = prices
    }

    /// Whether any money is bounded.
    package var boundsMoney: Bool { caps.contains { $0.unit == .money } }
}
