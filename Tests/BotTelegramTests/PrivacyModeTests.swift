import BotCore
import BotHTTP
import BotTestSupport
import Logging
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct PrivacyModeTests {
    @Test(
        "T19: the owner hears of privacy mode only where groups shall be heard whole",
        arguments: [(true, false, true), (true, true, false), (false, false, false), (false, true, false)])
    func knowsWhatConcerns(hearsEverything: Bool, canReadAll: Bool, isConcern: Bool) throws {
        var configuration = try TelegramRig.configuration("https://api.telegram.org")
        configuration.hearsEverything = hearsEverything
        let bot = BotIdentity(id: 110, username: "rig_bot", canReadAllGroupMessages: canReadAll)
        #expect((configuration.concern(about: bot) != nil) == isConcern)
    }

    @Test("T19: privacy mode stands in the log once and beside the link for as long as it lasts")
    func warns() async throws {
        try await withFakeTelegram { fake in
            let log = LineLog()
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake(), hearsEverything: true, log: log)
            defer { rig.http.shutdown() }
            fake.fail("getUpdates", .reset)
            try await rig.whileRunning { rig in
                _ = await rig.endWait()
                fake.user(42).say("one")
                await rig.intake.until(stored: "one")
                fake.user(42).say("two")
                await rig.intake.until(stored: "two")
            }
            #expect(rig.state == .connected)
            #expect(rig.links.all["telegram"]?.problem?.contains("/setprivacy") == true)
            let told = log.messages(at: .warning).filter { $0.contains("does not show") }
            #expect(told.count == 1)
        }
    }

    @Test("T19: with privacy mode off nothing is wrong")
    func isSatisfied() async throws {
        try await withFakeTelegram { fake in
            fake.endPrivacyMode()
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake(), hearsEverything: true)
            defer { rig.http.shutdown() }
            try await rig.whileRunning { rig in
                fake.user(42).say("one")
                await rig.intake.until(stored: "one")
            }
            #expect(rig.state == .connected)
            #expect(rig.links.all["telegram"]?.problem == nil)
        }
    }
}
