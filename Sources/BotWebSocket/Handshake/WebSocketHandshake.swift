import BotHTTP
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The client's side of the opening handshake (RFC 6455, section 4): bytes out once, then bytes in until the head is whole.
struct WebSocketHandshake {
    /// The most bytes that the response's head may have.
    static let maxHeadBytes = 16 << 10

    /// The upgrade request.
    let request: [UInt8]

    private let key: String
    private let offeredProtocols: [String]
    private var pending: [UInt8] = []

    /// Makes the request.
    ///
    /// - Parameters:
    ///   - key: the random key, 16 bytes in base64; see `makeKey`.
    ///   - headers: further fields of the caller.
    /// - Throws: `.invalidURL` when a field holds a character that no field may.
    init(
        _ address: WebSocketAddress, key: String, headers: [(name: String, value: String)]
    ) throws(HTTPError) {
        let fields =
            [("Host", address.host), ("Upgrade", "websocket"), ("Connection", "Upgrade")]
            + [("Sec-WebSocket-Key", key), ("Sec-WebSocket-Version", "13")] + headers
        var text = "GET \(address.target) HTTP/1.1\r\n"
        for (name, value) in fields {
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .invalidURL("a header field holds a control character")
            }
            text += "\(name): \(value)\r\n"
        }
        self.key = key
        offeredProtocols = Self.values(of: "sec-websocket-protocol", in: headers)
        request = Array((text + "\r\n").utf8)
    }

    /// Makes a key from random bytes.
    static func makeKey(using random: inout some RandomNumberGenerator) -> String {
        NIOWebSocketClientUpgrader.randomRequestKey(using: &random)
    }

    /// Takes bytes of the response.
    ///
    /// - Returns: the bytes after the head, which belong to frames; nil while the head is not whole.
    /// - Throws: `WebSocketError` when the server does not change to WebSocket as it must.
    mutating func receive(_ bytes: [UInt8]) throws(WebSocketError) -> [UInt8]? {
        // The end may straddle two pieces, by three bytes at most.
        let searchStart = max(0, pending.count - 3)
        pending += bytes
        guard let end = pending[searchStart...].firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) else {
            if pending.count > Self.maxHeadBytes { throw .protocolViolation("the response's head is too long") }
            return nil
        }
        if end.upperBound > Self.maxHeadBytes { throw .protocolViolation("the response's head is too long") }
        try check(head: pending[..<end.lowerBound])
        return Array(pending[end.upperBound...])
    }

    private func check(head: ArraySlice<UInt8>) throws(WebSocketError) {
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.removeFirst().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3, let status = Int(words[1])
        else {
            throw .protocolViolation("the answer is not HTTP/1.1")
        }
        guard status == 101 else { throw .refused(status: status) }
        var fields: [(name: String, value: String)] = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), Self.isToken(line[..<colon]) else {
                throw .protocolViolation("the response has a broken header field")
            }
            fields.append((String(line[..<colon]), Self.trimmed(line[line.index(after: colon)...])))
        }
        try check(fields)
    }

    private func check(_ fields: [(name: String, value: String)]) throws(WebSocketError) {
        guard Self.values(of: "upgrade", in: fields).map({ $0.lowercased() }) == ["websocket"] else {
            throw .protocolViolation("the response does not upgrade to websocket")
        }
        guard Self.values(of: "connection", in: fields).contains(where: { $0.lowercased() == "upgrade" }) else {
            throw .protocolViolation("the response's Connection field lacks Upgrade")
        }
        // The upgrader is only asked to compare the accept key, for which it has the hash.
        let upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in
            channel.eventLoop.makeSucceededVoidFuture()
        }
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: HTTPHeaders(fields))
        guard upgrader.shouldAllowUpgrade(upgradeResponse: head) else {
            throw .protocolViolation("the response's accept key does not fit")
        }
        guard Self.values(of: "sec-websocket-extensions", in: fields).isEmpty else {
            throw .protocolViolation("the response uses an extension that was not offered")
        }
        guard Self.values(of: "sec-websocket-protocol", in: fields).allSatisfy(offeredProtocols.contains) else {
            throw .protocolViolation("the response uses a subprotocol that was not offered")
        }
    }

    /// The members of a comma-separated field, over all its lines.
    private static func values(of name: String, in fields: [(name: String, value: String)]) -> [String] {
        fields.filter { $0.name.lowercased() == name }
            .flatMap { $0.value.split(separator: ",") }
            .map { trimmed($0) }
            .filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let start = text.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }

    private static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
