import BotCore
import BotHTTP

/// Reads how long a server asks to wait: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or OpenAI's
/// `retry-after-ms`.
enum RetryAfter {
    static func span(in headers: HTTPHeaders, now: Timestamp) -> Duration? {
        if let text = headers["retry-after-ms"], let milliseconds = Double(text), isSensible(milliseconds / 1000) {
            return .milliseconds(Int64(milliseconds.rounded(.up)))
        }
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = Double(text) {
            return isSensible(seconds) ? .milliseconds(Int64((seconds * 1000).rounded(.up))) : nil
        }
        return date(text).map { max(.zero, $0.since(now)) }
    }

    private static func isSensible(_ seconds: Double) -> Bool { seconds >= 0 && seconds < 1e9 }

    /// A date in the preferred form, as `Wed, 21 Oct 2026 07:28:00 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]), let year = Int64(parts[3]),
            let month = months.firstIndex(of: String(parts[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
        // Days since 1970-01-01 in the Gregorian calendar, counted from March so that the leap day is a year's last.
        let shifted = (month + 10) % 12
        let years = year - (month < 2 ? 1 : 0)
        let dayOfYear = (153 * Int64(shifted) + 2) / 5 + day - 1
        let days = 365 * years + years / 4 - years / 100 + years / 400 + dayOfYear - 719_468
        return Timestamp(rawValue: (days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]) * 1000)
    }
}
