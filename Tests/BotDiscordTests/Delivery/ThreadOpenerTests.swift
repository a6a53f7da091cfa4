import BotCore
import BotTestSupport
import Testing

@testable import BotDiscord

/// Answers that open threads.
@Suite(.timeLimit(.minutes(5)))
struct ThreadOpenerTests: SenderSuite {
    let time = ManualTime()

    @Test("D28: the thread is opened once, and the answer goes there")
    func opensThread() async throws {
        let http = ScriptedHTTP([.answer(201, #"{"id":"9"}"#, []), .answer(204, "", []), Self.created, Self.created])
        let sender = try sender(http)
        try await sender.showTyping(at: thread)
        _ = try await sender.send("a", to: thread, nonce: "n", isFirst: true)
        try await sender.edit("77", to: "b", at: thread)
        #expect(
            paths(http) == [
                "POST /channels/5/messages/9/threads", "POST /channels/9/typing", "POST /channels/9/messages",
                "PATCH /channels/9/messages/77",
            ])
        #expect(try body(http.requests[0]).members == ["name": .string("Why?")])
        #expect(try body(http.requests[2]).members?["message_reference"] == nil)
    }

    @Test("D28: a thread that is there already is used", arguments: [160_004])
    func threadIsThere(_ code: Int) async throws {
        let http = ScriptedHTTP([.answer(400, #"{"code":\#(code),"message":"x"}"#, []), Self.created])
        _ = try await sender(http).send("a", to: thread, nonce: "n", isFirst: true)
        #expect(paths(http).last == "POST /channels/9/messages")
    }

    @Test(
        "D28: where no thread can be opened the answer is a reply in the channel", arguments: [50_013, 50_024, 10_008])
    func noThread(_ code: Int) async throws {
        let http = ScriptedHTTP([
            .answer(403, #"{"code":\#(code),"message":"x"}"#, []), Self.created, Self.created,
            .answer(404, #"{"code":10008,"message":"x"}"#, []), Self.created,
        ])
        let sender = try sender(http)
        _ = try await sender.send("a", to: thread, nonce: "n", isFirst: true)
        try await sender.edit("77", to: "b", at: thread)
        try await sender.edit("78", to: "b", at: thread)
        #expect(
            Array(paths(http).dropFirst()) == [
                "POST /channels/5/messages", "PATCH /channels/5/messages/77", "PATCH /channels/5/messages/78",
                "PATCH /channels/9/messages/78",
            ])
        let reference = try body(http.requests[1]).members?["message_reference"]
        #expect(reference?.members?["message_id"] == .string("9"))
    }
}
