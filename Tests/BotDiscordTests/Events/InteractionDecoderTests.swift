import BotCore
import Foundation
import Testing

@testable import BotDiscord

struct InteractionDecoderTests {
    private let now = Timestamp(rawValue: 5000)
    private var decoder = EventDecoder(commands: ["reset", "retry", "search"], hearsEverything: false)

    private static let user = #"{"id":"42","username":"ada"}"#
    private static let inServer = #""guild_id":"3","member":{"user":\#(user),"roles":["8"],"nick":"Countess"}"#
    private static let direct = #""user":\#(user)"#

    private static func json(_ type: Int, _ who: String, _ rest: String) -> String {
        #"{"id":"6","application_id":"2","type":\#(type),"token":"s3cr3t","channel_id":"5",\#(who),\#(rest)}"#
    }

    private func interaction(_ json: String) throws -> DiscordInteraction {
        try JSONDecoder().decode(DiscordInteraction.self, from: Data(json.utf8))
    }

    private func event(_ json: String) throws -> InboundEvent? {
        decoder.event(from: try interaction(json), me: "100", title: "Rig", at: now)
    }

    @Test("D31, D32: a slash command's person, options and answer", arguments: [inServer, direct])
    func slashCommand(_ who: String) throws {
        let data =
            #""data":{"name":"search","type":1,"options":[{"name":"text","type":3,"value":"why"},{"name":"n","type":4,"value":3}]}"#
        let json = Self.json(2, who, data)
        let event = try #require(try event(json))
        let isInServer = who == Self.inServer
        #expect(event.externalID == "i6" && event.speaker.id == "42" && event.isAddressed)
        #expect(event.speaker.roles == (isInServer ? ["8"] : []))
        #expect(event.speaker.name == (isInServer ? "Countess" : "ada"))
        #expect(event.scope == (isInServer ? .shared(space: "discord:guild:3", title: "Rig") : .direct))
        #expect(event.body == .command(name: "search", arguments: "why 3"))
        let address = try #require(DiscordAddress(event.replyAddress)?.interaction)
        #expect(address.token == "s3cr3t" && address.application == "2" && address.acceptedAt == now)
        #expect(address.isPrivate == isInServer)
        #expect("\(try interaction(json))".contains("s3cr3t") == false, "S2: the token is a secret")
    }

    @Test(
        "D31: what the model answers is for everybody in a server, all else for the person",
        arguments: [inServer, direct])
    func privacy(_ who: String) throws {
        for (name, isOpen) in [("ask", true), ("retry", true), ("reset", false), ("search", false)] {
            let interaction = try interaction(Self.json(2, who, #""data":{"name":"\#(name)"}"#))
            #expect(decoder.calling(of: interaction) == .command(isPrivate: who == Self.inServer && !isOpen))
        }
    }

    @Test("D31: who is not let in is told so alone")
    func strangers() throws {
        var decoder = decoder
        decoder.mayAsk = { speaker, scope in
            speaker.id == "42" && speaker.roles == ["9"] && scope == .shared(space: "discord:guild:3", title: "")
        }
        for (role, isPrivate) in [("8", true), ("9", false)] {
            let json = Self.json(2, Self.inServer, #""data":{"name":"ask"}"#)
            let interaction = try interaction(json.replacing("\"8\"", with: "\"\(role)\""))
            #expect(decoder.calling(of: interaction) == .command(isPrivate: isPrivate))
        }
    }

    @Test("D30: /ask is a message like any other")
    func ask() throws {
        let data = #""data":{"name":"ask","options":[{"name":"prompt","type":3,"value":"who am I?"}]}"#
        let event = try #require(try event(Self.json(2, Self.inServer, data)))
        #expect(event.body == .message(InboundMessage(text: "who am I?")))
        #expect(event.conversation.chat == "5")
    }

    @Test(
        "D32: a press names the button, the message and who pressed",
        arguments: [
            (inServer, #""message_reference":{"message_id":"70"}"#, "70"), (inServer, #""flags":0"#, "77"),
            (inServer, #""flags":64"#, nil), (direct, #""message_reference":{"message_id":"70"}"#, nil),
        ])
    func press(_ who: String, _ more: String, _ replyTo: String?) throws {
        let json = Self.json(
            3, who, #""data":{"custom_id":"1r9","component_type":2},"message":{"id":"77",\#(more)}"#)
        let event = try #require(try event(json))
        #expect(event.body == .buttonPressed(ButtonPress(code: "1r9", id: "6", message: "77")))
        #expect(event.externalID == "i6" && event.speaker.id == "42")
        let address = try #require(DiscordAddress(event.replyAddress))
        #expect(address.replyTo == replyTo && address.channel == "5" && address.interaction == nil)
        #expect(address.press?.token == "s3cr3t" && address.press?.isPrivate == (more == #""flags":64"#))
    }

    @Test(
        "D32: what means nothing makes no event",
        arguments: [
            json(1, direct, #""data":{}"#), json(2, direct, #""data":{"name":"dance"}"#),
            json(2, direct, #""data":{"name":"reset","type":3}"#), json(4, direct, #""data":{"name":"reset"}"#),
            json(3, direct, #""data":{"custom_id":"old"},"message":{"id":"1"}"#),
            json(3, direct, #""data":{"custom_id":"1r9"}"#), json(5, direct, #""data":{"custom_id":"1r9"}"#),
            json(99, direct, #""data":{}"#),
        ])
    func nothing(_ json: String) throws {
        #expect(try event(json) == nil)
        #expect(decoder.calling(of: try interaction(json)) == nil)
    }

    @Test("D27: where nothing in servers is answered, interactions there are not either")
    func serversOff() throws {
        var decoder = decoder
        decoder.answersInServers = false
        let data = #""data":{"name":"reset"}"#
        let there = try interaction(Self.json(2, Self.inServer, data))
        #expect(decoder.calling(of: there) == .notHere)
        #expect(decoder.event(from: there, me: "100", title: "", at: now) == nil)
        #expect(decoder.calling(of: try interaction(Self.json(2, Self.direct, data))) == .command(isPrivate: false))
    }

    @Test("An address that an earlier version has stored is read")
    func oldAddress() throws {
        let old = #"{"channel":"5","replyTo":"9"}"#
        #expect(
            DiscordAddress(ReplyAddress(rawValue: old)) == DiscordAddress(channel: "5", replyTo: "9", interaction: nil))
        let interaction =
            #"{"channel":"5","interaction":{"id":"1","token":"t","application":"2","acceptedAt":5000,"isPrivate":true}}"#
        #expect(DiscordAddress(ReplyAddress(rawValue: interaction))?.interaction?.isPrivate == true)
    }
}
