import BotCore
import BotStore

extension UnsteadyStore {
    func reserve(
        _ plan: PlannedCall, within caps: [BudgetCap], warnAt percent: Int?, at now: Timestamp
    ) async throws(StoreError) -> Reservation {
        try await call("reserve") { () async throws(StoreError) in
            try await base.reserve(plan, within: caps, warnAt: percent, at: now)
        }
    }

    func settle(_ reservation: ReservationID, as cost: CallCost?) async throws(StoreError) {
        try await call("settle") { () async throws(StoreError) in
            try await base.settle(reservation, as: cost)
        }
    }

    func uses(
        of caps: [BudgetCap], person: String?, chat: ConversationKey?, at now: Timestamp
    ) async throws(StoreError) -> [BudgetUse] {
        try await call("uses") { () async throws(StoreError) in
            try await base.uses(of: caps, person: person, chat: chat, at: now)
        }
    }

    func spent(by person: String, at now: Timestamp) async throws(StoreError) -> SpentByPeriod {
        try await call("spent") { () async throws(StoreError) in try await base.spent(by: person, at: now) }
    }

    func spending(limit: Int, at now: Timestamp) async throws(StoreError) -> SpendingReport {
        try await call("spending") { () async throws(StoreError) in
            try await base.spending(limit: limit, at: now)
        }
    }

    func forgetSpending(beforeMonthOf moment: Timestamp) async throws(StoreError) {
        try await call("forgetSpending") { () async throws(StoreError) in
            try await base.forgetSpending(beforeMonthOf: moment)
        }
    }
}
