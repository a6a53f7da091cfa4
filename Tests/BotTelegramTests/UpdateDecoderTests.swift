import BotCore
import Foundation
import Testing

@testable import BotTelegram

struct UpdateDecoderTests {
    static let decoder = UpdateDecoder(bot: BotIdentity(id: 110, username: "MyBot"))
    static let now = Timestamp(rawValue: 1_790_000_000_000)

    static func read(_ json: String) throws -> [ReceivedUpdate] {
        try JSONDecoder().decode([ReceivedUpdate].self, from: Data(json.utf8))
    }

    /// The event of an update with these members of a message.
    static func event(
        chat: String = #"{"id":42,"type":"private","first_name":"Ada"}"#,
        from: String? = #"{"id":42,"is_bot":false,"first_name":"Ada","last_name":"L","username":"ada"}"#, _ rest: String
    ) throws -> InboundEvent? {
        let sender = from.map { #""from":\#($0),"# } ?? ""
        let json = #"[{"update_id":7,"message":{"message_id":5,"date":1,\#(sender)"chat":\#(chat),\#(rest)}}]"#
        let updates = try read(json)
        return try decoder.event(for: #require(updates.first), at: now)
    }

    /// The message of an update with these words.
    static func message(
        _ text: String, quoted: InboundEvent.Quote? = nil, unreadable: [String] = []
    ) -> InboundMessage {
        InboundMessage(
            id: "5", text: text, quoted: quoted, unreadable: unreadable, sentAt: Timestamp(rawValue: 1000))
    }

    static let group = #"{"id":-100123,"type":"supergroup","title":"Crew"}"#

    @Test("T15: a private message is a direct event of its chat")
    func readsPrivateMessages() throws {
        let event = try #require(try Self.event(#""text":" hello ""#))
        #expect(
            event
                == InboundEvent(
                    externalID: "7",
                    conversation: ConversationKey(platform: .telegram, account: "110", chat: "42"), scope: .direct,
                    isAddressed: true, speaker: Speaker(id: "42", name: "Ada L"), receivedAt: Self.now,
                    replyAddress: TelegramAddress(chat: 42, isPrivate: true).encoded,
                    body: .message(Self.message("hello"))))
    }

    @Test("T8: one bad update does not lose the others, and its kind is known")
    func survivesBadUpdates() throws {
        let updates = try Self.read(
            #"""
            [{"update_id":1,"message":{"message_id":"wrong"}}, 17, {"update_id":3,"brand_new_kind":{"x":[1,{}]}},
             {"update_id":4503599627370496,"message":{"message_id":5,"date":1,"from":{"id":42,"is_bot":false},
              "chat":{"id":42,"type":"private"},"text":"hi","surprise":{"a":null}}}]
            """#)
        #expect(updates.map(\.id) == [1, nil, 3, 4_503_599_627_370_496])
        #expect(updates[0].content == nil)
        #expect(updates[0].kinds == ["message"])
        #expect(updates[2].content == WireUpdate())
        let events = updates.compactMap { Self.decoder.event(for: $0, at: Self.now) }
        #expect(events.map(\.externalID) == ["4503599627370496"])
    }

    @Test(
        "T18: bots, forwards of the channel, offline messages, channels and service messages are no events",
        arguments: [
            (nil, #"{"id":9,"is_bot":true,"first_name":"Other"}"#, #""text":"hi""#),
            (group, #"{"id":110,"is_bot":true,"first_name":"Us"}"#, #""text":"@MyBot hi""#),
            (
                group, #"{"id":777000,"is_bot":false,"first_name":"Telegram"}"#,
                #""is_automatic_forward":true,"text":"/x""#
            ),
            (nil, nil, #""text":"nobody""#),
            (nil, #"{"id":42,"is_bot":false}"#, #""is_from_offline":true,"text":"hi""#),
            (#"{"id":-5,"type":"channel","title":"C"}"#, #"{"id":42,"is_bot":false}"#, #""text":"hi""#),
            (group, #"{"id":42,"is_bot":false}"#, #""new_chat_title":"Crew 2""#),
        ] as [(String?, String?, String)])
    func ignoresOthers(chat: String?, from: String?, rest: String) throws {
        #expect(try Self.event(chat: chat ?? #"{"id":42,"type":"private"}"#, from: from, rest) == nil)
    }

    @Test(
        "T17: an edit of a message for the model is an event, of a command or of what cannot be read it is none",
        arguments: [
            (#""text":"x""#, true), (#""photo":[{}],"caption":"x""#, true), (#""voice":{}"#, false),
            (#""text":"/x","entities":[{"type":"bot_command","offset":0,"length":2}]"#, false),
        ])
    func readsEdits(rest: String, isEvent: Bool) throws {
        let head =
            #""message_id":5,"date":1,"edit_date":2,"chat":{"id":42,"type":"private"},"from":{"id":42,"is_bot":false}"#
        let updates = try Self.read(#"[{"update_id":8,"edited_message":{\#(head),\#(rest)}}]"#)
        let event = Self.decoder.event(for: try #require(updates.first), at: Self.now)
        #expect(event?.externalID == (isEvent ? "8" : nil))
        guard isEvent, case .edited(let message) = event?.body else { return #expect(!isEvent) }
        #expect(message.id == "5")
        #expect(message.text == "x")
    }

    @Test(
        "T19: in groups it is addressed by mention, by reply and by command alone",
        arguments: [
            (#""text":"just talking""#, false),
            (#""text":"@mybot hi","entities":[{"type":"mention","offset":0,"length":6}]"#, true),
            (#""text":"hi @MYBOT","entities":[{"type":"mention","offset":3,"length":6}]"#, true),
            (#""text":"@other hi","entities":[{"type":"mention","offset":0,"length":6}]"#, false),
            (#""text":"@mybot hi""#, false),
            (
                #""text":"Bot hi","entities":[{"type":"text_mention","offset":0,"length":3,"user":{"id":110,"is_bot":true}}]"#,
                true
            ),
            (#""text":"yes","reply_to_message":{"message_id":4,"from":{"id":110,"is_bot":true},"text":"?"}"#, true),
            (#""text":"yes","reply_to_message":{"message_id":4,"from":{"id":43,"is_bot":false},"text":"?"}"#, false),
            (#""text":"/reset","entities":[{"type":"bot_command","offset":0,"length":6}]"#, true),
            (
                #""photo":[{}],"caption":"@mybot look","caption_entities":[{"type":"mention","offset":0,"length":6}]"#,
                true
            ),
        ])
    func knowsWhatIsMeantForIt(rest: String, isAddressed: Bool) throws {
        let event = try #require(try Self.event(chat: Self.group, rest))
        #expect(event.isAddressed == isAddressed)
        #expect(event.scope == .shared(space: "telegram:chat:-100123", title: "Crew"))
        #expect(event.replyAddress == TelegramAddress(chat: -100_123, replyTo: 5, isPrivate: false).encoded)
    }

    @Test(
        "T20: commands are read without case, slash and bot name; those for other bots are dropped",
        arguments: [
            ("/ReSeT@MyBot now please", 12, "reset", "now please"), ("/start abc-123", 6, "start", "abc-123"),
            ("/help", 5, "help", ""), ("/sum\nline one\nline two", 4, "sum", "line one\nline two"),
        ])
    func readsCommands(text: String, length: Int, name: String, arguments: String) throws {
        let json = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        let rest = #""text":\#(json),"entities":[{"type":"bot_command","offset":0,"length":\#(length)}]"#
        #expect(try Self.event(rest)?.body == .command(name: name, arguments: arguments))
    }

    @Test("T20: a command for another bot is dropped, one in the middle is text")
    func leavesOtherCommands() throws {
        let other = #""text":"/reset@OtherBot","entities":[{"type":"bot_command","offset":0,"length":15}]"#
        #expect(try Self.event(chat: Self.group, other) == nil)
        #expect(try Self.event(other) == nil)
        let middle = #""text":"try /reset","entities":[{"type":"bot_command","offset":4,"length":6}]"#
        #expect(try Self.event(middle)?.body == .message(Self.message("try /reset")))
    }

    @Test("T20: an anonymous administrator speaks as the chat")
    func readsAnonymousAdministrators() throws {
        let event = try Self.event(
            chat: Self.group, from: #"{"id":1087968824,"is_bot":true,"first_name":"Group"}"#,
            #""sender_chat":\#(Self.group),"text":"/reset@mybot","entities":[{"type":"bot_command","offset":0,"length":12}]"#
        )
        #expect(event?.speaker == Speaker(id: "-100123", name: "Crew"))
    }

    @Test(
        "T21: entity offsets count UTF-16, and the mention is taken out of the text",
        arguments: [
            ("\u{1F600}\u{1F600} @mybot hi", 5, 6, "\u{1F600}\u{1F600} hi"), ("@mybot hi", 0, 6, "hi"),
            ("@mybot, hi", 0, 6, "hi"), ("hi @mybot", 3, 6, "hi"), ("is @mybot there?", 3, 6, "is there?"),
            ("@mybot", 0, 6, "@mybot"), ("\u{1F600}@mybot hi", 2, 6, "\u{1F600} hi"),
        ])
    func stripsMentions(text: String, offset: Int, length: Int, expected: String) throws {
        let rest = #""text":"\#(text)","entities":[{"type":"mention","offset":\#(offset),"length":\#(length)}]"#
        let event = try #require(try Self.event(chat: Self.group, rest))
        #expect(event.isAddressed)
        #expect(event.body == .message(Self.message(expected)))
    }

    @Test(
        "T21: entities that lie outside the text or cut a character are ignored",
        arguments: [(1, 6), (90, 6), (-1, 3), (5, 600), (5, 0)])
    func ignoresBrokenEntities(offset: Int, length: Int) throws {
        let rest = #""text":"😀😀 @mybot hi","entities":[{"type":"mention","offset":\#(offset),"length":\#(length)}]"#
        #expect(try Self.event(chat: Self.group, rest)?.body == .message(Self.message("😀😀 @mybot hi")))
    }

    @Test("T23: the topic belongs to the conversation only if it is a topic's message")
    func readsTopics() throws {
        let topic = try #require(
            try Self.event(chat: Self.group, #""message_thread_id":9,"is_topic_message":true,"text":"hi""#))
        #expect(topic.conversation.thread == "9")
        #expect(topic.replyAddress == TelegramAddress(chat: -100_123, thread: 9, replyTo: 5, isPrivate: false).encoded)
        let plain = try #require(try Self.event(chat: Self.group, #""message_thread_id":9,"text":"hi""#))
        #expect(plain.conversation.thread == nil)
        #expect(plain.replyAddress == TelegramAddress(chat: -100_123, replyTo: 5, isPrivate: false).encoded)
    }

    @Test("T23: the general topic is the chat itself, and a private chat's topics are conversations like a group's")
    func readsSpecialTopics() throws {
        let general = try #require(
            try Self.event(chat: Self.group, #""message_thread_id":1,"is_topic_message":true,"text":"hi""#))
        #expect(general.conversation.thread == nil)
        #expect(TelegramAddress(general.replyAddress)?.thread == nil)
        let own = try #require(try Self.event(#""message_thread_id":77,"is_topic_message":true,"text":"hi""#))
        #expect(own.conversation.description == "telegram/110/42/77")
        #expect(TelegramAddress(own.replyAddress) == TelegramAddress(chat: 42, thread: 77, isPrivate: true))
    }

    @Test("T23: the message that opened a topic is not what somebody replies to")
    func ignoresTheTopicsFirstMessage() throws {
        let event = try #require(
            try Self.event(
                chat: Self.group,
                #""message_thread_id":9,"is_topic_message":true,"text":"hi","reply_to_message":{"message_id":9,"from":{"id":110,"is_bot":true}}"#
            ))
        #expect(!event.isAddressed)
    }

    @Test("A reply to somebody else brings the quoted text, or the part that was chosen")
    func quotesOthers() throws {
        let reply =
            #""text":"why?","reply_to_message":{"message_id":4,"from":{"id":43,"is_bot":false,"first_name":"Bob"},"text":"It is."}"#
        #expect(
            try Self.event(reply)?.body
                == .message(Self.message("why?", quoted: .init(speaker: "Bob", text: "It is."))))
        #expect(
            try Self.event(reply + #","quote":{"text":"is","position":3}"#)?.body
                == .message(Self.message("why?", quoted: .init(speaker: "Bob", text: "is"))))
    }

    @Test("A reply to the bot quotes it and says so; a part that was chosen is the person's choice, and always told")
    func quotesItself() throws {
        let reply =
            #""text":"why?","reply_to_message":{"message_id":4,"from":{"id":110,"is_bot":true,"first_name":"Bot"},"text":"It is."}"#
        #expect(
            try Self.event(reply)?.body
                == .message(Self.message("why?", quoted: .init(speaker: "Bot", text: "It is.", ownMessage: "4"))))
        #expect(
            try Self.event(reply + #","quote":{"text":"is","position":3}"#)?.body
                == .message(Self.message("why?", quoted: .init(speaker: "Bot", text: "is"))))
    }

    @Test(
        "Being added to a group is an event, leaving is none",
        arguments: [
            ("left", "member", "supergroup", true), ("kicked", "administrator", "group", true),
            ("member", "administrator", "group", false), ("member", "kicked", "group", false),
            ("left", "restricted", "supergroup", false), ("left", "member", "private", false),
        ])
    func noticesGroups(old: String, new: String, type: String, isEvent: Bool) throws {
        let update = try Self.read(
            #"""
            [{"update_id":9,"my_chat_member":{"chat":{"id":-7,"type":"\#(type)","title":"G"},"date":1,
              "from":{"id":42,"is_bot":false,"first_name":"Ada"},"old_chat_member":{"status":"\#(old)"},
              "new_chat_member":{"status":"\#(new)"}}}]
            """#)[0]
        let event = Self.decoder.event(for: update, at: Self.now)
        #expect((event?.body == .broughtIn) == isEvent)
        if isEvent { #expect(event?.speaker == Speaker(id: "42", name: "Ada")) }
    }

    @Test(
        "T25: being shut out of a chat is an event; a group that is only left may have become a supergroup",
        arguments: [
            ("member", "kicked", "private", true), ("member", "kicked", "group", true),
            ("administrator", "left", "supergroup", true), ("restricted", "kicked", "supergroup", false),
            ("member", "left", "group", false), ("kicked", "member", "private", false),
            ("member", "kicked", "channel", false),
        ])
    func noticesBeingShutOut(old: String, new: String, type: String, isEvent: Bool) throws {
        let update = try Self.read(
            #"""
            [{"update_id":9,"my_chat_member":{"chat":{"id":-7,"type":"\#(type)","title":"G"},"date":1,
              "from":{"id":42,"is_bot":false,"first_name":"Ada"},"old_chat_member":{"status":"\#(old)"},
              "new_chat_member":{"status":"\#(new)"}}}]
            """#)[0]
        let event = Self.decoder.event(for: update, at: Self.now)
        #expect((event?.body == .shutOut) == isEvent)
        if isEvent { #expect(event?.conversation.description == "telegram/110/-7") }
    }

    @Test("T24: both chats tell of the move, and neither message is for the model")
    func readsMoves() throws {
        let updates = try Self.read(
            #"""
            [{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":-7,"type":"group","title":"G"},
              "from":{"id":42,"is_bot":false,"first_name":"Ada"},"migrate_to_chat_id":-100123}},
             {"update_id":2,"message":{"message_id":1,"date":1,"chat":{"id":-100123,"type":"supergroup","title":"G"},
              "from":{"id":42,"is_bot":false,"first_name":"Ada"},"migrate_from_chat_id":-7}},
             {"update_id":3,"message":{"message_id":2,"date":1,"chat":{"id":-100123,"type":"supergroup","title":"G"},
              "from":{"id":42,"is_bot":false,"first_name":"Ada"},"text":"hi"}}]
            """#)
        let move = ChatMove("-7", to: "-100123", platform: .telegram, account: "110")
        #expect(updates.map { Self.decoder.move(in: $0) } == [move, move, nil])
        #expect(updates.map { Self.decoder.event(for: $0, at: Self.now) == nil } == [true, true, false])
    }

    @Test("T38: the Stop button names the turn")
    func readsTheStopButton() throws {
        let update = try Self.read(
            #"[{"update_id":9,"stopped_message_generation":{"chat":{"id":42,"type":"private","first_name":"Ada"},"draft_id":77}}]"#
        )[0]
        let event = try #require(Self.decoder.event(for: update, at: Self.now))
        #expect(event.body == .stopPressed(turn: TurnID(77)))
        #expect(event.conversation.description == "telegram/110/42")
        #expect(event.speaker.id == "42")
    }

    @Test("An address can be read back, and another platform's cannot")
    func readsAddressesBack() {
        let address = TelegramAddress(chat: -100_123, thread: 9, replyTo: 5, isPrivate: false)
        #expect(TelegramAddress(address.encoded) == address)
        #expect(TelegramAddress(ReplyAddress(rawValue: "{\"channel\":\"1\"}")) == nil)
        #expect(TelegramAddress(ReplyAddress(rawValue: "nonsense")) == nil)
    }
}
