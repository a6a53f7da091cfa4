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
}
