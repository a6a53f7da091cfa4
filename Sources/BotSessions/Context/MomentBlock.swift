import BotCore

/// Tells a model what time it is. It stands at the very end, because it changes with every request.
enum MomentBlock {
    private static let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]

    /// Day and minute in UTC, as `<now>Monday, 2026-11-23 04:31 UTC</now>`.
    static func text(of moment: Timestamp) -> String {
        let minutes = floorDivided(moment.rawValue, by: 60_000)
        let days = floorDivided(minutes, by: 1440)
        let minute = minutes - days * 1440
        let date = date(ofDay: days)
        let weekday = weekdays[Int(days - floorDivided(days, by: 7) * 7)]
        let day = "\(padded(date.year, to: 4))-\(padded(date.month))-\(padded(date.day))"
        return "<now>\(weekday), \(day) \(padded(minute / 60)):\(padded(minute % 60)) UTC</now>"
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is their last.
    private static func date(ofDay days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let fromMarch = days + 719_468  // days since 0000-03-01
        let era = floorDivided(fromMarch, by: 146_097)
        let dayOfEra = fromMarch - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivided(_ value: Int64, by divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func padded(_ value: Int64, to width: Int = 2) -> String {
        let digits = "\(value)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
