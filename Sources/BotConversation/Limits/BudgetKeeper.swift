package import BotCore
package import Logging

/// Keeps what models cost within the budgets: reserves each call before it leaves, settles it after, and passes on what people and owners
/// are to be told.
///
/// It asks the store alone, whose one writer decides one call after the other: so no race passes a cap.
package final class BudgetKeeper: Sendable {
    /// A call that is under way.
    struct Call: Sendable {
        let reservation: ReservationID
        let model: String
        let billing: Billing
        let answerTokens: Int
    }

    /// A settling that the store could not take yet.
    private struct Unsettled: Sendable {
        let reservation: ReservationID
        let cost: CallCost?
    }

    private struct State {
        var notes: [TurnID: [BudgetUse]] = [:]
        var unsettled: [Unsettled] = []
    }

    /// So many turns have notes at most, and so many settlings wait for the store. What is beyond is not told, or counts in full from
    /// the next start on.
    private static let mostWaiting = 1000
    private static let mostNews = 64
    /// How long a call waits until it is tried again to reserve it.
    private static let pause = Duration.seconds(1)

    package let settings: BudgetSettings
    private let store: any BudgetStore
    private let meter: any TokenMeter
    private let isExempt: @Sendable (_ person: String) -> Bool
    private let time: any TimeSource
    private let logger: Logger
    private let state = Lock(State())
    private let news: AsyncStream<String>
    private let newsQueue: AsyncStream<String>.Continuation

    /// - Parameter isExempt: whether a person, by their entry, has no budget of their own: owners. All else holds for them too.
    package init(
        _ settings: BudgetSettings, store: any BudgetStore, meter: any TokenMeter,
        isExempt: @escaping @Sendable (_ person: String) -> Bool, time: any TimeSource, logger: Logger
    ) {
        self.settings = settings
        self.store = store
        self.meter = meter
        self.isExempt = isExempt
        self.time = time
        self.logger = logger
        (news, newsQueue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.mostNews))
    }

    /// Tells the owners what concerns all that is spent, until the task is cancelled. At most one such run at a time.
    package func run(owners: OwnerMessenger) async {
        for await text in news {
            do throws(StoreError) {
                try await owners.tell(text)
            } catch {
                logger.warning("the owners could not be told of a budget", metadata: ["error": "\(error)"])
            }
        }
    }

    // MARK: - Calls

    /// Reserves what a call may cost at most.
    ///
    /// - Parameters:
    ///   - answer: the longest answer, in tokens.
    ///   - model: as `openai/gpt-5`.
    /// - Throws: `.overBudget` or `.cancelled`.
    func reserve(_ billing: Billing, answer: Int, of model: String) async throws(ModelError) -> Call {
        let tokens = TokenUsage(promptTokens: billing.promptTokens, completionTokens: answer)
        let plan = PlannedCall(
            person: billing.person, chat: billing.chat, model: model,
            tokens: tokens.promptTokens + tokens.completionTokens,
            money: settings.prices.cost(of: tokens, model: model))
        await settleWaiting()
        let made = try await patiently(plan, billing)
        switch made {
        case .made(let id, let warnings):
            warn(warnings, billing)
            return Call(reservation: id, model: model, billing: billing, answerTokens: answer)
        case .refused(let use, let isFirst):
            logger.info(
                "a call was not made: a budget is spent",
                metadata: ["budget.key": "budgets.\(BudgetText.key(of: use.cap))", "budget.used": "\(use.used)"])
            if isFirst, use.cap.scope == .all { newsQueue.yield(BudgetText.spent(use, at: time.now)) }
            throw .overBudget(use, at: time.now)
        }
    }

    /// Nothing is spent that is not reserved first: while the database cannot be written, the call waits, as its answer would.
    private func patiently(_ plan: PlannedCall, _ billing: Billing) async throws(ModelError) -> Reservation {
        while true {
            do throws(StoreError) {
                return try await store.reserve(
                    plan, within: caps(for: billing), warnAt: billing.isSecondAllowance ? nil : BudgetSettings.warnAt,
                    at: time.now)
            } catch {
                logger.warning("a call waits: nothing can be reserved", metadata: ["error": "\(error)"])
                guard error.canHeal else { throw .cancelled }
            }
            do { try await time.sleep(for: Self.pause) } catch { throw .cancelled }
        }
    }

    /// Puts what a call has cost in the place of what was reserved. It works in a cancelled task too.
    func settle(_ call: Call, as end: BudgetReckoning.End) async {
        let reckoning = BudgetReckoning(
            promptTokens: call.billing.promptTokens, answerTokens: call.answerTokens
        ) { [meter] text, model in
            let tokens = meter.tokens(of: model)
            return tokens.bound(tokens.counter.count(text))
        }
        var model = call.model
        if case .answered(let completion) = end { model = completion.model }
        let cost = reckoning.tokens(end, of: model).map {
            CallCost(model: model, tokens: $0, money: settings.prices.cost(of: $0, model: model))
        }
        await settle(Unsettled(reservation: call.reservation, cost: cost))
    }

    private func settle(_ settling: Unsettled) async {
        do throws(StoreError) {
            try await store.settle(settling.reservation, as: settling.cost)
        } catch {
            logger.warning("what a call has cost is not settled yet", metadata: ["error": "\(error)"])
            state.withLock { state in
                if state.unsettled.count < Self.mostWaiting { state.unsettled.append(settling) }
            }
        }
    }

    /// Settles what the store could not take before.
    private func settleWaiting() async {
        let waiting = state.withLock { state in
            defer { state.unsettled = [] }
            return state.unsettled
        }
        for settling in waiting { await settle(settling) }
    }

    private func caps(for billing: Billing) -> [BudgetCap] {
        let isExempt = billing.person.map(isExempt) ?? true
        return settings.caps.filter { $0.scope != .person || !isExempt }.map { cap in
            guard billing.isSecondAllowance else { return cap }
            let doubled = cap.limit.multipliedReportingOverflow(by: 2)
            return BudgetCap(cap.scope, cap.period, cap.unit, limit: doubled.overflow ? .max : doubled.partialValue)
        }
    }

    // MARK: - Warnings

    private func warn(_ warnings: [BudgetUse], _ billing: Billing) {
        for use in warnings where use.cap.scope == .all { newsQueue.yield(BudgetText.warning(use, at: time.now)) }
        let own = warnings.filter { $0.cap.scope != .all }
        guard let turn = billing.turn, !own.isEmpty else { return }
        state.withLock { state in
            if state.notes.count < Self.mostWaiting { state.notes[turn, default: []] += own }
        }
    }

    /// The lines that are to stand under the answer of a turn, each once.
    func takeNotes(of turn: TurnID) -> [String] {
        let uses = state.withLock { $0.notes.removeValue(forKey: turn) } ?? []
        return uses.map { "(\(BudgetText.warning($0, at: time.now)))" }
    }

    // MARK: - Reports

    /// How much is used of the caps that concern a person and a chat.
    func uses(person: String?, chat: ConversationKey?) async throws(StoreError) -> [BudgetUse] {
        let isExempt = person.map(isExempt) ?? true
        let caps = settings.caps.filter { $0.scope == .chat || $0.scope == .person && !isExempt }
        return try await store.uses(of: caps, person: person, chat: chat, at: time.now)
    }

    /// How much is used of the caps of all.
    package func usesOfAll() async throws(StoreError) -> [BudgetUse] {
        try await store.uses(
            of: settings.caps.filter { $0.scope == .all }, person: nil, chat: nil, at: time.now)
    }

    func spent(by person: String) async throws(StoreError) -> SpentByPeriod {
        try await store.spent(by: person, at: time.now)
    }

    /// What was spent in all and by whom, in this day and month.
    ///
    /// - Parameter limit: the most lines of each kind.
    package func spending(limit: Int = 10) async throws(StoreError) -> SpendingReport {
        try await store.spending(limit: limit, at: time.now)
    }
}
