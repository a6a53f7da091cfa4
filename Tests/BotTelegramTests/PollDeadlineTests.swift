import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotTelegram

/// The poll's own deadline, with real connections and short times.
@Suite(.timeLimit(.minutes(5)))
struct PollDeadlineTests {
    private static func whileRunning(
        _ fake: FakeTelegram, grace: Duration, time: any TimeSource, _ body: (TelegramRig) async throws -> Void
    ) async throws {
        let rig = try await TelegramRig.make(fake, intake: RecordingIntake())
        defer { rig.http.shutdown() }
        try await rig.intake.setCursor(named: "telegram/\(fake.botID)", to: "700000000")
        let token = try TelegramRig.configuration(rig.baseURL).botToken
        let loop = PollLoop(
            api: TelegramAPI(baseURL: rig.baseURL, token: token, http: rig.http), pollTimeout: .seconds(1),
            pollGrace: grace, menus: CommandMenus([]), concern: { _ in nil }, cursors: rig.intake, links: rig.links,
            time: time, logger: LineLog().logger, progress: PollProgress())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await loop.run(intake: rig.intake) }
            try await body(rig)
            group.cancelAll()
        }
    }

    @Test("T2 T3: a poll on a dead connection is given up, and the same updates are asked for on a new one")
    func leavesADeadConnection() async throws {
        try await withFakeTelegram { fake in
            fake.fail("getUpdates", .hang)
            fake.user(42).say("kept")
            let time = ManualTime()
            try await Self.whileRunning(fake, grace: .milliseconds(200), time: time) { rig in
                await time.waitForSleepers()
                #expect(rig.state == .connecting)
                #expect(fake.requests("getUpdates").map(\.status) == [nil])
                let connections = fake.acceptedConnections
                // On a busy machine another call may miss its real deadline first, and wait as well.
                while !rig.intake.texts.contains("kept") {
                    try Task.checkCancellation()
                    time.advance(by: .milliseconds(100))
                    await Task.yield()
                }
                #expect(rig.state == .connected)
                #expect(fake.acceptedConnections > connections)
                let offsets = fake.requests("getUpdates").prefix(2).map { $0.integer("offset") }
                #expect(offsets == [700_000_001, 700_000_001])
            }
        }
    }

    @Test("T2: a poll that is held for its whole time is no trouble")
    func waitsForAHeldPoll() async throws {
        try await withFakeTelegram { fake in
            try await Self.whileRunning(fake, grace: .seconds(30), time: SystemTime()) { rig in
                try await fake.until { $0.requests("getUpdates").count >= 2 }
                #expect(fake.requests("getUpdates").first?.status == 200)
                #expect(rig.state == .connected)
            }
        }
    }

    @Test("T3: the farewell has a deadline of its own")
    func limitsTheFarewell() async throws {
        let intake = RecordingIntake()
        intake.slowDown()
        try await withFakeTelegram { fake in
            let rig = try await TelegramRig.make(fake, intake: intake)
            defer { rig.http.shutdown() }
            try await rig.whileRunning { _ in
                fake.user(42).say("last")
                await intake.until(stored: "last")
            }
            fake.fail("getUpdates", .hang)
            let began = SystemTime().uptime
            await rig.platform.farewell()
            #expect(SystemTime().uptime - began < .seconds(10))
            #expect(fake.unconfirmed.count == 1)
        }
    }
}
