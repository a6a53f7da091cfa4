import BotCore

/// Writes moments as `2026-11-23T01:59:19.123Z`, without a formatter.
enum ISOTime {
    static func append(_ moment: Timestamp, to line: inout [UInt8]) {
        let (seconds, milliseconds) = moment.rawValue.quotientAndRemainderFloor(1000)
        let (days, second) = seconds.quotientAndRemainderFloor(86_400)
        let (year, month, day) = date(ofDay: days)
        digits(year, 4, &line)
        line.append(UInt8(ascii: "-"))
        digits(month, 2, &line)
        line.append(UInt8(ascii: "-"))
        digits(day, 2, &line)
        line.append(UInt8(ascii: "T"))
        digits(second / 3600, 2, &line)
        line.append(UInt8(ascii: ":"))
        digits(second / 60 % 60, 2, &line)
        line.append(UInt8(ascii: ":"))
        digits(second % 60, 2, &line)
        line.append(UInt8(ascii: "."))
        digits(milliseconds, 3, &line)
        line.append(UInt8(ascii: "Z"))
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years begin with March here, so that leap days come last.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (day + 719_468).quotientAndRemainderFloor(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func digits(_ value: Int64, _ count: Int, _ line: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}

extension Int64 {
    /// Division that rounds down, so that moments before 1970 come out right.
    fileprivate func quotientAndRemainderFloor(_ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
