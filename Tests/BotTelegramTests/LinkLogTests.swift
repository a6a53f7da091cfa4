import BotCore
import BotHTTP
import BotTestSupport
import Logging
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct LinkLogTests {
    @Test("T13: one line when the link is lost, one when it is back")
    func logsChangesOnly() async throws {
        try await withFakeTelegram { fake in
            let log = LineLog()
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake(), log: log)
            defer { rig.http.shutdown() }
            fake.user(42).say("kept")
            fake.fail("getUpdates", .reset, times: 4)
            try await rig.whileRunning { rig in
                for _ in 0..<4 { _ = await rig.endWait() }
                await rig.intake.until(stored: "kept")
            }
            #expect(log.messages(at: .warning) == ["Telegram is not connected"])
            #expect(log.messages(at: .info) == ["Telegram is connected", "Telegram is connected"])
        }
    }

    @Test("S1: no line holds the token, whatever goes wrong")
    func keepsTheToken() async throws {
        try await withFakeTelegram { fake in
            let log = LineLog()
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake(), log: log)
            defer { rig.http.shutdown() }
            fake.fail("getMe", .reset)
            fake.fail("deleteWebhook", .body(status: 502, "<html>"))
            fake.fail("getMyCommands", .error(400, "Bad Request: no"))
            fake.fail("getUpdates", .cutJSON)
            fake.user(42).say("kept")
            try await rig.whileRunning { rig in
                for _ in 0..<3 { _ = await rig.endWait() }
                await rig.intake.until(stored: "kept")
                fake.fail("getUpdates", .error(401, "Unauthorized"))
                fake.user(42).say("wake")
                try await fake.until { $0.requests("getUpdates").last?.status == 401 }
            }
            rig.http.shutdown()
            await rig.platform.farewell()
            #expect(!log.text.isEmpty)
            let secret = try #require(FakeTelegram.defaultToken.split(separator: ":").last)
            #expect(!log.text.contains(secret))
            #expect(!"\(rig.platform.configuration)".contains(secret))
        }
    }

    @Test("T11: a refused token is one error with a sentence that says what to do")
    func logsTheRefusal() async throws {
        try await withFakeTelegram { fake in
            let log = LineLog()
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake(), log: log)
            defer { rig.http.shutdown() }
            fake.fail("getMe", .error(401, "Unauthorized"))
            await rig.platform.run(intake: rig.intake)
            #expect(log.messages(at: .error) == ["Telegram is stopped"])
            #expect(log.text.contains("@BotFather"))
        }
    }

    @Test("T13: what cannot be trusted is not talked to, is named, and is tried again")
    func refusesUntrustedServers() async throws {
        try await withFakeTelegram(tls: .otherAuthority) { fake in
            let log = LineLog()
            let rig = try await TelegramRig.make(
                fake, intake: RecordingIntake(), caFile: TestTLS.caFile, log: log)
            defer { rig.http.shutdown() }
            try await rig.whileRunning { rig in
                for _ in 0..<3 { _ = await rig.endWait() }
                await rig.time.waitForSleepers()
            }
            #expect(fake.requests().isEmpty)
            #expect(rig.state == .connecting)
            #expect(log.text.contains("certificate"))
        }
    }

    @Test("It talks over TLS to a server that the given authority vouches for")
    func talksOverTLS() async throws {
        try await withFakeTelegram(tls: .good) { fake in
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake(), caFile: TestTLS.caFile)
            defer { rig.http.shutdown() }
            try await rig.whileRunning { rig in
                fake.user(42).say("safe")
                await rig.intake.until(stored: "safe")
            }
        }
    }
}
