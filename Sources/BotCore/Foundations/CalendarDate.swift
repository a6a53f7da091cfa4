/// A day of the Gregorian calendar, in UTC.
package struct CalendarDate: Hashable, Sendable, CustomStringConvertible {
    package let year: Int
    /// From 1 to 12.
    package let month: Int
    /// From 1 to 31.
    package let day: Int

    /// The day that a moment lies in.
    package init(of moment: Timestamp) {
        self.init(daysSince1970: Int(moment.rawValue.quotientFloor(86_400_000)))
    }

    /// The day with a number, counted from 1970-01-01.
    package init(daysSince1970 number: Int) {
        // Years begin with March here, so that leap days come last.
        let shifted = number + 719_468
        let era = shifted.quotientFloor(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The date as `2026-11-23`.
    package var description: String { "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))" }

    fileprivate static func digits(_ number: Int, _ count: Int) -> String {
        let digits = String(abs(number))
        let zeros = String(repeating: "0", count: max(0, count - digits.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }
}

extension Timestamp {
    /// The day in UTC, as `2026-11-23`.
    package var day: String { CalendarDate(of: self).description }

    /// The moment at which its day began in UTC.
    package var startOfDay: Timestamp { Timestamp(rawValue: rawValue.quotientFloor(86_400_000) * 86_400_000) }

    /// The moment at which its month began in UTC.
    package var startOfMonth: Timestamp { startOfDay - .seconds((CalendarDate(of: self).day - 1) * 86_400) }

    /// The number of its day in UTC, counted from 1970-01-01.
    package var daysSince1970: Int64 { rawValue.quotientFloor(86_400_000) }

    /// The moment at which the next day begins in UTC.
    package var startOfNextDay: Timestamp { startOfDay + .seconds(86_400) }

    /// The moment at which the next month begins in UTC.
    package var startOfNextMonth: Timestamp { (startOfMonth + .seconds(31 * 86_400)).startOfMonth }

    /// The day of the week in UTC, as `Monday`.
    package var weekday: String {
        // The first day of 1970 was a Thursday.
        let names = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]
        let days = rawValue.quotientFloor(86_400_000)
        return names[Int(days - days.quotientFloor(7) * 7)]
    }

    /// The minute in UTC, as `2026-11-23 04:31`.
    package var minute: String {
        let minute = Int(rawValue.quotientFloor(60_000) - rawValue.quotientFloor(86_400_000) * 1440)
        return "\(day) \(CalendarDate.digits(minute / 60, 2)):\(CalendarDate.digits(minute % 60, 2))"
    }
}

extension BinaryInteger {
    /// Division that rounds down, so that moments before 1970 come out right.
    fileprivate func quotientFloor(_ divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
