import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotDiscord

/// What is asked for to know whether a message is for the bot, and how often.
struct ServerKnowledgeTests {
    private let time = ManualTime()

    private func world(_ http: ScriptedHTTP) throws -> (servers: ServerKnowledge, threads: ThreadPlaces) {
        let logger = Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() })
        let rest = DiscordREST(
            http: http, baseURL: "https://discord.com/api/v10", token: try requireSecret("MTAw.a.b"), time: time,
            logger: logger)
        let channels = ChannelDirectory(rest: rest)
        return (ServerKnowledge(rest: rest, channels: channels, time: time), ThreadPlaces(channels: channels))
    }

    private func knowledge(_ http: ScriptedHTTP) throws -> ServerKnowledge { try world(http).servers }

    private var decoder: EventDecoder {
        var decoder = EventDecoder(commands: [], hearsEverything: false)
        decoder.channels = ["60"]
        return decoder
    }

    private func message(in channel: String, _ more: String = #""content":"hi""#) throws -> DiscordMessage {
        let json =
            #"{"id":"9","channel_id":"\#(channel)","guild_id":"3","author":{"id":"42","username":"ada"},\#(more)}"#
        return try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
    }

    private func isForBot(_ message: DiscordMessage, _ knowledge: ServerKnowledge) async -> Bool {
        let completed = await knowledge.completed(message, for: decoder, me: "100")
        return decoder.takes(completed, me: "100")
    }

    private func paths(_ http: ScriptedHTTP) -> [String] {
        http.requests.map { $0.url.replacing("https://discord.com/api/v10", with: "") }
    }

    @Test("D28: a channel is asked for once, whatever the answer is, and not where the gateway has told the thread")
    func asksOnce() async throws {
        let http = ScriptedHTTP([
            .answer(200, #"{"id":"5","type":11,"parent_id":"60"}"#, []), .answer(200, #"{"id":"6","type":0}"#, []),
            .answer(403, #"{"code":50001}"#, []),
        ])
        let knowledge = try knowledge(http)
        let told = #"{"op":0,"s":1,"t":"THREAD_CREATE","d":{"id":"8","type":11,"parent_id":"60"}}"#
        guard case .dispatch(_, let event) = GatewayPayload(json: Array(told.utf8)) else {
            Issue.record("an event was expected")
            return
        }
        knowledge.note(event, me: "100")
        for _ in 0..<2 {
            for (channel, expected) in [("5", true), ("6", false), ("7", false), ("8", true)] {
                #expect(await isForBot(try message(in: channel), knowledge) == expected)
            }
        }
        #expect(paths(http) == ["/channels/5", "/channels/6", "/channels/7"])
    }

    @Test("D28: where Discord is silent, nothing more is asked for a minute")
    func leavesOff() async throws {
        let http = ScriptedHTTP([
            .failure(.timedOut(.firstByte)), .answer(200, #"{"id":"5","type":11,"parent_id":"60"}"#, []),
        ])
        let knowledge = try knowledge(http)
        #expect(await !isForBot(try message(in: "5"), knowledge))
        #expect(await !isForBot(try message(in: "6"), knowledge))
        #expect(http.requests.map(\.deadlines.firstByte) == [.seconds(2)])
        time.advance(by: .seconds(60))
        #expect(await isForBot(try message(in: "5"), knowledge))
        #expect(paths(http) == ["/channels/5", "/channels/5"])
    }

    @Test("D27: a server that has not told its roles is asked for them once, when one is mentioned")
    func asksForRoles() async throws {
        let http = ScriptedHTTP([
            .answer(200, #"{"id":"3","roles":[{"id":"8"},{"id":"77","tags":{"bot_id":"100"}}]}"#, [])
        ])
        let knowledge = try knowledge(http)
        let channel = #""channel_type":0"#
        for (roles, expected) in [("", false), (#""8""#, false), (#""77""#, true), (#""8""#, false)] {
            let more = #"\#(channel),"content":"hi","mention_roles":[\#(roles)]"#
            #expect(await isForBot(try message(in: "5", more), knowledge) == expected)
        }
        #expect(paths(http) == ["/guilds/3"])
    }

    @Test("D28: whether a thread can be opened is asked once too, of what is not known, and again after a silence")
    func threadPlaces() async throws {
        let http = ScriptedHTTP([
            .answer(200, #"{"id":"5","type":11,"parent_id":"60"}"#, []), .answer(200, #"{"id":"6","type":5}"#, []),
            .failure(.timedOut(.firstByte)), .answer(200, #"{"id":"7","type":0}"#, []),
            .answer(404, #"{"code":10003}"#, []),
        ])
        let (servers, threads) = try world(http)
        #expect(await isForBot(try message(in: "5"), servers))
        for (channel, expected) in [
            ("5", false), ("6", true), ("6", true), ("7", false), ("7", true), ("7", true), ("8", false), ("8", false),
        ] {
            #expect(await threads.contain(try message(in: channel)) == expected)
        }
        for (type, expected) in [(0, true), (2, false), (5, true), (10, false), (11, false), (15, false)] {
            let told = try message(in: "9", #""content":"hi","channel_type":\#(type)"#)
            #expect(await threads.contain(told) == expected)
        }
        // A channel that can have threads is none: nobody asks for that.
        #expect(await !isForBot(try message(in: "6"), servers))
        #expect(paths(http) == ["/channels/5", "/channels/6", "/channels/7", "/channels/7", "/channels/8"])
    }

    @Test(
        "D27: where Discord does not tell the roles or the channel, it stays open whether a message is for the bot",
        arguments: [
            (.answer(200, #"{"id":"3","roles":[{"id":"8"}]}"#, []), .answer(200, #"{"id":"5","type":0}"#, []), false),
            (
                .answer(200, #"{"id":"3","roles":[]}"#, []),
                .answer(200, #"{"id":"5","type":11,"parent_id":"61"}"#, []), false
            ),
            (.answer(200, #"{"id":"3","roles":[]}"#, []), .answer(403, #"{"code":50001}"#, []), true),
            (.answer(403, #"{"code":50001}"#, []), .answer(200, #"{"id":"5","type":0}"#, []), true),
            (.answer(200, #"{"id":"3","roles":[]}"#, []), .failure(.timedOut(.firstByte)), true),
            (.failure(.timedOut(.firstByte)), .answer(200, #"{"id":"5","type":0}"#, []), true),
        ] as [(ScriptedHTTP.Step, ScriptedHTTP.Step, Bool)])
    func leavesOpen(_ roles: ScriptedHTTP.Step, _ channel: ScriptedHTTP.Step, isOpen: Bool) async throws {
        let knowledge = try knowledge(ScriptedHTTP([roles, channel]))
        let told = try message(in: "5", #""content":"hi","mention_roles":["8"]"#)
        let message = await knowledge.completed(told, for: decoder, me: "100")
        #expect(!decoder.takes(message, me: "100"))
        #expect(knowledge.leavesOpen(message, for: decoder, me: "100") == isOpen)
    }
}
