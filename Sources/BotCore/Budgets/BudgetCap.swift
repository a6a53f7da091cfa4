/// The most that may be spent by somebody in a day or month of UTC.
package struct BudgetCap: Sendable, Hashable {
    /// Whose spending it bounds.
    package enum Scope: Int64, Sendable, CaseIterable {
        /// Each person's, over all chats.
        case person
        /// Each chat's.
        case chat
        /// All that is spent.
        case all
    }

    package enum Period: Int64, Sendable, CaseIterable { case day, month }

    /// What is counted.
    package enum Unit: Int64, Sendable, CaseIterable {
        /// Tokens of prompts and answers.
        case tokens
        /// Millionths of a US dollar.
        case money
    }

    package let scope: Scope
    package let period: Period
    package let unit: Unit
    package let limit: Int

    package init(_ scope: Scope, _ period: Period, _ unit: Unit = .tokens, limit: Int) {
        self.scope = scope
        self.period = period
        self.unit = unit
        self.limit = limit
    }
}

extension BudgetCap.Period {
    /// The number of the first day of the period that a moment lies in, counted from 1970-01-01 UTC.
    package func firstDay(at now: Timestamp) -> Int64 {
        (self == .day ? now : now.startOfMonth).daysSince1970
    }
}

/// How much of a cap is used.
package struct BudgetUse: Sendable, Equatable {
    package let cap: BudgetCap
    /// What was spent in its period.
    package let used: Int
    /// What calls that are under way may cost beside that.
    package let reserved: Int

    package init(cap: BudgetCap, used: Int, reserved: Int = 0) {
        self.cap = cap
        self.used = used
        self.reserved = reserved
    }

    /// What may still be spent.
    package var left: Int { max(0, cap.limit - used - reserved) }

    /// Whether so many percent of it were spent.
    package func isUsed(upTo percent: Int) -> Bool { used >= cap.limit - cap.limit / 100 * (100 - percent) }
}
