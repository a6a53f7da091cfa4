import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotDiscord

/// Looking for missed messages while the REST API answers late or not at all.
struct SilentAPITests {
    private let time = ManualTime()

    /// What looks channels through, and who fetches for it.
    private struct Rig {
        var catchUp: CatchUp
        let memory: GatewayMemory
        let fetcher: CatchUpFetcher

        /// Begins to look the channel through whose turn it is; nil for none.
        mutating func begin() async -> CatchUpOutcome? {
            guard let request = catchUp.request(me: "100", known: RecentMessages()) else { return nil }
            return await fetcher.carryOut(request) { _ in true }
        }

        /// Looks the channel through whose turn it is.
        mutating func look() async -> [DiscordMessage] {
            guard let outcome = await begin() else { return [] }
            let messages = catchUp.finished(outcome) { _ in false }
            await catchUp.endIfDone()
            return messages
        }
    }

    private func rig(_ http: any HTTPSending, channels: [String], servers: [String] = []) async throws -> Rig {
        let logger = Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() })
        let token = try requireSecret("MTAw.a.b")
        let rest = DiscordREST(
            http: http, baseURL: "https://discord.com/api/v10", token: token, time: time, logger: logger)
        let memory = GatewayMemory(cursors: InMemoryStore(), token: token, shard: .only, logger: logger)
        var catchUp = CatchUp(recentChannels: { _, _ in channels }, memory: memory, time: time, logger: logger)
        await catchUp.begin(seen: Snowflake.first(at: time.now), servers: servers, me: "100")
        return Rig(
            catchUp: catchUp, memory: memory,
            fetcher: CatchUpFetcher(
                messages: MissedMessages(rest: rest, channels: ChannelDirectory(rest: rest), time: time),
                opensThreads: false, time: time))
    }

    private func message(_ id: String, in channel: String) throws -> DiscordMessage {
        let json =
            #"{"id":"\#(id)","channel_id":"\#(channel)","type":0,"author":{"id":"42","username":"ada"},"content":"x"}"#
        return try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
    }

    @Test("D34: while nobody answers, what is written in a channel waits there, and nothing else")
    func oneDeadline() async throws {
        let http = SlowHTTP(time, needs: .seconds(60)) { _ in "[]" }
        var rig = try await rig(http, channels: ["4", "1", "2", "3"])
        for (number, channel) in ["1", "2", "3", "1"].enumerated() {
            let missed = rig.catchUp.before(try message("\(70 + number)", in: channel))
            #expect(missed == nil, "it waits for what was missed there")
        }
        let elsewhere = rig.catchUp.before(try message("80", in: "9"))
        #expect(elsewhere == [])
        #expect(http.paths == [])
        #expect(await rig.look() == [])
        #expect(http.paths == ["/channels/1/messages"], "where somebody writes comes first")
        #expect(time.uptime == .seconds(5))
        #expect(try #require(rig.catchUp.nextMoment) > time.uptime)
        #expect(await rig.begin() == nil)
        // Whoever waited the longest comes last, and what was kept back is there.
        time.advance(by: .seconds(1))
        http.answer(after: .zero)
        var found: [String] = []
        while rig.catchUp.nextMoment != nil { found += await rig.look().map(\.id) }
        #expect(found == ["71", "72", "70", "73"])
        #expect(http.paths.suffix(4) == ["2", "3", "4", "1"].map { "/channels/\($0)/messages" })
    }

    @Test("D34: a refusal is the channel's own: the others are looked through at once")
    func refusal() async throws {
        let http = SlowHTTP(time, needs: .zero) { $0 == "/channels/1/messages" ? nil : "[]" }
        var rig = try await rig(http, channels: ["1", "2"])
        while rig.catchUp.nextMoment != nil {
            #expect(rig.catchUp.nextMoment == .zero)
            _ = await rig.look()
        }
        #expect(http.paths == ["/channels/1/messages", "/channels/2/messages"])
    }

    @Test("D6: a server that does not tell where something was written is waited for a minute")
    func silentServer() async throws {
        var rig = try await rig(SlowHTTP(time, needs: .zero) { _ in "[]" }, channels: [], servers: ["7"])
        await rig.catchUp.endIfDone()
        #expect(rig.catchUp.nextMoment == .seconds(60))
        #expect(await rig.memory.missed() != nil, "an end of the run costs nothing meanwhile")
        time.advance(by: .seconds(60))
        await rig.catchUp.endIfDone()
        #expect(rig.catchUp.nextMoment == nil)
        #expect(await rig.memory.missed() == nil)
    }

    /// Two messages, 200 and 201, in channel 1 and none elsewhere.
    private var twoMessages: SlowHTTP {
        SlowHTTP(time, needs: .zero) { path in
            if !path.hasPrefix("/channels/1") { return "[]" }
            if path == "/channels/1" { return #"{"type":1}"# }
            let items = [200, 201].map {
                #"{"id":"\#($0)","channel_id":"1","type":0,"author":{"id":"42"},"content":"x"}"#
            }
            return "[\(items.joined(separator: ","))]"
        }
    }

    @Test("D6: what is edited or deleted while its channel is looked through is taken as it is then")
    func heedsChanges() async throws {
        var rig = try await rig(twoMessages, channels: ["1"])
        #expect(rig.catchUp.before(try message("202", in: "1")) == nil)
        #expect(rig.catchUp.before(try message("203", in: "1")) == nil)
        let outcome = try #require(await rig.begin())
        #expect(rig.catchUp.nextMoment == nil, "one channel at a time")
        var edited = try message("201", in: "1")
        edited.guild = "as edited"
        rig.catchUp.changed("200", in: "1", to: nil)
        rig.catchUp.changed("201", in: "2", to: nil)
        rig.catchUp.changed("201", in: "1", to: edited)
        rig.catchUp.changed("202", in: "1", to: nil)
        let found = rig.catchUp.finished(outcome) { _ in false }
        #expect(found == [edited, try message("203", in: "1")])
    }

    @Test("D6: what was looked for before the session was lost once more is looked for again, and nothing is let go")
    func startsAgain() async throws {
        var rig = try await rig(twoMessages, channels: ["1"])
        #expect(rig.catchUp.before(try message("199", in: "1")) == nil)
        let outcome = try #require(await rig.begin())
        await rig.catchUp.begin(seen: Snowflake.first(at: time.now), me: "100")
        let early = rig.catchUp.finished(outcome) { _ in false }
        #expect(early == [])
        #expect(rig.catchUp.before(try message("202", in: "1")) == nil)
        #expect(await rig.look().map(\.id) == ["199", "200", "201", "202"])
        #expect(rig.catchUp.nextMoment == nil)
        #expect(rig.catchUp.before(try message("204", in: "1")) == [])
    }

    @Test("D6: what too many messages have pushed out before its channel was looked through is not taken twice")
    func takesNothingTwice() async throws {
        var rig = try await rig(twoMessages, channels: ["1"])
        for number in 201...250 { #expect(rig.catchUp.before(try message("\(number)", in: "1")) == nil) }
        let outcome = try #require(await rig.begin())
        let pushedOut = Set(try #require(rig.catchUp.before(try message("251", in: "1"))).map(\.id))
        #expect(pushedOut.count == 50)
        let found = rig.catchUp.finished(outcome, isKnown: pushedOut.contains)
        #expect(found.map(\.id) == ["200"])
    }

    @Test("D34: one channel takes its deadline at most, and each try gets further")
    func slowMembers() async throws {
        let people = 10
        let http = SlowHTTP(time, needs: .seconds(4)) { path in
            if path.hasPrefix("/guilds/5/members/") { return #"{"roles":["8"]}"# }
            if path == "/channels/1" { return #"{"type":0,"guild_id":"5"}"# }
            let items = (0..<people).map {
                #"{"id":"\#(200 + $0)","channel_id":"1","type":0,"author":{"id":"\#(900 + $0)"},"content":"x"}"#
            }
            return "[\(items.joined(separator: ","))]"
        }
        var rig = try await rig(http, channels: ["1"])
        var found: [DiscordMessage] = []
        var tries = 0
        while let moment = rig.catchUp.nextMoment, tries < 20 {
            time.advance(by: max(.zero, moment - time.uptime))
            let start = time.uptime
            found += await rig.look()
            #expect(time.uptime - start <= MissedMessages.deadline)
            tries += 1
        }
        #expect(found.count == people && found.allSatisfy { $0.member?.roles == ["8"] && $0.guild == "5" })
        #expect(tries > 1)
        #expect(Set(http.paths.filter { $0.contains("members") }).count == people)
    }
}

/// Takes its time over each answer, by the test's clock, and breaks no deadline. Where there is no answer, it refuses.
private final class SlowHTTP: HTTPSending {
    private struct State: Sendable {
        var span: Duration
        var paths: [String] = []
    }

    private let time: ManualTime
    private let state: Lock<State>
    private let body: @Sendable (_ path: String) -> String?

    init(_ time: ManualTime, needs span: Duration, _ body: @escaping @Sendable (_ path: String) -> String?) {
        self.time = time
        self.body = body
        state = Lock(State(span: span))
    }

    /// The requests in order, without their options.
    var paths: [String] { state.withLock { $0.paths } }

    func answer(after span: Duration) { state.withLock { $0.span = span } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let path = request.url.replacing("https://discord.com/api/v10", with: "").prefix { $0 != "?" }
        let span = state.withLock { state in
            state.paths.append(String(path))
            return state.span
        }
        let limit = request.deadlines.firstByte ?? .seconds(3600)
        time.advance(by: min(span, limit))
        if span > limit { throw .timedOut(.firstByte) }
        let body = body(String(path))
        return HTTPResponse(
            head: HTTPResponseHead(status: body == nil ? 403 : 200, headers: HTTPHeaders([])),
            body: Array((body ?? #"{"code":50001}"#).utf8))
    }
}
