import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct ButtonTests {
    private static let ada = TelegramAddress(chat: 42, isPrivate: true).encoded
    private static let group: Int64 = -100_500
    private static let retry = ReplyButton(label: "Retry", action: .retry(TurnID(7)))

    /// Sends a message with a button and returns its id.
    private static func send(
        _ rig: TelegramRig, _ text: String = "It failed.", to address: ReplyAddress = ada,
        buttons: [ReplyButton] = [retry]
    ) async throws -> Int64 {
        let chunk = RenderedChunk(text: text, buttons: buttons)
        let id = try await rig.platform.send(chunk, to: address, nonce: "n", isFirst: true)
        return try #require(id.flatMap { Int64($0) })
    }

    private static func pressed(_ rig: TelegramRig) async throws -> InboundEvent {
        rig.fake.user(42).say("behind it")
        await rig.intake.until(stored: "behind it")
        return try #require(rig.intake.events.first { if case .buttonPressed = $0.body { true } else { false } })
    }

    @Test("T43: buttons stand in one line under the message, with data of 1 to 64 bytes")
    func sends() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let longest = ReplyButton(label: "Continue", action: .resume(TurnID(.max)))
            _ = try await Self.send(rig, buttons: [Self.retry, longest])
            let buttons = try #require(rig.fake.sent(in: 42).first).buttons
            #expect(buttons.map(\.text) == ["Retry", "Continue"])
            #expect(buttons.map(\.data) == ["1r7", "1c9223372036854775807"])
            guard
                case .array(let rows) = rig.fake.requests("sendMessage")[0].arguments["reply_markup"]?
                    .members?["inline_keyboard"]
            else { throw DeliveryError.refused("no keyboard") }
            #expect(rows.count == 1)
            _ = try await rig.platform.send(RenderedChunk(text: "plain"), to: Self.ada, nonce: "m", isFirst: true)
            #expect(rig.fake.requests("sendMessage")[1].arguments["reply_markup"] == nil)
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T43: an edit brings buttons, another takes them away, and a preview has none")
    func edits() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let id = try await Self.send(rig, "Half", buttons: [])
            let failed = RenderedChunk(text: "Half", buttons: [Self.retry])
            try await rig.platform.edit("\(id)", to: failed, at: Self.ada)
            #expect(rig.fake.sent(in: 42).map(\.buttons.count) == [1], "the same text with buttons is a change")
            try await rig.platform.edit("\(id)", to: failed, at: Self.ada)
            try await rig.platform.edit("\(id)", to: RenderedChunk(text: "Half"), at: Self.ada)
            #expect(rig.fake.sent(in: 42).map(\.buttons.count) == [0])
            #expect(rig.platform.renderPreview("so far").map(\.buttons) == [[]])
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T43: a press becomes an event of its chat and of who pressed")
    func decodes() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            let user = rig.fake.user(42)
            let id = try await Self.send(rig)
            let press = try #require(user.press("Retry", under: id))
            let event = try await Self.pressed(rig)
            #expect(event.body == .buttonPressed(ButtonPress(code: "1r7", id: press, message: "\(id)")))
            #expect(event.conversation.chat == "42")
            #expect(event.scope == .direct)
            #expect(event.speaker == Speaker(id: "42", name: "User42"))
            #expect(event.replyAddress == Self.ada)
            #expect(event.isAddressed)
        }
    }

    @Test("T43: in a group the press says who pressed, in which topic, and what the answer replies to")
    func decodesInGroups() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            rig.fake.group(Self.group, topics: [9])
            let question = rig.fake.user(42).say("@rig_bot hi", in: Self.group, thread: 9)
            let address = TelegramAddress(chat: Self.group, thread: 9, replyTo: question, isPrivate: false).encoded
            let id = try await Self.send(rig, to: address)
            rig.fake.user(43).press("Retry", under: id, in: Self.group)
            let event = try await Self.pressed(rig)
            #expect(event.conversation.chat == "\(Self.group)")
            #expect(event.conversation.thread == "9")
            #expect(event.speaker.id == "43")
            #expect(event.scope == .shared(space: "telegram:chat:\(Self.group)", title: "Group"))
            #expect(event.replyAddress == address)
        }
    }

    @Test(
        "T43: a press under a message that is inaccessible, or without or with strange data, is an event all the same")
    func decodesOddities() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            rig.fake.group(Self.group)
            let user = rig.fake.user(42)
            user.press(data: "1r7", under: 5, in: Self.group, isInaccessible: true)
            user.press(data: nil, under: 6)
            user.press(data: String(repeating: "x", count: 64), under: 7)
            _ = try await Self.pressed(rig)
            let presses = rig.intake.events.compactMap { event -> (chat: String, press: ButtonPress)? in
                guard case .buttonPressed(let press) = event.body else { return nil }
                return (event.conversation.chat, press)
            }
            #expect(presses.map(\.chat) == ["\(Self.group)", "42", "42"])
            #expect(presses.map(\.press.message) == ["5", "6", "7"])
            #expect(presses.map(\.press.action) == [.retry(TurnID(7)), nil, nil])
        }
    }

    @Test("T43: a press is answered, with a notice or without, and no notice is too long")
    func answers() async throws {
        try await TelegramRig.run { rig in
            let user = rig.fake.user(42)
            let presses = (1...3).map { user.press(data: "1r\($0)", under: 1) }
            try await rig.platform.answerPress(presses[0], notice: nil, at: Self.ada)
            try await rig.platform.answerPress(presses[1], notice: "Only Ana can do that.", at: Self.ada)
            try await rig.platform.answerPress(presses[2], notice: String(repeating: "é", count: 300), at: Self.ada)
            #expect(rig.fake.presses.map(\.isAnswered) == [true, true, true])
            #expect(
                rig.fake.presses.map(\.notice) == [nil, "Only Ana can do that.", String(repeating: "é", count: 200)])
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T43: a press that is too old to be answered is no failure, another refusal is")
    func tooOld() async throws {
        try await TelegramRig.run { rig in
            let press = rig.fake.user(42).press(data: "1r1", under: 1)
            rig.fake.forgetPresses()
            try await rig.platform.answerPress(press, notice: "late", at: Self.ada)
            #expect(rig.fake.requests("answerCallbackQuery").map(\.status) == [400])
            rig.fake.fail("answerCallbackQuery", .flood(7))
            await #expect(throws: DeliveryError.rateLimited(retryAfter: .seconds(7), everywhere: false)) {
                try await rig.platform.answerPress(press, notice: nil, at: Self.ada)
            }
        }
    }

    @Test("T43: buttons are taken off a message whose text stays; where there are none it is no failure")
    func removes() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let id = try await Self.send(rig)
            for _ in 0..<2 { try await rig.platform.removeButtons(from: "\(id)", at: Self.ada) }
            let message = try #require(rig.fake.sent(in: 42).first)
            #expect(message.buttons == [])
            #expect(message.text == "It failed.")
            #expect(message.edits == 0)
            await #expect(throws: DeliveryError.messageMissing("Bad Request: message to edit not found")) {
                try await rig.platform.removeButtons(from: "987654", at: Self.ada)
            }
            #expect(rig.fake.violations == [])
        }
    }
}
