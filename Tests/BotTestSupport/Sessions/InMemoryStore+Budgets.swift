package import BotCore

extension InMemoryState {
    /// What the budgets of an `InMemoryStore` are made of.
    struct Budgets: Sendable {
        struct Booking: Sendable {
            let call: PlannedCall
            let day: Timestamp
            let cost: CallCost
        }

        struct Notice: Hashable, Sendable {
            let cap: BudgetCap
            let name: String
            let firstDay: Int64
            let level: String
        }

        var reserved: [ReservationID: (call: PlannedCall, day: Timestamp)] = [:]
        var spent: [Booking] = []
        var notices: Set<Notice> = []

        /// Gives what a chat has spent to its new name.
        mutating func move(_ move: ChatMove) {
            func moved(_ call: PlannedCall) -> PlannedCall {
                PlannedCall(
                    person: call.person, chat: call.chat.map { move.newName(of: $0) ?? $0 }, model: call.model,
                    tokens: call.tokens, money: call.money)
            }
            reserved = reserved.mapValues { (moved($0.call), $0.day) }
            spent = spent.map { Booking(call: moved($0.call), day: $0.day, cost: $0.cost) }
        }
    }

    private static func name(_ scope: BudgetCap.Scope, _ call: PlannedCall) -> String? {
        switch scope {
        case .person: call.person
        case .chat: call.chat?.description
        case .all: ""
        }
    }

    fileprivate func use(of cap: BudgetCap, like call: PlannedCall, at now: Timestamp) -> BudgetUse? {
        guard let name = Self.name(cap.scope, call) else { return nil }
        let first = cap.period.firstDay(at: now)
        let used = budgets.spent.filter { $0.day.daysSince1970 >= first && Self.name(cap.scope, $0.call) == name }
        let reserved = budgets.reserved.values.filter {
            $0.day.daysSince1970 >= first && Self.name(cap.scope, $0.call) == name
        }
        return BudgetUse(
            cap: cap,
            used: used.reduce(0) { sum, booking in
                let tokens = booking.cost.tokens
                return sum
                    + (cap.unit == .tokens ? tokens.promptTokens + tokens.completionTokens : booking.cost.money)
            },
            reserved: reserved.reduce(0) { $0 + $1.call.amount(of: cap.unit) })
    }

    fileprivate mutating func note(_ level: String, of cap: BudgetCap, _ call: PlannedCall, at now: Timestamp) -> Bool {
        let notice = Budgets.Notice(
            cap: BudgetCap(cap.scope, cap.period, cap.unit, limit: 0), name: Self.name(cap.scope, call) ?? "",
            firstDay: cap.period.firstDay(at: now), level: level)
        return budgets.notices.insert(notice).inserted
    }

    fileprivate func spent(at now: Timestamp, _ isMeant: (Budgets.Booking) -> Bool) -> SpentByPeriod {
        let month = now.startOfMonth.daysSince1970
        return budgets.spent.filter { isMeant($0) && $0.day.daysSince1970 >= month }
            .reduce(into: SpentByPeriod()) { sum, booking in
                sum.thisMonth.add(booking.cost)
                if booking.day.daysSince1970 >= now.daysSince1970 { sum.today.add(booking.cost) }
            }
    }

    fileprivate func lines(
        limit: Int, at now: Timestamp, _ name: (Budgets.Booking) -> String?
    ) -> [SpendingReport.Line] {
        let month = now.startOfMonth.daysSince1970
        let names = Set(budgets.spent.filter { $0.day.daysSince1970 >= month }.compactMap(name))
        return names.map { one in SpendingReport.Line(name: one, spent: spent(at: now) { name($0) == one }) }
            .sorted { ($1.spent.thisMonth.allTokens, $0.name) < ($0.spent.thisMonth.allTokens, $1.name) }
            .prefix(max(0, limit)).map { $0 }
    }
}

extension CallCost {
    /// No request costs more, whatever a server reports.
    fileprivate var bounded: CallCost {
        func bounded(_ number: Int) -> Int { min(max(0, number), 1_000_000_000) }
        return CallCost(
            model: model,
            tokens: TokenUsage(
                promptTokens: bounded(tokens.promptTokens), completionTokens: bounded(tokens.completionTokens),
                cachedTokens: bounded(tokens.cachedTokens)), money: bounded(money))
    }
}

extension Spent {
    fileprivate mutating func add(_ cost: CallCost) {
        requests += 1
        tokens.promptTokens += cost.tokens.promptTokens
        tokens.completionTokens += cost.tokens.completionTokens
        tokens.cachedTokens += cost.tokens.cachedTokens
        money += cost.money
    }
}

extension InMemoryStore {
    package func reserve(
        _ call: PlannedCall, within caps: [BudgetCap], warnAt percent: Int?, at now: Timestamp
    ) async throws(StoreError) -> Reservation {
        try transaction { state in
            let uses = caps.compactMap { state.use(of: $0, like: call, at: now) }
            if let full = uses.first(where: { $0.left < call.amount(of: $0.cap.unit) }) {
                return .refused(full, isFirst: state.note("spent", of: full.cap, call, at: now))
            }
            let warnings = uses.filter { use in
                percent.map(use.isUsed) == true && state.note("warned", of: use.cap, call, at: now)
            }
            let id: ReservationID = state.nextID()
            state.budgets.reserved[id] = (call, now)
            return .made(id, warnings: warnings)
        }
    }

    package func settle(_ reservation: ReservationID, as cost: CallCost?) async throws(StoreError) {
        try transaction { state in
            guard let made = state.budgets.reserved.removeValue(forKey: reservation), let cost else { return }
            state.budgets.spent.append(
                InMemoryState.Budgets.Booking(call: made.call, day: made.day, cost: cost.bounded))
        }
    }

    package func uses(
        of caps: [BudgetCap], person: String?, chat: ConversationKey?, at now: Timestamp
    ) async throws(StoreError) -> [BudgetUse] {
        try transaction { state in
            let call = PlannedCall(person: person, chat: chat, model: "", tokens: 0)
            return caps.compactMap { state.use(of: $0, like: call, at: now) }
        }
    }

    package func spent(by person: String, at now: Timestamp) async throws(StoreError) -> SpentByPeriod {
        try transaction { $0.spent(at: now) { $0.call.person == person } }
    }

    package func spending(limit: Int, at now: Timestamp) async throws(StoreError) -> SpendingReport {
        try transaction { state in
            SpendingReport(
                all: state.spent(at: now) { _ in true }, people: state.lines(limit: limit, at: now) { $0.call.person },
                chats: state.lines(limit: limit, at: now) { $0.call.chat?.description },
                models: state.lines(limit: limit, at: now) { $0.cost.model },
                reservedCalls: state.budgets.reserved.count,
                reservedTokens: state.budgets.reserved.values.reduce(0) { $0 + $1.call.tokens })
        }
    }

    package func forgetSpending(beforeMonthOf moment: Timestamp) async throws(StoreError) {
        try transaction { state in
            let day = moment.startOfMonth.daysSince1970
            state.budgets.spent.removeAll { $0.day.daysSince1970 < day }
            state.budgets.notices = state.budgets.notices.filter { $0.firstDay >= day }
        }
    }
}
