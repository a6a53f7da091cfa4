import BotCore

/// Tells a model what time it is. It stands at the very end, because it changes with every request.
enum MomentBlock {
    private static let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]

    /// Day and minute in UTC, as `<now>Monday, 2026-11-23 04:31 UTC</now>`.
    static func text(of moment: Timestamp) -> String {
        let minutes = floored(moment.rawValue, by: 60_000)
        let days = floored(minutes, by: 1440)
        let minute = minutes - days * 1440
        // The first day of 1970 was a Thursday.
        let weekday = weekdays[Int(days - floored(days, by: 7) * 7)]
        return "<now>\(weekday), \(CalendarDay(moment)) \(padded(minute / 60)):\(padded(minute % 60)) UTC</now>"
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
