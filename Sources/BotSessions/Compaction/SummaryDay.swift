import BotCore

/// A day of messages as a number, so that days near it can be counted.
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

    /// The day's date.
    var date: CalendarDate { CalendarDate(daysSince1970: Int(number)) }
    var year: Int { date.year }
}
