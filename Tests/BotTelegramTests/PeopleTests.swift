import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

/// Whom a command points at, and who administers a group.
@Suite(.timeLimit(.minutes(5)))
struct PeopleTests {
    private static func references(_ rest: String) throws -> [PersonReference]? {
        try #require(try UpdateDecoderTests.event(chat: UpdateDecoderTests.group, rest)).references
    }

    private static let command = #""text":"/allow@MyBot","entities":[{"type":"bot_command","offset":0,"length":12}]"#

    @Test("a command points at whose message it replies to, but not at the bot, and at nobody whom Telegram hides")
    func replies() throws {
        func reply(_ members: String) throws -> [PersonReference]? {
            try Self.references(#"\#(Self.command),"reply_to_message":{"message_id":3,"text":"hi",\#(members)}"#)
        }
        let bob = #""from":{"id":8,"is_bot":false,"first_name":"Bob"}"#
        #expect(try Self.references(Self.command) == nil)
        #expect(try reply(bob) == [PersonReference(entry: "telegram:8", name: "Bob")])
        #expect(try reply(#""from":{"id":110,"is_bot":true,"first_name":"MyBot"}"#) == nil)
        #expect(
            try reply(#""from":{"id":9,"is_bot":true,"first_name":"Other"}"#)
                == [PersonReference(entry: nil, name: "")])
        let hidden =
            #""from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"sender_chat":\#(UpdateDecoderTests.group)"#
        #expect(try reply(hidden) == [PersonReference(entry: nil, name: "")])
    }

    @Test("a command points at who is mentioned by their id, whose name is no word of it")
    func mentions() throws {
        let text = #""text":"/allow admin","entities":[{"type":"bot_command","offset":0,"length":6}"#
        let person =
            #"{"type":"text_mention","offset":7,"length":5,"user":{"id":8,"is_bot":false,"first_name":"admin"}}"#
        let event = try #require(try UpdateDecoderTests.event(chat: UpdateDecoderTests.group, "\(text),\(person)]"))
        #expect(event.references == [PersonReference(entry: "telegram:8", name: "admin")])
        #expect(event.body == .command(name: "allow", arguments: "@admin"))
        let plain = try #require(try UpdateDecoderTests.event(chat: UpdateDecoderTests.group, "\(text)]"))
        #expect(plain.references == nil)
        #expect(plain.body == .command(name: "allow", arguments: "admin"))
    }

    @Test("an ordinary message points at nobody")
    func ordinary() throws {
        let reply =
            #""reply_to_message":{"message_id":3,"text":"hi","from":{"id":8,"is_bot":false,"first_name":"Bob"}}"#
        #expect(try Self.references(#""text":"hello",\#(reply)"#) == nil)
    }

    private static let crew = ChatScope.shared(space: "telegram:chat:-100123", title: "Crew")

    @Test("who administers a group is asked of Telegram; who writes as the group does")
    func administrators() async throws {
        try await TelegramRig.run { rig in
            rig.fake.group(-100_123)
            rig.fake.promote(7, in: -100_123)
            func administers(_ id: String, _ scope: ChatScope = Self.crew) async throws -> Bool {
                try await rig.platform.administers(Speaker(id: id, name: ""), scope)
            }
            let isManager = try await administers("7")
            #expect(isManager)
            #expect(try await administers("8") == false)
            #expect(rig.fake.requests("getChatMember").count == 2)
            #expect(try await administers("-100123"))
            #expect(try await administers("-100999") == false)
            #expect(try await administers("7", .direct) == false)
            #expect(rig.fake.requests("getChatMember").count == 2)
            rig.fake.fail("getChatMember", .error(500, "Internal Server Error"))
            await #expect(throws: DeliveryError.self) { try await administers("7") }
            #expect(rig.fake.violations == [])
        }
    }

    @Test func theLinkOpensTheBotWithACode() async throws {
        try await TelegramRig.run { rig in
            _ = try await rig.platform.waitForIdentity()
            #expect(rig.platform.startLink(with: "abc") == "https://t.me/rig_bot?start=abc")
        }
    }
}
