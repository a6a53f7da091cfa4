import BotCore
import Testing

@Suite struct ReplyActionTests {
    @Test(
        "T43: an action's code is short, says what it means, and is read back",
        arguments: [
            (.retry(TurnID(4711)), "1r4711"), (.resume(TurnID(1)), "1c1"), (.undoReset(InboxID(7)), "1u7"),
            (.decide(AdmissionID(7), .allow), "1a7"), (.decide(AdmissionID(7), .deny), "1d7"),
            (.decide(AdmissionID(7), .block), "1b7"), (.retry(TurnID(.max)), "1r9223372036854775807"),
        ] as [(ReplyAction, String)])
    func isReadBack(action: ReplyAction, code: String) {
        #expect(action.rawValue == code)
        #expect((1...64).contains(code.utf8.count), "Telegram: callback_data, 1-64 bytes")
        #expect(ReplyAction(rawValue: code) == action)
    }

    @Test(
        "T43: what is no code of this version means nothing",
        arguments: [
            "", "1", "1r", "r7", "1a0", "2r7", "1x7", "1r0", "1r-7", "1r+7", "1r07", "1r 7", "1r7 ", "1R7", "1r٧",
            "1r7\u{0}",
            "1r9223372036854775808", "1r" + String(repeating: "9", count: 62), "🎲",
        ])
    func refusesOthers(code: String) { #expect(ReplyAction(rawValue: code) == nil) }
}
