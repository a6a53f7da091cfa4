import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `BudgetStore`.
    package static let budgets: [Behaviour] = [
        Behaviour("refuses what would pass a cap of a person, a chat or all", refusesWhatPassesACap),
        Behaviour("counts what is reserved until it is settled or let go", countsReservations),
        Behaviour("bounds money as it bounds tokens", boundsMoney),
        Behaviour("begins each day and month of UTC anew", beginsAnew),
        Behaviour("counts a call in the day in which it was reserved", countsInItsDay),
        Behaviour("warns of each cap once in its period, and says once that it is spent", warnsOnce),
        Behaviour("tells what a person, a chat and a model have spent", tellsSpending),
        Behaviour("keeps what was spent when the chat is erased", outlivesErasing),
        Behaviour("gives what a chat has spent to its new name", movesSpending),
        Behaviour("takes absurd costs for the most that a call can cost", boundsAbsurdCosts),
    ]

    /// 2026-10-31 23:00 UTC.
    private static let lateOctober = Timestamp(rawValue: 1_793_487_600_000)
    private static let (ann, bob) = ("telegram:7", "telegram:8")

    private static func call(
        _ tokens: Int, by person: String? = ann, in chat: ConversationKey? = StoreSamples.chat, money: Int = 0
    ) -> PlannedCall {
        PlannedCall(person: person, chat: chat, model: "test/model", tokens: tokens, money: money)
    }

    private static func cost(_ prompt: Int, _ completion: Int = 0, money: Int = 0) -> CallCost {
        CallCost(
            model: "test/model", tokens: TokenUsage(promptTokens: prompt, completionTokens: completion), money: money)
    }

    private static func reserve(
        _ call: PlannedCall, _ caps: BudgetCap..., in store: any Store, at now: Timestamp = lateOctober
    ) async throws -> ReservationID? {
        switch try await store.reserve(call, within: caps, warnAt: nil, at: now) {
        case .made(let id, warnings: let warnings):
            #expect(warnings.isEmpty)
            return id
        case .refused: return nil
        }
    }

    /// Reserves and settles.
    private static func spend(
        _ call: PlannedCall, as cost: CallCost, in store: any Store, at now: Timestamp = lateOctober
    ) async throws {
        try await store.settle(try #require(try await reserve(call, in: store, at: now)), as: cost)
    }

    @Sendable private static func refusesWhatPassesACap(_ store: any Store) async throws {
        try await spend(call(50), as: cost(40, 10), in: store)
        for (cap, other) in [
            (BudgetCap(.person, .day, limit: 100), call(100, by: bob)),
            (BudgetCap(.chat, .month, limit: 100), call(100, in: StoreSamples.otherChat)),
        ] {
            let refused = try await store.reserve(call(51), within: [cap], warnAt: nil, at: lateOctober)
            #expect(refused == .refused(BudgetUse(cap: cap, used: 50), isFirst: true))
            for fitting in [call(50), other] {
                try await store.settle(try #require(try await reserve(fitting, cap, in: store)), as: nil)
            }
        }
        let all = BudgetCap(.all, .day, limit: 100)
        #expect(try await reserve(call(500, by: nil, in: nil), all, in: store) == nil)
        // Nobody's budget is asked for where nobody pays.
        let others = [BudgetCap(.person, .day, limit: 1), BudgetCap(.chat, .day, limit: 1)]
        let free = try await store.reserve(
            call(5, by: nil, in: nil), within: others, warnAt: nil, at: lateOctober)
        if case .refused = free { Issue.record("refused") }
    }

    @Sendable private static func countsReservations(_ store: any Store) async throws {
        let cap = BudgetCap(.person, .day, limit: 100)
        let first = try #require(try await reserve(call(60), cap, in: store))
        #expect(try await reserve(call(60), cap, in: store) == nil)
        #expect(
            try await store.uses(of: [cap], person: ann, chat: nil, at: lateOctober)
                == [BudgetUse(cap: cap, used: 0, reserved: 60)])
        try await store.settle(first, as: cost(10, 5))
        // A second settling changes nothing.
        try await store.settle(first, as: cost(10, 5))
        #expect(
            try await store.uses(of: [cap], person: ann, chat: nil, at: lateOctober)
                == [BudgetUse(cap: cap, used: 15)])
        let second = try #require(try await reserve(call(85), cap, in: store))
        try await store.settle(second, as: nil)
        #expect(try await reserve(call(85), cap, in: store) != nil)
        #expect(try await store.spending(limit: 9, at: lateOctober).reservedCalls == 1)
    }

    @Sendable private static func boundsMoney(_ store: any Store) async throws {
        let cap = BudgetCap(.all, .day, .money, limit: 1000)
        try await spend(call(10, money: 900), as: cost(10, money: 700), in: store)
        #expect(try await reserve(call(10, money: 301), cap, in: store) == nil)
        #expect(try await reserve(call(10, money: 300), cap, in: store) != nil)
        // What has no price passes.
        #expect(try await reserve(call(10), cap, in: store) != nil)
    }

    @Sendable private static func beginsAnew(_ store: any Store) async throws {
        let (day, month) = (BudgetCap(.person, .day, limit: 100), BudgetCap(.person, .month, limit: 150))
        let before = lateOctober - .seconds(86_400)
        try await spend(call(80), as: cost(80), in: store, at: before)
        #expect(try await reserve(call(30), day, month, in: store, at: before) == nil)
        // A new day, the same month.
        try await spend(call(70), as: cost(70), in: store)
        #expect(try await reserve(call(30), day, in: store) != nil)
        #expect(try await reserve(call(1), month, in: store) == nil)
        let november = lateOctober + .seconds(3600)
        #expect(try await reserve(call(100), day, month, in: store, at: november) != nil)
        try await store.forgetSpending(beforeMonthOf: november)
        #expect(try await store.spent(by: ann, at: lateOctober) == SpentByPeriod())
    }

    @Sendable private static func countsInItsDay(_ store: any Store) async throws {
        let cap = BudgetCap(.person, .month, limit: 100)
        let id = try #require(try await reserve(call(100), cap, in: store))
        let november = lateOctober + .seconds(3600)
        #expect(try await reserve(call(100), cap, in: store, at: november) != nil)
        try await store.settle(id, as: cost(90))
        #expect(try await store.spent(by: ann, at: lateOctober).today.allTokens == 90)
        #expect(try await store.spent(by: ann, at: november) == SpentByPeriod())
    }

    @Sendable private static func warnsOnce(_ store: any Store) async throws {
        let cap = BudgetCap(.person, .day, limit: 100)
        func reserve(_ tokens: Int, by person: String = ann, at now: Timestamp = lateOctober) async throws
            -> Reservation
        {
            let made = try await store.reserve(call(tokens, by: person), within: [cap], warnAt: 80, at: now)
            if case .made(let id, _) = made { try await store.settle(id, as: cost(tokens)) }
            return made
        }
        func warnings(_ reservation: Reservation) -> [BudgetUse]? {
            if case .made(_, let warnings) = reservation { warnings } else { nil }
        }
        #expect(warnings(try await reserve(79)) == [])
        #expect(warnings(try await reserve(1)) == [])
        #expect(warnings(try await reserve(1)) == [BudgetUse(cap: cap, used: 80)])
        #expect(warnings(try await reserve(1)) == [])
        #expect(try await reserve(99) == .refused(BudgetUse(cap: cap, used: 82), isFirst: true))
        #expect(try await reserve(99) == .refused(BudgetUse(cap: cap, used: 82), isFirst: false))
        #expect(warnings(try await reserve(90, by: bob)) == [])
        #expect(warnings(try await reserve(1, by: bob)) == [BudgetUse(cap: cap, used: 90)])
        let tomorrow = lateOctober + .seconds(86_400)
        #expect(warnings(try await reserve(80, at: tomorrow)) == [])
        #expect(warnings(try await reserve(1, at: tomorrow)) == [BudgetUse(cap: cap, used: 80)])
    }

    @Sendable private static func tellsSpending(_ store: any Store) async throws {
        try await spend(call(50), as: cost(40, 10, money: 5), in: store, at: lateOctober - .seconds(86_400))
        try await spend(call(9), as: cost(1, 2, money: 3), in: store)
        try await spend(call(9, by: bob, in: StoreSamples.otherChat), as: cost(100), in: store)
        let report = try await store.spending(limit: 9, at: lateOctober)
        #expect(
            report.all.today == Spent(requests: 2, tokens: TokenUsage(promptTokens: 101, completionTokens: 2), money: 3)
        )
        #expect(
            report.all.thisMonth
                == Spent(requests: 3, tokens: TokenUsage(promptTokens: 141, completionTokens: 12), money: 8))
        #expect(report.people.map(\.name) == [bob, ann])
        #expect(report.people.map(\.spent.thisMonth.allTokens) == [100, 53])
        #expect(report.people.map(\.spent.today.allTokens) == [100, 3])
        #expect(
            report.chats.map(\.name) == [StoreSamples.otherChat.wholeChat.description, StoreSamples.chat.description])
        #expect(report.models.map(\.name) == ["test/model"])
        #expect(try await store.spending(limit: 1, at: lateOctober).people.map(\.name) == [bob])
        #expect(try await store.spent(by: ann, at: lateOctober) == report.people[1].spent)
    }

    @Sendable private static func outlivesErasing(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        try await spend(call(50), as: cost(50), in: store)
        let request = CommandRequest(conversation: .key(StoreSamples.chat), event: nil, at: StoreSamples.at(60))
        _ = try await store.forget(request, stopped: StoreSamples.stopped) { _ in [] }
        try await store.scrub()
        #expect(try await store.spent(by: ann, at: lateOctober).today.allTokens == 50)
    }

    @Sendable private static func movesSpending(_ store: any Store) async throws {
        let old = ConversationKey(platform: .telegram, account: "42", chat: "-5")
        let new = ConversationKey(platform: .telegram, account: "42", chat: "-1005")
        try await spend(call(50, in: old), as: cost(50), in: store)
        try await spend(call(9, in: new), as: cost(9), in: store)
        let open = try #require(try await reserve(call(7, in: old), in: store))
        let order = ChatMoveOrder(
            ChatMove("-5", to: "-1005", platform: .telegram, account: "42"), oldSpace: "telegram:chat:-5",
            newSpace: "telegram:chat:-1005", grant: nil,
            at: lateOctober
        ) { $0 }
        _ = try await store.move(order)
        try await store.settle(open, as: cost(6))
        let report = try await store.spending(limit: 9, at: lateOctober)
        #expect(report.chats.map(\.name) == [new.description])
        #expect(report.chats.map(\.spent.today.allTokens) == [65])
    }

    @Sendable private static func boundsAbsurdCosts(_ store: any Store) async throws {
        let cap = BudgetCap(.all, .month, limit: .max)
        for _ in 0..<3 { try await spend(call(.max, money: .max), as: cost(.max, .max, money: .max), in: store) }
        try await spend(call(1), as: cost(-5, -5, money: -5), in: store)
        #expect(try await store.spending(limit: 9, at: lateOctober).all.today.allTokens == 6_000_000_000)
        #expect(try await reserve(call(1), cap, in: store) != nil)
    }
}
