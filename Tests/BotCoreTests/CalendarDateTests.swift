import BotCore
import Testing

struct CalendarDateTests {
    @Test(
        arguments: [
            (0, "1970-01-01 00:00"), (-1, "1969-12-31 23:59"), (951_782_399_999, "2000-02-28 23:59"),
            (951_782_400_000, "2000-02-29 00:00"), (951_868_800_000, "2000-03-01 00:00"),
            (4_107_542_340_000, "2100-02-28 23:59"), (4_107_542_400_000, "2100-03-01 00:00"),
            (1_790_000_000_000, "2026-09-21 14:13"), (-62_135_596_800_000, "0001-01-01 00:00"),
        ] as [(Int64, String)])
    func namesTheMinuteInUTC(milliseconds: Int64, expected: String) {
        let moment = Timestamp(rawValue: milliseconds)
        #expect(moment.minute == expected)
        #expect(moment.day == String(expected.prefix(10)))
    }

    @Test func everyDayFollowsTheOneBefore() {
        var before = CalendarDate(daysSince1970: -800_000)
        for number in -799_999...800_000 {
            let date = CalendarDate(daysSince1970: number)
            let isNextDay = date.year == before.year && date.month == before.month && date.day == before.day + 1
            let isNextMonth = date.day == 1 && before.day >= 28
            guard isNextDay || isNextMonth, (1...12).contains(date.month) else {
                Issue.record("\(date) follows \(before)")
                return
            }
            before = date
        }
    }
}
