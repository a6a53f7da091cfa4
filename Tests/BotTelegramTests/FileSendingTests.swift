import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

/// Files and messages that are taken away, before a server.
@Suite(.timeLimit(.minutes(5)))
struct FileSendingTests {
    @Test("T29: a file goes with its caption, its topic and its reply, byte for byte")
    func sendsFiles() async throws {
        try await TelegramRig.run { rig in
            rig.fake.group(-100_500, topics: [9])
            let question = rig.fake.user(42).say("@rig_bot code?", in: -100_500, thread: 9)
            let content = "let a = \"\u{1F600}\"\r\n--mybot-\n\n\u{E9}\n"
            let file = ReplyFile(name: "code.swift", mediaType: "text/plain", content: content)
            let address = TransportTests.group(replyTo: question, thread: 9)
            let button = ReplyButton(label: "Retry", action: .retry(TurnID(7)))
            let chunk = RenderedChunk(text: "3 lines", file: file, buttons: [button])
            let id = try await rig.platform.send(
                chunk, to: address, nonce: "n", isFirst: true)
            let message = try #require(rig.fake.sent(in: -100_500).first)
            #expect(id == "\(message.id)")
            #expect(message.text == "3 lines")
            #expect(message.file?.name == "code.swift")
            #expect(message.file?.mediaType == "text/plain; charset=utf-8")
            #expect(message.file?.content == content)
            #expect(message.replyTo == question)
            #expect(message.thread == 9)
            #expect(message.buttons.map(\.data) == ["1r7"])
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T33: a file whose answer was lost may have arrived; one that met a flood limit has not")
    func admitsDoubtOfFiles() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let file = ReplyFile(name: "answer.md", mediaType: "text/markdown", content: "all of it")
            let chunk = RenderedChunk(text: "here", file: file)
            rig.fake.fail("sendDocument", .flood(7))
            await #expect(throws: DeliveryError.rateLimited(retryAfter: .seconds(7), everywhere: false)) {
                try await rig.platform.send(chunk, to: TransportTests.ada, nonce: "n", isFirst: true)
            }
            rig.fake.fail("sendDocument", .resetAfterwards)
            do {
                _ = try await rig.platform.send(chunk, to: TransportTests.ada, nonce: "n", isFirst: true)
                Issue.record("no error")
            } catch DeliveryError.outcomeUnknown {
                #expect(rig.fake.sent(in: 42).map(\.file?.content) == ["all of it"])
            }
        }
    }

    @Test("T35: a message is taken away once, and one that is gone counts as taken away")
    func removes() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let chunk = RenderedChunk(text: "x")
            let id = try #require(try await rig.platform.send(chunk, to: TransportTests.ada, nonce: "n", isFirst: true))
            for _ in 0..<2 { try await rig.platform.remove(id, at: TransportTests.ada) }
            #expect(rig.fake.sent(in: 42).isEmpty)
            #expect(rig.fake.requests("deleteMessage").count == 2)
            rig.fake.fail("deleteMessage", .error(400, "Bad Request: message can't be deleted for everyone"))
            await #expect(throws: DeliveryError.refused("Bad Request: message can't be deleted for everyone")) {
                try await rig.platform.remove(id, at: TransportTests.ada)
            }
            #expect(rig.fake.violations == [])
        }
    }
}
