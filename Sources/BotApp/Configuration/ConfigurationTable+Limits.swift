/// The keys that keep what people ask, and what it costs, within bounds.
extension ConfigurationTable {
    static let limits = [
        ConfigurationKey(
            "limits.personBurst", .integer(1...10_000), default: "20",
            "How many questions one person may ask at once, after a pause. Owners are not limited."),
        ConfigurationKey(
            "limits.personPerMinute", .integer(0...10_000), default: "10",
            "How many a minute one person may ask for long; 0 for any number."),
        ConfigurationKey(
            "limits.chatBurst", .integer(1...10_000), default: "60",
            "How many questions may be asked at once in one chat, after a pause."),
        ConfigurationKey(
            "limits.chatPerMinute", .integer(0...10_000), default: "30",
            "How many a minute may be asked in one chat for long; 0 for any number."),
    ]

    static let budgets =
        [
            tokens(
                "personDailyTokens", 1_000_000,
                "The most tokens that one person's questions may cost a day, over all chats"),
            tokens("personMonthlyTokens", 10_000_000, "The same in a month"),
            tokens("chatDailyTokens", 2_000_000, "The most tokens that one chat may cost a day"),
            tokens("chatMonthlyTokens", 15_000_000, "The same in a month"),
            tokens("dailyTokens", 3_000_000, "The most tokens that all may cost together a day"),
            tokens("monthlyTokens", 20_000_000, "The same in a month"),
            money("personDailyMoney", "The most US dollars that one person's questions may cost a day, as 0.50"),
            money("personMonthlyMoney", "The same in a month"),
            money("chatDailyMoney", "The most US dollars that one chat may cost a day"),
            money("chatMonthlyMoney", "The same in a month"),
            money("dailyMoney", "The most US dollars that all may cost together a day"),
            money("monthlyMoney", "The same in a month"),
        ] + [
            ConfigurationKey(
                "budgets.prices", .strings, default: "[]",
                "What models cost, beside the built-in table or in its place, as gpt-5-mini=0.25/0.025/2."),
            ConfigurationKey(
                "budgets.whenSpent", .choice(["stop", "cheaper"]), default: "stop",
                "What happens when a budget is spent: nobody answers, or budgets.cheaperModel up to as much again."),
            ConfigurationKey(
                "budgets.cheaperModel", .string, "That model, as ollama or anthropic/claude-haiku-5-5."),
        ]

    private static func tokens(_ name: String, _ number: Int, _ summary: String) -> ConfigurationKey {
        ConfigurationKey(
            "budgets.\(name)", .integer(0...1_000_000_000_000), default: "\(number)", "\(summary); 0 for any number.")
    }

    private static func money(_ name: String, _ summary: String) -> ConfigurationKey {
        ConfigurationKey("budgets.\(name)", .money, default: "0", "\(summary); 0 for any sum.")
    }
}
