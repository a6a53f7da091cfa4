/// Tags a reservation.
package enum ReservationTag {}
package typealias ReservationID = Identifier<ReservationTag>

/// A call to a model before it is made: who it is charged to, and the most that it may cost.
package struct PlannedCall: Sendable, Equatable {
    /// See `Billing.person`.
    package let person: String?
    /// See `Billing.chat`.
    package let chat: ConversationKey?
    package let model: String
    /// The most tokens of prompt and answer.
    package let tokens: Int
    /// The same in millionths of a US dollar; 0 where the model has no price.
    package let money: Int

    package init(person: String?, chat: ConversationKey?, model: String, tokens: Int, money: Int = 0) {
        self.person = person
        self.chat = chat?.wholeChat
        self.model = model
        self.tokens = tokens
        self.money = money
    }

    /// The most that it may cost, as a cap counts it.
    package func amount(of unit: BudgetCap.Unit) -> Int { unit == .tokens ? tokens : money }
}

/// What a call has cost.
package struct CallCost: Sendable, Equatable {
    /// The model that answered, as `openai/gpt-5`.
    package let model: String
    package let tokens: TokenUsage
    /// In millionths of a US dollar; 0 where the model has no price.
    package let money: Int

    package init(model: String, tokens: TokenUsage, money: Int = 0) {
        self.model = model
        self.tokens = tokens
        self.money = money
    }
}

/// What became of reserving.
package enum Reservation: Sendable, Equatable {
    /// It fits. `warnings` are the caps that are used for the most part, each once in its period.
    case made(ReservationID, warnings: [BudgetUse])
    /// It would pass a cap, so nothing was reserved. `isFirst` in the period of that cap.
    case refused(BudgetUse, isFirst: Bool)
}

/// What some requests have cost together.
package struct Spent: Sendable, Equatable {
    package var requests = 0
    package var tokens = TokenUsage(promptTokens: 0, completionTokens: 0)
    /// In millionths of a US dollar.
    package var money = 0

    package init() {}

    package init(requests: Int, tokens: TokenUsage, money: Int = 0) {
        self.requests = requests
        self.tokens = tokens
        self.money = money
    }

    /// All tokens of prompts and answers.
    package var allTokens: Int { tokens.promptTokens + tokens.completionTokens }
}

/// What was spent in a day and in its month.
package struct SpentByPeriod: Sendable, Equatable {
    package var today: Spent
    package var thisMonth: Spent

    package init(today: Spent = Spent(), thisMonth: Spent = Spent()) {
        self.today = today
        self.thisMonth = thisMonth
    }
}

/// Who or what has spent the most.
package struct SpendingReport: Sendable, Equatable {
    /// One of them, by its name: a person's entry, a chat's key as text, or a model.
    package struct Line: Sendable, Equatable {
        package let name: String
        package let spent: SpentByPeriod

        package init(name: String, spent: SpentByPeriod) {
            self.name = name
            self.spent = spent
        }
    }

    package let all: SpentByPeriod
    /// By what they spent in this month, the most first; at most as many as were asked for.
    package let people: [Line]
    package let chats: [Line]
    package let models: [Line]
    /// Calls that are under way, and the most tokens that they may cost.
    package let reservedCalls: Int
    package let reservedTokens: Int

    package init(
        all: SpentByPeriod = SpentByPeriod(), people: [Line] = [], chats: [Line] = [], models: [Line] = [],
        reservedCalls: Int = 0, reservedTokens: Int = 0
    ) {
        self.all = all
        self.people = people
        self.chats = chats
        self.models = models
        self.reservedCalls = reservedCalls
        self.reservedTokens = reservedTokens
    }
}

/// What is spent, kept by day, and what is reserved for calls that are under way: each use case is one transaction.
///
/// It is apart from the usage of sessions: erasing a chat takes its messages and its accounts away, but gives nobody a new budget. A
/// reservation that a dead process has left counts as spent in full from the next opening on, so that no cap is ever passed.
package protocol BudgetStore: Sendable {
    /// Reserves what a call may cost, if all caps that concern it hold with that. It counts in the day of `now`, whenever it ends.
    ///
    /// - Parameter warnAt: from which share of a cap on, in percent, it is named once in its period; nil for never.
    func reserve(
        _ call: PlannedCall, within caps: [BudgetCap], warnAt percent: Int?, at now: Timestamp
    ) async throws(StoreError) -> Reservation

    /// Puts what the call has cost in the place of its reservation; nil where it has cost nothing. A reservation that has ended stays so.
    func settle(_ reservation: ReservationID, as cost: CallCost?) async throws(StoreError)

    /// How much of the caps is used that concern a person and a chat.
    func uses(
        of caps: [BudgetCap], person: String?, chat: ConversationKey?, at now: Timestamp
    ) async throws(StoreError) -> [BudgetUse]

    /// What a person has spent, over all chats.
    func spent(by person: String, at now: Timestamp) async throws(StoreError) -> SpentByPeriod

    /// What was spent in all and by whom.
    ///
    /// - Parameter limit: the most lines of each kind.
    func spending(limit: Int, at now: Timestamp) async throws(StoreError) -> SpendingReport

    /// Forgets what was spent, and what was warned of, before the month in which a moment lies.
    func forgetSpending(beforeMonthOf moment: Timestamp) async throws(StoreError)
}
