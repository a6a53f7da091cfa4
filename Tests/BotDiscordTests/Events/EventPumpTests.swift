import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotDiscord

/// The consumer of the gateway's events, alone.
@Suite(.timeLimit(.minutes(5)))
struct EventPumpTests {
    private static let time = ManualTime()

    /// Answers with nothing, once the gate is open.
    private struct HeldHTTP: HTTPSending {
        let gate: Gate
        let asked = Watchpoint(0)

        func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            asked.change { $0 += 1 }
            do { try await gate.wait() } catch { throw .cancelled }
            return HTTPResponse(head: HTTPResponseHead(status: 200, headers: HTTPHeaders([])), body: Array("[]".utf8))
        }
    }

    private static func pump(
        _ http: HeldHTTP, _ items: BoundedQueue<GatewayShard.Item>, channels: [String],
        answersInServers: Bool = true
    ) throws -> EventPump {
        let logger = Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() })
        let token = try requireSecret("MTAw.a.b")
        let rest = DiscordREST(
            http: http, baseURL: "https://discord.com/api/v10", token: token, time: time, logger: logger)
        let directory = ChannelDirectory(rest: rest)
        let memory = GatewayMemory(cursors: InMemoryStore(), token: token, shard: .only, logger: logger)
        return EventPump(
            items: items,
            decoder: EventDecoder(commands: ["reset"], hearsEverything: false, answersInServers: answersInServers),
            servers: ServerKnowledge(rest: rest, channels: directory, time: time), threads: nil, memory: memory,
            time: time, logger: logger,
            catchUp: CatchUp(recentChannels: { _, _ in channels }, memory: memory, time: time, logger: logger),
            fetcher: CatchUpFetcher(
                messages: MissedMessages(rest: rest, channels: directory, time: time), opensThreads: false, time: time),
            waitingMessages: { _ in [] }, greeted: { _ in })
    }

    private static func message(
        _ id: Int, in channel: String, of guild: String = "null", _ text: String
    ) throws -> GatewayDispatch {
        let json =
            #"{"id":"\#(id)","channel_id":"\#(channel)","guild_id":\#(guild),"type":0,"#
            + #""author":{"id":"42","username":"ada"},"content":"\#(text)"}"#
        return .message(try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8)))
    }

    private static let session = GatewaySession(
        id: "s", seq: 1, resumeURL: "wss://gateway.discord.gg", user: "100", application: "100",
        seen: Snowflake.first(at: time.now))
    private static let ready = GatewayReady(
        session: "s", resumeURL: session.resumeURL, user: "100", application: "100", servers: ["7"])

    private static func reset(_ id: Int, in channel: String) throws -> GatewayDispatch {
        let json =
            #"{"id":"\#(id)","application_id":"100","type":2,"token":"t","channel_id":"\#(channel)","#
            + #""user":{"id":"42","username":"ada"},"data":{"name":"reset","type":1}}"#
        return .interaction(try JSONDecoder().decode(DiscordInteraction.self, from: Data(json.utf8)))
    }

    @Test("D34: while what was missed in a channel is fetched, what is written elsewhere is taken in")
    func fetchesBesideTheEvents() async throws {
        let http = HeldHTTP(gate: Gate(isOpen: false))
        let items = BoundedQueue<GatewayShard.Item>(capacity: 64)
        let intake = RecordingIntake(InMemoryStore())
        let pump = try Self.pump(http, items, channels: ["1"])
        let session = Self.session
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pump.run(into: intake) }
            try await items.push(.dispatch(.ready(Self.ready), session))
            await http.asked.wait { $0 == 1 }
            try await items.push(.dispatch(Self.message(7, in: "1", "kept back"), session))
            // What people say to each other pushes nothing out.
            for id in 8...107 {
                try await items.push(.dispatch(Self.message(id, in: "1", of: #""5""#, "talk"), session))
            }
            try await items.push(.dispatch(Self.message(108, in: "2", "elsewhere"), session))
            let elsewhere = await intake.event(1)
            #expect(elsewhere.body.words == "elsewhere")
            http.gate.set(open: true)
            let kept = await intake.event(2)
            #expect(kept.body.words == "kept back")
            #expect(http.asked.state == 1)
            group.cancelAll()
        }
    }

    @Test("D15: a server that says that it is down keeps its title")
    func keepsTitles() async throws {
        func server(_ members: String) throws -> GatewayDispatch {
            .guild(try JSONDecoder().decode(DiscordServer.self, from: Data(#"{"id":"5",\#(members)}"#.utf8)))
        }
        let mention =
            #"{"id":"7","channel_id":"1","guild_id":"5","type":0,"content":"<@100> hello","#
            + #""mentions":[{"id":"100"}],"author":{"id":"42","username":"ada"}}"#
        let message = try JSONDecoder().decode(DiscordMessage.self, from: Data(mention.utf8))
        let items = BoundedQueue<GatewayShard.Item>(capacity: 64)
        let intake = RecordingIntake(InMemoryStore())
        let pump = try Self.pump(HeldHTTP(gate: Gate(isOpen: true)), items, channels: [])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pump.run(into: intake) }
            try await items.push(.dispatch(server(#""name":"Crew""#), Self.session))
            try await items.push(.dispatch(server(#""unavailable":true"#), Self.session))
            try await items.push(.dispatch(.message(message), Self.session))
            #expect(await intake.event(1).scope == .shared(space: "discord:guild:5", title: "Crew"))
            group.cancelAll()
        }
    }

    @Test("D6: servers are waited for only where the bot answers in servers", arguments: [true, false])
    func awaitsServers(answersInServers: Bool) async throws {
        let items = BoundedQueue<GatewayShard.Item>(capacity: 64)
        let intake = RecordingIntake(InMemoryStore())
        let pump = try Self.pump(
            HeldHTTP(gate: Gate(isOpen: true)), items, channels: [], answersInServers: answersInServers)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pump.run(into: intake) }
            try await items.push(.dispatch(.ready(Self.ready), Self.session))
            try await items.push(.dispatch(Self.message(7, in: "1", "next"), Self.session))
            _ = await intake.event(1)
            #expect(await (pump.memory.missed() != nil) == answersInServers)
            group.cancelAll()
        }
    }

    @Test("D5: where an earlier run has lost its session and ended, servers are waited for as well")
    func awaitsServersForAnEarlierRun() async throws {
        let items = BoundedQueue<GatewayShard.Item>(capacity: 64)
        let intake = RecordingIntake(InMemoryStore())
        let pump = try Self.pump(HeldHTTP(gate: Gate(isOpen: true)), items, channels: [])
        await pump.memory.storeMissed(after: Snowflake.first(at: Self.time.now))
        var session = Self.session
        session.seen = nil
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pump.run(into: intake) }
            try await items.push(.dispatch(.ready(Self.ready), session))
            try await items.push(.dispatch(Self.message(7, in: "1", "next"), session))
            _ = await intake.event(1)
            #expect(await pump.memory.missed() != nil)
            group.cancelAll()
        }
    }

    @Test("Promise 3: what was written before a reset is taken before it, also what is kept back for its place")
    func keepsNothingBeyondAReset() async throws {
        let http = HeldHTTP(gate: Gate(isOpen: false))
        let items = BoundedQueue<GatewayShard.Item>(capacity: 64)
        let intake = RecordingIntake(InMemoryStore())
        let pump = try Self.pump(http, items, channels: ["1", "2"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pump.run(into: intake) }
            try await items.push(.dispatch(.ready(Self.ready), Self.session))
            await http.asked.wait { $0 == 1 }
            try await items.push(.dispatch(Self.message(7, in: "1", "before"), Self.session))
            try await items.push(.dispatch(Self.message(8, in: "2", "elsewhere"), Self.session))
            try await items.push(.dispatch(Self.reset(9, in: "1"), Self.session))
            try await items.push(.dispatch(Self.message(10, in: "1", "after"), Self.session))
            let bodies = [await intake.event(1), await intake.event(2)].map(\.body)
            #expect(bodies.map(\.words) == ["before", nil])
            #expect(bodies.last?.clearsChat == true)
            http.gate.set(open: true)
            let rest = [await intake.event(3), await intake.event(4)].map(\.body.words)
            #expect(Set(rest) == ["after", "elsewhere"])
            group.cancelAll()
        }
    }
}
