import BotCore
import Foundation
import Testing

@testable import BotDiscord

struct EventDecoderTests {
    private let now = Timestamp(rawValue: 1_790_000_000_000)

    private func event(_ json: String, hearsEverything: Bool = false) throws -> InboundEvent? {
        let message = try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
        let decoder = EventDecoder(commands: ["reset", "retry"], hearsEverything: hearsEverything)
        return decoder.event(from: message, me: "100", title: "Rig", at: now)
    }

    @Test("D27: in the channels that the owner has chosen every message is for the bot, in others it is not")
    func answersInChosenChannels() throws {
        func event(_ json: String, in channels: Set<String>) throws -> InboundEvent? {
            let message = try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
            var decoder = EventDecoder(commands: ["reset"], hearsEverything: false)
            decoder.channels = channels
            return decoder.event(from: message, me: "100", title: "Rig", at: now)
        }
        let question = #"{\#(Self.server),"content":"hello all"}"#
        #expect(try event(question, in: ["5"])?.isAddressed == true)
        #expect(
            try event(question, in: ["5"])?.body
                == .message(InboundMessage(id: "9", text: "hello all", sentAt: Self.moment)))
        #expect(try event(question, in: ["6"]) == nil)
        // What Discord hides is not taken for an empty question.
        #expect(try event(#"{\#(Self.server),"content":""}"#, in: ["5"]) == nil)
        // Talk of other bots is none of its business.
        let robot = question.replacing(#""username":"ada""#, with: #""username":"ada","bot":true"#)
        #expect(try event(robot, in: ["5"]) == nil)
    }

    @Test(
        "D21: a text of nearly the longest length may be a piece of a longer one",
        arguments: [(1899, false), (1900, true)])
    func piecesOfLongTexts(length: Int, isCut: Bool) throws {
        let text = String(repeating: "\u{1F600}", count: length)
        guard case .message(let message) = try event(#"{\#(Self.direct),"content":"\#(text)"}"#)?.body else {
            throw ExpectedMessage()
        }
        #expect(message.isCut == isCut)
        #expect(message.text == text)
    }

    private struct ExpectedMessage: Error {}

    /// The moment of the message's id.
    private static let moment = Timestamp(rawValue: 1_420_070_400_000)

    private static let ada = #""author":{"id":"42","username":"ada","global_name":"Ada"}"#
    private static let direct = #""id":"9","channel_id":"5","type":0,\#(ada)"#
    private static let server = direct + #","guild_id":"3","member":{"nick":"Countess","roles":["8"]}"#
    private static let me = #""mentions":[{"id":"100","username":"mybot"}]"#

    @Test(
        "D27: what a message says",
        arguments: [
            (#"{\#(direct),"content":" hello "}"#, .message(InboundMessage(text: "hello"))),
            (#"{\#(direct),"content":"/reset now"}"#, .command(name: "reset", arguments: "now")),
            (#"{\#(direct),"content":"/Retry  a  b "}"#, .command(name: "retry", arguments: "a  b")),
            (#"{\#(direct),"content":"/ask  a  b "}"#, .message(InboundMessage(text: "a  b"))),
            (#"{\#(direct),"content":"/ask"}"#, .message(InboundMessage(text: "/ask"))),
            (#"{\#(direct),"content":"/unknown x"}"#, .message(InboundMessage(text: "/unknown x"))),
            (#"{\#(server),\#(me),"content":"<@100> hi"}"#, .message(InboundMessage(text: "hi"))),
            (#"{\#(server),\#(me),"content":"hi <@!100> you"}"#, .message(InboundMessage(text: "hi you"))),
            (#"{\#(server),\#(me),"content":"<@100>"}"#, .message(InboundMessage(text: "@mybot"))),
            (#"{\#(server),\#(me),"content":"<@100> /reset"}"#, .command(name: "reset", arguments: "")),
            (
                #"{\#(server),"mentions":[{"id":"100"},{"id":"43","username":"bo<b>b"}],"content":"<@100> ask <@43>"}"#,
                .message(InboundMessage(text: "ask @bobb"))
            ),
            (#"{\#(direct),"content":"","attachments":[{"content_type":"image/png"}]}"#, .unreadable(kind: "image")),
            (
                #"{\#(direct),"content":"","attachments":[{"content_type":"audio/ogg"}]}"#,
                .unreadable(kind: "voice message")
            ),
            (#"{\#(direct),"content":"","attachments":[{}]}"#, .unreadable(kind: "file")),
            (#"{\#(direct),"content":"","sticker_items":[{"id":"1"}]}"#, .unreadable(kind: "sticker")),
            (#"{\#(direct),"content":"","message_snapshots":[{}]}"#, .unreadable(kind: "forwarded message")),
            (
                #"{\#(direct),"content":"","message_snapshots":[{"message":{"content":"A long story","attachments":[{"filename":"n.txt","url":"u"},{"filename":"a.mp3","content_type":"audio/mpeg"}]}}]}"#,
                .message(
                    InboundMessage(
                        text: "A long story", forwardedFrom: "",
                        attachments: [
                            BotCore.Attachment(kind: .file, reference: .init(rawValue: "u"), fileName: "n.txt")
                        ], unreadable: ["voice message"]))
            ),
            (
                #"{\#(direct),"content":"look","attachments":[{"content_type":"image/png"}]}"#,
                .message(InboundMessage(text: "look", unreadable: ["image"]))
            ),
            (
                #"{\#(server),\#(me),"content":"<@100>","attachments":[{"content_type":"image/png","filename":"a.png","size":7,"url":"https://x/y"},{"filename":"b.pdf","url":"z"}]}"#,
                .message(
                    InboundMessage(
                        text: "",
                        attachments: [
                            BotCore.Attachment(
                                kind: .file, reference: .init(rawValue: "https://x/y"), fileName: "a.png",
                                mediaType: "image/png", byteCount: 7)
                        ], unreadable: ["PDF file"]))
            ),
            (
                #"{\#(direct),"content":"where?","type":19,"referenced_message":{"author":{"id":"7","username":"eve"},"content":"","attachments":[{"filename":"n.txt","url":"u"}]}}"#,
                .message(
                    InboundMessage(
                        text: "where?",
                        quoted: .init(
                            speaker: "eve", text: "",
                            attachments: [
                                BotCore.Attachment(kind: .file, reference: .init(rawValue: "u"), fileName: "n.txt")
                            ]))
                )
            ),
            (
                #"{\#(direct),"content":"true?","type":19,"referenced_message":{"author":{"id":"7","username":"eve"},"content":"Hm"}}"#,
                .message(InboundMessage(text: "true?", quoted: .init(speaker: "eve", text: "Hm")))
            ),
            (
                #"{\#(server),"content":"and?","type":19,"referenced_message":{"id":"8","author":{"id":"100","username":"mybot"},"content":"Hm"}}"#,
                .message(InboundMessage(text: "and?", quoted: .init(speaker: "mybot", text: "Hm", ownMessage: "8")))
            ),
            (
                #"{\#(direct),"content":"and?","type":19,"referenced_message":{"id":null,"author":{"id":"100"},"content":"Hm"}}"#,
                .message(InboundMessage(text: "and?", quoted: .init(speaker: "100", text: "Hm")))
            ),
        ] as [(String, InboundEvent.Body)])
    func bodies(_ json: String, _ expected: InboundEvent.Body) throws {
        var body = try event(json)?.body
        if case .message(var message) = body {
            #expect(message.id == "9")
            #expect(message.sentAt == Self.moment)
            (message.id, message.sentAt) = (nil, nil)
            body = .message(message)
        }
        #expect(body == expected)
    }

    @Test(
        "D27: what is not for the bot is ignored",
        arguments: [
            #"{\#(server),"content":"just talking"}"#,
            #"{\#(server),"content":"@everyone hi","mention_everyone":true}"#,
            #"{\#(server),"content":"<@100> typed by hand"}"#,
            #"{\#(direct),"content":"hi","webhook_id":"1"}"#,
            #"{"id":"9","channel_id":"5","type":7,\#(ada),"content":"joined"}"#,
            #"{"id":"9","channel_id":"5","type":0,"author":{"id":"100","username":"me"},"content":"hi"}"#,
            #"{"id":"9","channel_id":"5","type":0,"author":{"id":"8","username":"b","bot":true},"content":"hi"}"#,
        ])
    func ignored(_ json: String) throws {
        #expect(try event(json) == nil)
    }

    @Test("D27: where everything is wanted, what is not for the bot is passed on as such")
    func hearsEverything() throws {
        let event = try #require(try event(#"{\#(Self.server),"content":"talk"}"#, hearsEverything: true))
        #expect(!event.isAddressed)
    }

    @Test("D28: who, where and how to answer")
    func context() throws {
        let event = try #require(try event(#"{\#(Self.server),\#(Self.me),"content":"<@100> hi"}"#))
        #expect(event.externalID == "m9")
        #expect(event.conversation.description == "discord/100/5")
        #expect(event.scope == .shared(space: "discord:guild:3", title: "Rig"))
        #expect(event.speaker == Speaker(id: "42", name: "Countess", roles: ["8"]))
        #expect(DiscordAddress(event.replyAddress) == DiscordAddress(channel: "5", replyTo: "9", interaction: nil))
    }

    @Test("D15: null and odd fields are survived")
    func oddFields() throws {
        let json =
            #"{\#(Self.direct),"content":"hi","member":null,"mentions":"x","attachments":null,"referenced_message":null,"#
            + #""webhook_id":null,"guild_id":null,"new":{"a":1}}"#
        #expect(try event(json)?.body == .message(InboundMessage(id: "9", text: "hi", sentAt: Self.moment)))
    }

    private func edited(_ more: String) throws -> InboundEvent? {
        let json = "{\(Self.server),\(Self.me),\(more)}"
        let message = try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
        let decoder = EventDecoder(commands: ["reset"], hearsEverything: false)
        return decoder.event(fromEdited: message, me: "100", title: "Rig", at: now)
    }

    @Test("D27: an edit is told once, and only where words for the model have changed")
    func edits() throws {
        let time = #""edited_timestamp":"2026-01-01T00:00:00+00:00""#
        let event = try #require(try edited(#""content":"<@100> why?",\#(time)"#))
        #expect(event.body == .edited(InboundMessage(id: "9", text: "why?", sentAt: Self.moment)))
        #expect(event.externalID == "e9/2026-01-01T00:00:00+00:00" && event.conversation.chat == "5")
        #expect(try edited(#""content":"<@100> why?","edited_timestamp":null"#) == nil)
        #expect(try edited(#""content":"<@100> /reset",\#(time)"#) == nil)
    }

    @Test("D27: of what is deleted, that alone is an event which the bot has taken")
    func deletions() throws {
        let json = #"{"ids":["1","2"],"channel_id":"5","guild_id":"3"}"#
        let deletion = try JSONDecoder().decode(DiscordDeletion.self, from: Data(json.utf8))
        let one = #"{"id":"1","channel_id":"5"}"#
        #expect(try JSONDecoder().decode(DiscordDeletion.self, from: Data(one.utf8)).messages == ["1"])
        let decoder = EventDecoder(commands: [], hearsEverything: false)
        let events = decoder.events(from: deletion, of: ["2"], me: "100", mayBeInThread: true, at: now)
        #expect(events.map(\.body) == [.deleted(message: "2"), .deleted(message: "2")])
        #expect(events.map(\.conversation.chat) == ["5", "2"])
        #expect(decoder.events(from: deletion, of: [], me: "100", mayBeInThread: false, at: now).isEmpty)
        var recent = RecentMessages()
        for number in 0...2000 { recent.note("\(number)") }
        #expect(!recent.contains("0") && recent.contains("1") && recent.contains("2000"))
    }

    @Test("D27: what an earlier run has left waiting counts as taken, before all that this run takes")
    func waitingMessages() {
        var recent = RecentMessages(waiting: ["8", "9"])
        #expect(recent.contains("8") && recent.contains("9") && !recent.contains("7"))
        for number in 10...2008 { recent.note("\(number)") }
        #expect(!recent.contains("8") && recent.contains("9") && recent.contains("2008"))
    }
}
