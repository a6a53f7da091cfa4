import BotHTTP
import NIOHTTP1
import NIOWebSocket
import Testing

@testable import BotWebSocket

struct WebSocketHandshakeTests {
    /// The key and its answer of RFC 6455, section 1.3.
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let good =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n"

    private func makeHandshake(
        _ url: String = "wss://gateway.discord.gg/?v=10", headers: [(name: String, value: String)] = []
    ) throws -> WebSocketHandshake {
        try WebSocketHandshake(WebSocketAddress(url), key: Self.key, headers: headers)
    }

    @Test func asksForTheUpgrade() throws {
        let request = try makeHandshake(headers: [("User-Agent", "mybot")]).request
        #expect(
            String(decoding: request, as: UTF8.self) == """
                GET /?v=10 HTTP/1.1\r\nHost: gateway.discord.gg\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nUser-Agent: mybot\r\n\r\n
                """)
    }

    @Test(arguments: [
        ("X\r\nEvil", "1"), ("X", "1\r\nEvil: 2"), ("", "1"), ("X:", "1"), ("X", "1\n"), ("X", "\u{0}"), ("Ü", "1"),
    ])
    func refusesHeadersThatWouldSmuggleOthers(name: String, value: String) {
        #expect(throws: HTTPError.self) { try makeHandshake(headers: [(name, value)]) }
    }

    @Test func makesAKeyOfSixteenRandomBytes() {
        var random = Counter()
        let first = WebSocketHandshake.makeKey(using: &random)
        #expect(first == "AAAAAAAAAAEAAAAAAAAAAg==")
        #expect(WebSocketHandshake.makeKey(using: &random) != first)
    }

    @Test func acceptsTheAnswerAtEveryCut() throws {
        let frames: [UInt8] = [0x81, 0x02, 0x68, 0x69]
        let answer = Array(Self.good.utf8) + frames
        for cut in 0...answer.count {
            var handshake = try makeHandshake()
            var rest: [UInt8] = []
            if let early = try handshake.receive(Array(answer[..<cut])) {
                rest = early + answer[cut...]
            } else {
                rest = try #require(try handshake.receive(Array(answer[cut...])))
            }
            #expect(rest == frames, "cut at \(cut)")
        }
    }

    @Test func acceptsTheAnswerByteByByte() throws {
        var handshake = try makeHandshake()
        let bytes = Array(Self.good.utf8)
        for byte in bytes.dropLast() { #expect(try handshake.receive([byte]) == nil) }
        #expect(try handshake.receive([bytes[bytes.count - 1]]) == [])
    }

    @Test(arguments: [
        good.replacing("Upgrade: websocket", with: "upgrade:WebSocket  "),
        good.replacing("Connection: Upgrade", with: "Connection: keep-alive, UPGRADE"),
        good.replacing("Connection: Upgrade", with: "Connection: keep-alive\r\nConnection: upgrade"),
        good.replacing(" Switching Protocols", with: ""),
        good.replacing(" Switching Protocols", with: " "),
        good.replacing("\r\n\r\n", with: "\r\nServer: a:b\r\nX-Empty:\r\n\r\n"),
    ])
    func acceptsWhatTheRulesAllow(answer: String) throws {
        var handshake = try makeHandshake()
        #expect(try handshake.receive(Array(answer.utf8)) == [])
    }

    @Test(arguments: [
        good.replacing("Upgrade: websocket\r\n", with: ""),
        good.replacing("Upgrade: websocket", with: "Upgrade: h2c"),
        good.replacing("Connection: Upgrade\r\n", with: ""),
        good.replacing("Connection: Upgrade", with: "Connection: close"),
        good.replacing("Sec-WebSocket-Accept: \(accept)\r\n", with: ""),
        good.replacing(accept, with: accept.lowercased()),
        good.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n"),
        good.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
        good.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Protocol: chat\r\n\r\n"),
        good.replacing("\r\n\r\n", with: "\r\nno colon\r\n\r\n"),
        good.replacing("\r\n\r\n", with: "\r\n folded: line\r\n\r\n"),
        "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 101\r\n\r\n", "HTTP/1.1 1O1 x\r\n\r\n", "\r\n\r\n",
    ])
    func refusesAnAnswerThatIsNone(answer: String) throws {
        var handshake = try makeHandshake()
        let error = #expect(throws: WebSocketError.self) { try handshake.receive(Array(answer.utf8)) }
        guard case .protocolViolation = error else {
            Issue.record("not a violation: \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [200, 301, 401, 429, 503]) func reportsTheStatusOfARefusal(status: Int) throws {
        var handshake = try makeHandshake()
        #expect(throws: WebSocketError.refused(status: status)) {
            try handshake.receive(Array("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n".utf8))
        }
    }

    @Test func acceptsASubprotocolThatWasOffered() throws {
        var handshake = try makeHandshake(headers: [("Sec-WebSocket-Protocol", "chat, log")])
        let answer = Self.good.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Protocol: log\r\n\r\n")
        #expect(try handshake.receive(Array(answer.utf8)) == [])
    }

    @Test(arguments: [1, 1000, 20_000]) func refusesAnEndlessHead(pieceSize: Int) throws {
        var handshake = try makeHandshake()
        #expect(throws: WebSocketError.protocolViolation("the response's head is too long")) {
            for _ in 0...(WebSocketHandshake.maxHeadBytes / pieceSize) {
                _ = try handshake.receive([UInt8](repeating: 0x61, count: pieceSize))
            }
        }
    }

    @Test(arguments: [
        ("wss://gateway.discord.gg/?v=10", "https://gateway.discord.gg/", "gateway.discord.gg", "/?v=10"),
        ("wss://gateway.discord.gg", "https://gateway.discord.gg/", "gateway.discord.gg", "/"),
        ("wss://a.test?v=10&encoding=json", "https://a.test/", "a.test", "/?v=10&encoding=json"),
        ("WSS://a.test:443/x", "https://a.test:443/", "a.test", "/x"),
        ("ws://127.0.0.1:8080/a/b#part", "http://127.0.0.1:8080/", "127.0.0.1:8080", "/a/b"),
        ("ws://[::1]:80/", "http://[::1]:80/", "[::1]", "/"),
        ("ws://a.test:443/", "http://a.test:443/", "a.test:443", "/"),
    ])
    func readsAddresses(url: String, connect: String, host: String, target: String) throws {
        let address = try WebSocketAddress(url)
        #expect(address.connectURL == connect)
        #expect(address.host == host)
        #expect(address.target == target)
    }

    @Test(arguments: [
        "", "wss://", "wss:///x", "https://a.test/", "a.test", "wss://user:word@a.test/", "wss://a.test/ x",
        "wss://a.test/\r\nX: 1", "wss://ä.test/", "wss://:80/",
    ])
    func refusesOtherAddresses(url: String) {
        #expect(throws: HTTPError.self) { try WebSocketAddress(url) }
    }
}

/// Gives 1, 2, 3, ...
private struct Counter: RandomNumberGenerator {
    private var last: UInt64 = 0
    mutating func next() -> UInt64 {
        last += 1
        return last
    }
}
