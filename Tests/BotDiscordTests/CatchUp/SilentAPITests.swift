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

    private func catchUp(_ http: any HTTPSending, channels: [String]) async throws -> CatchUp {
        let logger = Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() })
        let token = try requireSecret("MTAw.a.b")
        let rest = DiscordREST(
            http: http, baseURL: "https://discord.com/api/v10", token: token, time: time, logger: logger)
        let memory = GatewayMemory(cursors: InMemoryStore(), token: token, shard: .only, logger: logger)
        var catchUp = CatchUp(
            messages: MissedMessages(rest: rest, channels: ChannelDirectory(rest: rest), time: time),
            recentChannels: { _, _ in channels }, opensThreads: false, memory: memory, time: time, logger: logger)
        await catchUp.begin(seen: Snowflake.first(at: time.now), me: "100")
        return catchUp
    }

    private func message(_ id: String, in channel: String) throws -> DiscordMessage {
        let json =
            #"{"id":"\#(id)","channel_id":"\#(channel)","type":0,"author":{"id":"42","username":"ada"},"content":"x"}"#
        return try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
    }

    @Test("D34: while nobody answers, one request's deadline is all that anything waits for")
    func oneDeadline() async throws {
        let http = SlowHTTP(time, needs: .seconds(60)) { _ in "[]" }
        var catchUp = try await catchUp(http, channels: ["1", "2", "3"])
        for (number, channel) in ["1", "2", "3", "1"].enumerated() {
            let missed = await catchUp.before(
                try message("\(70 + number)", in: channel), isKnown: { _ in false }, isForBot: { _ in true })
            #expect(missed == nil, "it waits for what was missed there")
        }
        let elsewhere = await catchUp.before(
            try message("80", in: "9"), isKnown: { _ in false }, isForBot: { _ in true })
        #expect(elsewhere == [])
        let next = await catchUp.next(isKnown: { _ in false }, isForBot: { _ in true })
        #expect(next == [])
        #expect(http.paths == ["/channels/1/messages"])
        #expect(time.uptime == .seconds(5))
        #expect(try #require(catchUp.nextMoment) > time.uptime)
        // Whoever waited the longest comes last, and what was kept back is there.
        time.advance(by: .seconds(1))
        http.answer(after: .zero)
        var found: [String] = []
        while catchUp.nextMoment != nil {
            found += await catchUp.next(isKnown: { _ in false }, isForBot: { _ in true }).map(\.id)
            await catchUp.stored()
        }
        #expect(found == ["71", "72", "70", "73"])
        #expect(http.paths.suffix(3) == ["/channels/2/messages", "/channels/3/messages", "/channels/1/messages"])
    }

    @Test("D34: a refusal is the channel's own: the others are looked through at once")
    func refusal() async throws {
        let http = SlowHTTP(time, needs: .zero) { $0 == "/channels/1/messages" ? nil : "[]" }
        var catchUp = try await catchUp(http, channels: ["1", "2"])
        while catchUp.nextMoment != nil {
            #expect(catchUp.nextMoment == .zero)
            _ = await catchUp.next(isKnown: { _ in false }, isForBot: { _ in true })
            await catchUp.stored()
        }
        #expect(http.paths == ["/channels/1/messages", "/channels/2/messages"])
    }

    @Test("D34: one channel holds all up for its deadline at most, and each try gets further")
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
        var catchUp = try await catchUp(http, channels: ["1"])
        var found: [DiscordMessage] = []
        var tries = 0
        while let moment = catchUp.nextMoment, tries < 20 {
            time.advance(by: max(.zero, moment - time.uptime))
            let start = time.uptime
            found += await catchUp.next(isKnown: { _ in false }, isForBot: { _ in true })
            #expect(time.uptime - start <= MissedMessages.deadline)
            await catchUp.stored()
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
