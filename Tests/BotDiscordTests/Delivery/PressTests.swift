import BotCore
import BotTestSupport
import Testing

@testable import BotDiscord

/// Buttons under messages, and what follows a press.
@Suite(.timeLimit(.minutes(5)))
struct PressTests: SenderSuite {
    let time = ManualTime()

    private static let buttons = [ReplyButton(label: "Retry", action: .retry(TurnID(9)))]
    private static let rows: JSONValue = .array([
        .object([
            "type": .integer(1),
            "components": .array([
                .object([
                    "type": .integer(2), "style": .integer(2), "label": .string("Retry"), "custom_id": .string("1r9"),
                ])
            ]),
        ])
    ])

    @Test("D32: buttons go with messages, edits and answers to interactions")
    func buttons() async throws {
        let http = ScriptedHTTP([Self.created, Self.created, Self.created])
        let sender = try sender(http)
        _ = try await sender.send("a", buttons: Self.buttons, to: channel, nonce: "n", isFirst: true)
        try await sender.edit("3", to: "a", buttons: Self.buttons, at: channel)
        _ = try await sender.send("a", buttons: Self.buttons, to: interaction(), nonce: "n", isFirst: true)
        #expect(try http.requests.allSatisfy { try body($0).members?["components"] == Self.rows })
    }

    @Test("D32: what follows a press goes into the channel, or to the person alone if the message was theirs alone")
    func answersToPresses() async throws {
        let http = ScriptedHTTP([Self.created, Self.created, Self.created])
        let sender = try sender(http)
        _ = try await sender.send("a", to: press(isPrivate: false), nonce: "n", isFirst: true)
        _ = try await sender.send("a", to: press(isPrivate: true), nonce: "n", isFirst: true)
        _ = try await sender.send("a", to: press(isPrivate: true, age: .seconds(1200)), nonce: "n", isFirst: true)
        #expect(paths(http) == ["POST /channels/5/messages", "POST /webhooks/2/tok", "POST /channels/5/messages"])
        #expect(try body(http.requests[1]).members?["flags"] == .integer(68))
        #expect(try body(http.requests[0]).members?["message_reference"] != nil)
        #expect(!sender.repeatIsHarmless(at: press(isPrivate: true), isFirst: true, since: .seconds(1)))
        #expect(sender.repeatIsHarmless(at: press(isPrivate: false), isFirst: true, since: .seconds(1)))
    }

    @Test("D22, D32: buttons are taken off by the press's own token, else in the channel; the text stays")
    func removesButtons() async throws {
        let http = ScriptedHTTP([
            Self.created, .answer(404, #"{"code":10015,"message":"x"}"#, []), Self.created, Self.created,
        ])
        let sender = try sender(http)
        for age in [Duration.zero, .zero, .seconds(1200)] {
            try await sender.removeButtons(from: "3", at: press(isPrivate: false, age: age))
        }
        #expect(
            paths(http) == [
                "PATCH /webhooks/2/tok/messages/@original", "PATCH /webhooks/2/tok/messages/@original",
                "PATCH /channels/5/messages/3", "PATCH /channels/5/messages/3",
            ])
        for request in http.requests {
            #expect(
                try body(request).members == [
                    "components": .array([]),
                    "allowed_mentions": .object(["parse": .array([]), "replied_user": .bool(false)]),
                ])
        }
    }

    @Test("D32: a notice about a press is for the person alone, and one that comes too late is let go")
    func notices() async throws {
        let http = ScriptedHTTP([Self.created, .answer(404, #"{"code":10015,"message":"x"}"#, [])])
        let sender = try sender(http)
        for age in [Duration.zero, .zero, .seconds(1200)] {
            try await sender.tell("no", at: press(isPrivate: false, age: age))
        }
        #expect(paths(http) == ["POST /webhooks/2/tok", "POST /webhooks/2/tok"])
        #expect(try body(http.requests[0]).members?["flags"] == .integer(68))
    }
}
