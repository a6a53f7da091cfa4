import BotCore
import Testing

@testable import BotTelegram

/// What the decoder says of messages that belong together, were passed on, or answer others.
struct JoinedUpdateTests {
    private typealias Updates = UpdateDecoderTests

    private static func message(_ rest: String, chat: String? = nil) throws -> InboundMessage? {
        let event = try chat.map { try Updates.event(chat: $0, rest) } ?? Updates.event(rest)
        guard case .message(let message)? = event?.body else { return nil }
        return message
    }

    @Test("T16: a part of an album names it, whether it can be read or not")
    func namesTheAlbum() throws {
        #expect(try Self.message(#""media_group_id":"130","photo":[{}],"caption":"look""#)?.album == "130")
        #expect(
            try Updates.event(#""media_group_id":"130","video":{}"#)?.body == .unreadable(kind: "video", album: "130"))
    }

    @Test(
        "T16: a text that is as long as clients send them may go on in the next message",
        arguments: [
            ("a", 3999, false), ("a", 4000, true), ("a", 4096, true), ("\u{1F600}", 1999, false),
            ("\u{1F600}", 2000, true),
        ])
    func knowsCutTexts(unit: String, count: Int, isCut: Bool) throws {
        let text = String(repeating: unit, count: count)
        #expect(try Self.message(#""text":"\#(text)""#)?.isCut == isCut)
    }

    @Test(
        "T16: a forward brings its origin's name",
        arguments: [
            (
                #"{"type":"user","date":1,"sender_user":{"id":4,"is_bot":false,"first_name":"Eve","last_name":"X"}}"#,
                "Eve X"
            ),
            (#"{"type":"hidden_user","date":1,"sender_user_name":"Nobody"}"#, "Nobody"),
            (#"{"type":"chat","date":1,"sender_chat":{"id":-1,"type":"group","title":"Crew"}}"#, "Crew"),
            (#"{"type":"channel","date":1,"chat":{"id":-1,"type":"channel","title":"News"},"message_id":3}"#, "News"),
            (#"{"type":"of the future","date":1}"#, ""), (#"{"type":"user","sender_user":17}"#, ""),
        ])
    func readsForwards(origin: String, name: String) throws {
        let message = try #require(try Self.message(#""text":"psst","forward_origin":\#(origin)"#))
        #expect(message.forwardedFrom == name)
        #expect(message.text == "psst")
    }

    @Test("T20: a command that was passed on is not carried out, and calls nobody in a group")
    func forwardsGiveNoOrders() throws {
        let origin = #""forward_origin":{"type":"hidden_user","date":1,"sender_user_name":"Eve"}"#
        let command = #""text":"/reset","entities":[{"type":"bot_command","offset":0,"length":6}],\#(origin)"#
        #expect(try Self.message(command)?.text == "/reset")
        let others = #""text":"/reset@Other","entities":[{"type":"bot_command","offset":0,"length":12}],\#(origin)"#
        #expect(try Self.message(others)?.text == "/reset@Other")
        let mention = #""text":"@mybot hi","entities":[{"type":"mention","offset":0,"length":6}],\#(origin)"#
        #expect(try Updates.event(chat: Updates.group, mention)?.isAddressed == false)
    }

    @Test("T20: a caption can be a command")
    func readsCommandsInCaptions() throws {
        let rest =
            #""photo":[{}],"caption":"/ReSet now","caption_entities":[{"type":"bot_command","offset":0,"length":6}]"#
        #expect(try Updates.event(rest)?.body == .command(name: "reset", arguments: "now"))
    }

    @Test("A reply to something that is no text names it")
    func namesWhatIsRepliedTo() throws {
        let photo =
            #""text":"who?","reply_to_message":{"message_id":4,"from":{"id":43,"is_bot":false,"first_name":"Bob"},"photo":[{}]"#
        #expect(try Self.message(photo + "}")?.quoted == .init(speaker: "Bob", text: "", medium: "photo"))
        #expect(
            try Self.message(photo + #","caption":"us"}"#)?.quoted
                == .init(speaker: "Bob", text: "us", medium: "photo"))
    }

    @Test("The bot's own answer is told as such, and a chosen part of it as any quote")
    func quotesThePartOfOurs() throws {
        let ours = #""text":"why?","reply_to_message":{"message_id":4,"from":{"id":110,"is_bot":true},"text":"It is."}"#
        let whole = try #require(try Self.message(ours)?.quoted)
        #expect((whole.text, whole.ownMessage) == ("It is.", "4"))
        let part = try #require(try Self.message(ours + #","quote":{"text":"is","position":3}"#)?.quoted)
        #expect((part.text, part.ownMessage) == ("is", nil))
    }

    @Test("A reply to a message of another chat brings the part that was chosen")
    func quotesOtherChats() throws {
        let origin = #"{"type":"channel","date":1,"chat":{"id":-1,"type":"channel","title":"News"},"message_id":3}"#
        let reply = #""text":"true?","external_reply":{"origin":\#(origin)},"quote":{"text":"It rains.","position":0}"#
        #expect(try Self.message(reply)?.quoted == .init(speaker: "News", text: "It rains."))
    }
}
