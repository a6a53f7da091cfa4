import BotCore
import Foundation
import Testing

@testable import BotDiscord

/// Which messages in threads, and with the bot's role, are for the bot.
struct AddressingTests {
    private static let message =
        #""id":"9","channel_id":"5","guild_id":"3","type":0,"author":{"id":"42","username":"ada"}"#

    private func read<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    private func decoder(channels: Set<String> = ["60"], followsOwnThreads: Bool = true) -> EventDecoder {
        var decoder = EventDecoder(commands: ["reset"], hearsEverything: false)
        (decoder.channels, decoder.followsOwnThreads) = (channels, followsOwnThreads)
        return decoder
    }

    @Test(
        "D27, D28: in a thread a message is for the bot by the thread's channel or its maker",
        arguments: [
            // Of a chosen channel or forum.
            (#"{"id":"5","type":11,"parent_id":"60","owner_id":"42"}"#, true, true),
            (#"{"id":"5","type":12,"parent_id":"60"}"#, false, true),
            // Of the bot.
            (#"{"id":"5","type":11,"parent_id":"61","owner_id":"100"}"#, true, true),
            (#"{"id":"5","type":11,"parent_id":"61","owner_id":"100"}"#, false, false),
            // Of others.
            (#"{"id":"5","type":10,"parent_id":"61","owner_id":"42"}"#, true, false), (nil, true, false),
        ] as [(String?, Bool, Bool)])
    func threads(_ json: String?, followsOwnThreads: Bool, isForBot: Bool) throws {
        var message = try read(DiscordMessage.self, #"{\#(Self.message),"content":"and in Swift?"}"#)
        message.thread = try json.map { try read(DiscordThread.self, $0) }
        let decoder = decoder(followsOwnThreads: followsOwnThreads)
        #expect(decoder.takes(message, me: "100") == isForBot)
        #expect(decoder.isAddressed(message, me: "100") == isForBot)
    }

    @Test(
        "D28: a channel in a category is no thread",
        arguments: [
            #"{"id":"5","type":0,"parent_id":"60"}"#, #"{"id":"5","type":11}"#, #"{"type":11,"parent_id":"60"}"#,
        ])
    func noThreads(_ json: String) {
        #expect(throws: (any Error).self) { try read(DiscordThread.self, json) }
    }

    @Test(
        "D28: a thread is asked for only where it decides",
        arguments: [
            (#""content":"hi""#, true), (#""content":"hi","channel_type":11"#, true),
            (#""content":"","attachments":[{}]"#, true), (#""content":"hi","channel_type":0"#, false),
            (#""content":"""#, false), (#""content":"hi","webhook_id":"1""#, false),
            (#""content":"hi","mentions":[{"id":"100"}]"#, false),
            (#""content":"hi","referenced_message":{"author":{"id":"100"}}"#, false),
        ])
    func asksForThreads(_ more: String, asks: Bool) throws {
        let message = try read(DiscordMessage.self, "{\(Self.message),\(more)}")
        #expect(decoder().dependsOnThread(message, me: "100") == asks)
        #expect(decoder(followsOwnThreads: false).dependsOnThread(message, me: "100") == asks)
        #expect(!decoder(channels: [], followsOwnThreads: false).dependsOnThread(message, me: "100"))
        #expect(!decoder(channels: ["5"]).dependsOnThread(message, me: "100"))
    }

    @Test(
        "D27: a mention of the bot's own role is a mention of the bot, one of another role is none",
        arguments: [
            (#""mention_roles":["77"],"content":"<@&77> hi""#, .message(InboundMessage(text: "hi"))),
            (#""mention_roles":["8","77"],"content":"<@&77> /reset""#, .command(name: "reset", arguments: "")),
            (#""mention_roles":["77"],"content":"<@&77>""#, .message(InboundMessage(text: "@mybot"))),
            (#""mention_roles":["77"],"content":"""#, .unreadable(kind: InboundEvent.roleMention)),
            (#""mention_roles":["8"],"content":"<@&8> hi""#, nil), (#""mention_roles":["8"],"content":"""#, nil),
            (#""content":"<@&77> typed by hand""#, nil), (#""mention_roles":null,"content":"hi""#, nil),
        ] as [(String, InboundEvent.Body?)])
    func roles(_ more: String, _ expected: InboundEvent.Body?) throws {
        var message = try read(DiscordMessage.self, "{\(Self.message),\(more)}")
        message.ownRole = try read(DiscordRole.self, #"{"id":"77","name":"mybot","tags":{"bot_id":"100"}}"#)
        let event = decoder().event(from: message, me: "100", title: "Rig", at: Timestamp(rawValue: 0))
        var body = event?.body
        if case .message(var words) = body {
            (words.id, words.sentAt) = (nil, nil)
            body = .message(words)
        }
        #expect(body == expected)
        #expect(event?.isAddressed ?? true)
    }

    @Test("D15, D27: the gateway's events tell roles and threads, and one that cannot be read costs no other")
    func events() throws {
        func dispatch(_ name: String, _ data: String) -> GatewayDispatch? {
            guard
                case .dispatch(_, let dispatch) = GatewayPayload(
                    json: Array(#"{"op":0,"s":1,"t":"\#(name)","d":\#(data)}"#.utf8))
            else { return nil }
            return dispatch
        }
        let (thread, role) = (
            #"{"id":"5","type":11,"parent_id":"60","owner_id":"100"}"#, #"{"id":"77","tags":{"bot_id":"100"}}"#
        )
        let threads = GatewayDispatch.threads([try read(DiscordThread.self, thread)])
        #expect(dispatch("THREAD_CREATE", thread) == threads)
        #expect(dispatch("THREAD_UPDATE", thread) == threads)
        #expect(dispatch("THREAD_LIST_SYNC", #"{"guild_id":"3","threads":[{"id":5},\#(thread)]}"#) == threads)
        #expect(
            dispatch("GUILD_ROLE_UPDATE", #"{"guild_id":"3","role":\#(role)}"#)
                == .role(try read(DiscordRoleChange.self, #"{"guild_id":"3","role":\#(role)}"#)))
        let lists = #""roles":[{"id":1},\#(role),{"id":"78","tags":{}}],"threads":[7,\#(thread)]"#
        guard case .guild(let server) = dispatch("GUILD_CREATE", #"{"id":"3",\#(lists)}"#) else {
            Issue.record("a server was expected")
            return
        }
        #expect(server.roles.map(\.bot) == ["100", nil])
        #expect(server.threads.map(\.owner) == ["100"] && server.name == "")
    }
}
