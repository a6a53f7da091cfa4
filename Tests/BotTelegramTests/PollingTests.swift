import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct PollingTests {
    @Test("T1 T9: starts in order, says which updates it wants, and breaks no rule of the API")
    func startsInOrder() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            #expect(
                rig.fake.requests().map(\.method)
                    == [
                        "getMe", "deleteWebhook", "getMyCommands", "setMyCommands", "getMyCommands", "setMyCommands",
                        "getMyCommands", "setMyCommands", "getUpdates",
                    ])
            #expect(rig.fake.requests("deleteWebhook")[0].arguments["drop_pending_updates"] == false)
            let poll = rig.fake.requests("getUpdates")[0]
            #expect(poll.integer("timeout") == 50)
            #expect(poll.integer("offset") == nil)
            #expect(
                poll.arguments["allowed_updates"]
                    == .array([
                        "message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation",
                    ]))
            #expect(rig.state == .connected)
            #expect(rig.platform.identity?.id == rig.fake.botID)
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T1: a menu that is as it should be is not set again")
    func leavesACurrentMenu() async throws {
        let intake = RecordingIntake()
        try await withFakeTelegram { fake in
            for _ in 0..<2 {
                let rig = try await TelegramRig.make(fake, intake: intake)
                defer { rig.http.shutdown() }
                let polls = fake.requests("getUpdates").count
                try await rig.whileRunning { _ in try await fake.until { $0.requests("getUpdates").count > polls } }
            }
            #expect(fake.requests("getMyCommands").count == 6)
            #expect(fake.requests("setMyCommands").count == 3)
        }
    }

    @Test("T1: a webhook that was left over is deleted at the start, and what waits behind it is kept")
    func clearsAnOldWebhook() async throws {
        try await TelegramRig.run { fake in
            fake.user(42).say("kept")
            fake.setWebhook("https://example.org/old")
        } _: { rig in
            await rig.intake.until(stored: "kept")
            #expect(rig.fake.requests("deleteWebhook").count == 1)
            #expect(rig.state == .connected)
        }
    }

    @Test("T9: kinds that were asked for by others, or are new, are confirmed and disturb nothing")
    func ignoresOtherKinds() async throws {
        try await TelegramRig.run { fake in
            fake.push("chat_join_request", ["chat": .object(["id": 5])], isOld: true)
            fake.push("something_of_next_year", ["anything": true], isOld: true)
            fake.user(42).say("good")
        } _: { rig in
            await rig.intake.until(stored: "good")
            try await rig.fake.until { $0.unconfirmed.isEmpty }
            #expect(rig.intake.texts == ["good"])
        }
    }

    @Test("T15: while the queue is full no poll is sent, and Telegram keeps what comes")
    func waitsForRoom() async throws {
        let intake = RecordingIntake()
        intake.slowDown()
        try await TelegramRig.run(intake: intake) { rig in
            rig.fake.user(42).say("first")
            await intake.until(stored: "first")
            let polls = rig.fake.requests("getUpdates").count
            rig.fake.user(42).say("second")
            // Two exchanges beside it give a poll the time to show up.
            for _ in 0..<2 { try await rig.platform.showTyping(at: TransportTests.ada) }
            #expect(rig.fake.requests("getUpdates").count == polls)
            #expect(rig.fake.unconfirmed.count == 2)
            intake.hurryUp()
            await intake.until(stored: "second")
        }
    }

    @Test("T4: an update is stored before it is confirmed, and a restart does not get it again")
    func confirmsWhatIsStored() async throws {
        let intake = RecordingIntake()
        try await withFakeTelegram { fake in
            let rig = try await TelegramRig.make(fake, intake: intake)
            defer { rig.http.shutdown() }
            try await rig.whileRunning { _ in
                fake.user(42).say("one")
                await intake.until(stored: "one")
                try await fake.until { $0.unconfirmed.isEmpty }
                fake.user(42).say("two")
                await intake.until(stored: "two")
            }
            let again = try await TelegramRig.make(fake, intake: intake)
            defer { again.http.shutdown() }
            try await again.whileRunning { _ in
                fake.user(42).say("three")
                await intake.until(stored: "three")
            }
            #expect(intake.texts == ["one", "two", "three"])
        }
    }

    @Test("T5: ids that begin again at a lower number lose nothing")
    func followsRestartedIDs() async throws {
        try await TelegramRig.run { rig in
            rig.fake.user(42).say("before")
            await rig.intake.until(stored: "before")
            try await rig.fake.until { $0.unconfirmed.isEmpty }
            rig.fake.restartUpdateIDs(at: 2_000_001)
            for text in ["after", "more"] {
                rig.fake.user(42).say(text)
                await rig.intake.until(stored: text)
            }
            #expect(rig.intake.texts == ["before", "after", "more"])
        }
    }

    @Test("T8: an update of a wrong shape loses no other one")
    func survivesABadUpdate() async throws {
        try await TelegramRig.run { fake in
            fake.push("message", ["message_id": "wrong", "chat": 5])
            fake.user(42).say("good")
        } _: { rig in
            await rig.intake.until(stored: "good")
            try await rig.fake.until { $0.unconfirmed.isEmpty }
        }
    }

    @Test("T10: a webhook that somebody sets is deleted, and polling goes on")
    func deletesWebhooks() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            rig.fake.setWebhook("https://example.org")
            rig.fake.user(42).say("wake")
            try await rig.fake.until { $0.requests("deleteWebhook").count == 2 }
            rig.fake.user(42).say("still here")
            await rig.intake.until(stored: "still here")
        }
    }

    @Test("T10: another poller with the token is a conflict that is waited out")
    func waitsOutAConflict() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            let other = try await TelegramRig.make(rig.fake, intake: RecordingIntake())
            defer { other.http.shutdown() }
            try await other.whileRunning { _ in
                await rig.time.waitForSleepers()
                #expect(rig.state == .conflict)
                let wait = try #require(rig.time.nextWake)
                #expect(wait >= .seconds(3) && wait <= .seconds(6))
            }
            _ = await rig.endWait()
            rig.fake.user(42).say("mine again")
            await rig.intake.until(stored: "mine again")
            #expect(rig.state == .connected)
        }
    }

    @Test("T11: a refused token ends it with one sentence", arguments: [401, 404])
    func endsAtARefusedToken(code: Int) async throws {
        try await withFakeTelegram { fake in
            fake.fail("getMe", .error(code, "Unauthorized"))
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake())
            defer { rig.http.shutdown() }
            await rig.platform.run(intake: rig.intake)
            #expect(rig.state == .failed)
            #expect(rig.links.all["telegram"]?.problem?.contains("token") == true)
            #expect(fake.requests().count == 1)
        }
    }

    @Test("T12: a flood wait is waited out exactly")
    func waitsAsTold() async throws {
        try await TelegramRig.run { fake in
            fake.fail("getUpdates", .flood(17))
        } _: { rig in
            let span = await rig.endWait()
            #expect(span >= .seconds(17) && span <= .milliseconds(17_100))
            rig.fake.user(42).say("on")
            await rig.intake.until(stored: "on")
        }
    }

    @Test(
        "T13: passing trouble with the poll heals, and nothing is lost",
        arguments: [
            FakeTelegramFault.error(500, "Internal Server Error: restart"),
            .body(status: 502, "<html>Bad Gateway</html>"), .body(status: 200, "{\"ok\":tr"), .reset, .cutJSON,
        ])
    func heals(fault: FakeTelegramFault) async throws {
        try await TelegramRig.run { fake in
            fake.user(42).say("kept")
            fake.fail("getUpdates", fault, times: 3)
        } _: { rig in
            var spans: [Duration] = []
            for _ in 0..<3 {
                await rig.time.waitForSleepers()
                #expect(rig.state == .connecting)
                spans.append(await rig.endWait())
            }
            #expect(spans.allSatisfy { $0 >= .milliseconds(500) && $0 <= .seconds(4) })
            await rig.intake.until(stored: "kept")
            #expect(rig.state == .connected)
            #expect(rig.intake.texts == ["kept"])
        }
    }

    @Test("T13: trouble at the start heals too", arguments: ["getMe", "deleteWebhook", "getMyCommands"])
    func healsAtTheStart(method: String) async throws {
        try await TelegramRig.run { fake in
            fake.user(42).say("kept")
            fake.fail(method, .error(502, "Bad Gateway"))
        } _: { rig in
            _ = await rig.endWait()
            await rig.intake.until(stored: "kept")
            #expect(rig.fake.menu().count == 1)
        }
    }

    @Test("T14: the farewell confirms what the last poll could not")
    func saysFarewell() async throws {
        let intake = RecordingIntake()
        intake.slowDown()
        try await withFakeTelegram { fake in
            let rig = try await TelegramRig.make(fake, intake: intake)
            defer { rig.http.shutdown() }
            try await rig.whileRunning { _ in
                fake.user(42).say("last")
                await intake.until(stored: "last")
            }
            #expect(fake.unconfirmed.count == 1)
            await rig.platform.farewell()
            #expect(fake.unconfirmed == [])
            let last = try #require(fake.requests("getUpdates").last)
            #expect(last.integer("limit") == 1)
            #expect(last.integer("timeout") == 0)
            let count = fake.requests().count
            await rig.platform.farewell()
            #expect(fake.requests().count == count)
        }
    }

    @Test("The check of a token says who the bot is, or what is wrong, and never the token")
    func checksTokens() async throws {
        try await withFakeTelegram { fake in
            let http = HTTPClient()
            defer { http.shutdown() }
            let url = try await fake.url
            let bot = try await TelegramPlatform.getMe(TelegramRig.configuration(url + "/"), http: http)
            #expect(bot == BotIdentity(id: fake.botID, username: "rig_bot"))
            await #expect(throws: TelegramError.tokenRefused) {
                try await TelegramPlatform.getMe(TelegramRig.configuration(url, token: "1:wrong"), http: http)
            }
            do {
                _ = try await TelegramPlatform.getMe(
                    TelegramRig.configuration("http://127.0.0.1:1", token: "1:hidden"), http: http)
                Issue.record("reached nothing")
            } catch let error as TelegramError {
                #expect(!error.description.contains("hidden"))
            }
        }
    }
}
