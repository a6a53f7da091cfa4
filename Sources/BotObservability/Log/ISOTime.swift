import BotCore

/// Writes moments as `2026-11-23T01:59:19.123Z`, without a formatter.
enum ISOTime {
    static func append(_ moment: Timestamp, to line: inout [UInt8]) {
        let (seconds, milliseconds) = moment.rawValue.quotientAndRemainderFloor(1000)
        let (days, second) = seconds.quotientAndRemainderFloor(86_400)
        let date = CalendarDate(daysSince1970: Int(days))
        digits(Int64(date.year), 4, &line)
        line.append(UInt8(ascii: "-"))
        digits(Int64(date.month), 2, &line)
        line.append(UInt8(ascii: "-"))
        digits(Int64(date.day), 2, &line)
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
