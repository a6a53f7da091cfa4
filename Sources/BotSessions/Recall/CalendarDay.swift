import BotCore

/// The day of a moment in UTC, written as `2025-03-02`.
struct CalendarDay: CustomStringConvertible {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Counts in years that begin in March, so that the leap day is a year's last, and in eras of 400 years, which are all of
    /// one length (146,097 days).
    init(_ moment: Timestamp) {
        let milliseconds = moment.rawValue
        let days = (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var description: String { "\(year)-\(padded(month))-\(padded(day))" }

    private func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
