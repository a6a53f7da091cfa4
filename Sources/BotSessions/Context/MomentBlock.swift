import BotCore

/// Tells a model what time it is. It stands at the very end, because it changes with every request.
enum MomentBlock {
    private static let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]

    /// Day and minute in UTC, as `<now>Monday, 2026-11-23 04:31 UTC</now>`.
    static func text(of moment: Timestamp) -> String {
        // The first day of 1970 was a Thursday.
        let weekday = weekdays[Int(floored(floored(moment.rawValue, by: 86_400_000).quotient, by: 7).remainder)]
        return "<now>\(weekday), \(moment.minute) UTC</now>"
    }

    /// Division that rounds down, so that moments before 1970 come out right.
    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
