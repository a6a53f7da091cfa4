import BotConversation
import BotCore
import Testing

@testable import BotApp

struct BudgetConfigurationTests {
    private func load(_ options: [String: String] = [:]) throws -> AppConfiguration {
        try AppConfiguration.load(path: nil, options: options, environment: [:])
    }

    private static let none = Dictionary(
        uniqueKeysWithValues: ConfigurationTable.keys.filter {
            $0.path.hasPrefix("budgets.") && $0.path.hasSuffix("Tokens")
        }
        .map { ($0.path, "0") })

    @Test func theDefaultsBoundWhatIsForgotten() throws {
        let configuration = try load()
        let caps = configuration.budgets.settings.caps
        for period in BudgetCap.Period.allCases {
            let limits = BudgetCap.Scope.allCases.compactMap { scope in
                caps.first { $0.scope == scope && $0.period == period && $0.unit == .tokens }?.limit
            }
            // One person cannot use up what all have.
            #expect(limits.count == 3 && limits == limits.sorted())
            #expect(limits[0] < limits[2])
        }
        #expect(!configuration.budgets.settings.boundsMoney)
        #expect(configuration.budgets.cheaper == nil)
        // Of what is spent, whatever lasts longest is told first.
        #expect(caps.map(\.period) == [.month, .month, .month, .day, .day, .day])
        #expect(caps.map(\.scope) == [.person, .chat, .all, .person, .chat, .all])
    }

    @Test func eachKeyIsACapOfItsOwn() throws {
        for key in ConfigurationTable.keys where key.path.hasPrefix("budgets.") {
            guard key.path.hasSuffix("Tokens") || key.path.hasSuffix("Money") else { continue }
            let caps = try load(Self.none.merging([key.path: "7"]) { $1 }).budgets.settings.caps
            #expect(caps.count == 1)
            let cap = try #require(caps.first)
            #expect(cap.limit == (key.path.hasSuffix("Money") ? 7_000_000 : 7))
            #expect(key.path == "budgets.\(BudgetText.key(of: cap))")
        }
    }

    @Test func theStartTellsTheCapsInOneLine() throws {
        let usual = try load()
        #expect(
            BudgetBanner.caps(usual.budgets, usual.limits)
                == """
                a person 1,000,000 tokens a day and 10,000,000 tokens a month; \
                a chat 2,000,000 tokens a day and 15,000,000 tokens a month; \
                all 3,000,000 tokens a day and 20,000,000 tokens a month; 10 questions a minute each
                """)
        #expect(BudgetBanner.warnings(usual.budgets, model: "openai/none").isEmpty)
        let none = try load(Self.none.merging(["limits.personPerMinute": "0"]) { $1 })
        #expect(BudgetBanner.caps(none.budgets, none.limits).hasPrefix("none: "))
        let money = try load(["budgets.dailyMoney": "2.50", "budgets.prices": "mine=1/2"])
        #expect(BudgetBanner.caps(money.budgets, money.limits).contains("all 3,000,000 tokens a day and $2.50 a day"))
        #expect(BudgetBanner.warnings(money.budgets, model: "openai/mine").isEmpty)
        #expect(
            BudgetBanner.warnings(money.budgets, model: "ollama/other").first?.hasPrefix("ollama/other has no price")
                == true)
    }

    @Test func theCheaperModelIsAskedOnlyWhereThatIsChosen() throws {
        let named = ["budgets.cheaperModel": "ollama"]
        #expect(try load(named).budgets.cheaper == nil)
        #expect(try load(named.merging(["budgets.whenSpent": "cheaper"]) { $1 }).budgets.cheaper == "ollama")
        #expect(throws: ConfigurationError.self) {
            try load(["budgets.whenSpent": "cheaper", "budgets.cheaperModel": "nobody"])
        }
    }

    @Test(arguments: ["gpt", "gpt=1", "gpt=1/2/3/4", "gpt=a/b"])
    func aWrongPriceIsNamed(line: String) {
        #expect(throws: ConfigurationError.self) { try load(["budgets.prices": line]) }
    }

    @Test(arguments: ["1,5", "-1", "much", "0.1234567"])
    func aWrongSumIsNamed(sum: String) {
        #expect(throws: ConfigurationError.self) { try load(["budgets.dailyMoney": sum]) }
    }
}
