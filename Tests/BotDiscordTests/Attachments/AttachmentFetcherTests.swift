import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotDiscord

@Suite(.timeLimit(.minutes(5)))
struct AttachmentFetcherTests {
    static let address = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3"

    static func fetcher(_ steps: ScriptedHTTP.Step...) -> (fetcher: AttachmentFetcher, http: ScriptedHTTP, ManualTime) {
        let (http, time) = (ScriptedHTTP(steps), ManualTime())
        return (AttachmentFetcher(http: http, allowsLoopback: false, time: time), http, time)
    }

    @Test(
        "D33: only Discord's own hosts are asked, over https",
        arguments: [
            ("https://cdn.discordapp.com/attachments/1/2/a.png?ex=1", true),
            ("https://MEDIA.discordapp.net:443/attachments/1", true), ("http://cdn.discordapp.com/a", false),
            ("https://cdn.discordapp.com.evil.example/a", false), ("https://user:x@cdn.discordapp.com/a", false),
            ("https://cdn.discordapp.com:8443/a", false), ("https://cdn.discordapp.com\\@evil.example/a", false),
            ("https://example.com/cdn.discordapp.com", false), ("file:///etc/passwd", false), ("", false),
            ("http://127.0.0.1:1/a", false),
        ])
    func knowsItsHosts(address: String, isTaken: Bool) {
        #expect((AttachmentAddress(address, allowLoopback: false) != nil) == isTaken)
    }

    @Test("Loopback is asked only where the REST API is there too")
    func allowsLoopbackInTests() {
        #expect(AttachmentAddress("http://127.0.0.1:1/a", allowLoopback: true) != nil)
        #expect(AttachmentAddress("http://192.168.0.1/a", allowLoopback: true) == nil)
    }

    @Test("D33: an attachment is loaded within the limit, and the token is not sent there")
    func loads() async throws {
        let (fetcher, http, _) = Self.fetcher(.answer(200, "words", []))
        let bytes = try await fetcher.fetch(Self.address, limit: 5)
        #expect(bytes == Array("words".utf8))
        #expect(http.requests.map(\.url) == [Self.address])
        #expect(http.requests.map(\.maxResponseBytes) == [65_536])
        #expect(http.requests.allSatisfy { request in !request.headers.contains { $0.name == "Authorization" } })
    }

    @Test(
        "What cannot heal ends it at once",
        arguments: [
            (.answer(404, "", []), .gone), (.answer(403, "", []), .gone), (.failure(.tooLarge(limit: 5)), .tooLarge),
            (.failure(.cancelled), .cancelled), (.answer(200, "longer", []), .tooLarge),
            (.answer(404, "longer than the file", []), .gone),
        ] as [(ScriptedHTTP.Step, AttachmentError)])
    func endsAtOnce(step: ScriptedHTTP.Step, error: AttachmentError) async {
        let (fetcher, http, _) = Self.fetcher(step)
        await #expect(throws: error) { try await fetcher.fetch(Self.address, limit: 5) }
        #expect(http.requests.count == 1)
    }

    @Test("What fails in passing is tried three times, no sooner than Discord asks")
    func triesAgain() async throws {
        let (fetcher, http, time) = Self.fetcher(
            .failure(.connectionLost("x")), .answer(429, "", [("Retry-After", "7")]), .answer(200, "ok", []))
        async let loaded = fetcher.fetch(Self.address, limit: 5)
        await time.waitForSleepers()
        time.advance(by: .seconds(1))
        await time.waitForSleepers()
        #expect(time.nextWake == .seconds(7))
        time.advance(by: .seconds(7))
        let bytes = try await loaded
        #expect(bytes == Array("ok".utf8))
        #expect(http.requests.count == 3)
        let (patient, _, _) = Self.fetcher(.answer(429, "", [("Retry-After", "60")]))
        await #expect(throws: AttachmentError.unavailable("status 429")) {
            try await patient.fetch(Self.address, limit: 5)
        }
    }

    @Test("An address that is not Discord's is never asked")
    func asksNobodyElse() async {
        let (fetcher, http, _) = Self.fetcher(.answer(200, "x", []))
        await #expect(throws: AttachmentError.self) { try await fetcher.fetch("https://evil.example/a", limit: 5) }
        #expect(http.requests.isEmpty)
    }
}
