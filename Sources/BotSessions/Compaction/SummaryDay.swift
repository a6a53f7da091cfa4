import BotCore

/// The days and times of messages, in UTC, as the summariser sees them.
struct SummaryDay: Hashable {
    /// Days since 1970-01-01.
    let number: Int64

    init(number: Int64) { self.number = number }

    init(of moment: Timestamp) {
        number = Int64((Double(moment.rawValue) / 86_400_000).rounded(.down))
    }

    /// The day of a Gregorian date; nil where there is no such month or day.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Years begin with March here, so that leap days come last.
        let fromMarch = (month + 9) % 12
        let marchYear = month <= 2 ? year - 1 : year
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        number = Int64(marchYear * 365 + leapDays + (153 * fromMarch + 2) / 5 + day - 1 - 719_468)
    }

    var year: Int { date.year }

    /// The date as `2026-11-23`.
    var written: String {
        let (year, month, day) = date
        return "\(year)-\(Self.two(month))-\(Self.two(day))"
    }

    /// A moment as `2026-11-23 04:31`.
    static func written(_ moment: Timestamp) -> String {
        let minutes = Int((moment.rawValue / 60_000) % 1440)
        let minute = minutes < 0 ? minutes + 1440 : minutes
        return SummaryDay(of: moment).written + " \(two(minute / 60)):\(two(minute % 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    var date: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }
}
