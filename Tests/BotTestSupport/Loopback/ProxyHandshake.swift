/// The server's side of a proxy handshake: bytes in, answers out, until the tunnel stands.
struct ProxyHandshake {
    enum Outcome {
        case more
        case refused
        /// Bytes after the handshake belong to the tunnel.
        case tunnel(target: String, rest: [UInt8])
    }

    private let kind: LoopbackProxy.Kind
    private let refuses: Bool
    private var pending: [UInt8] = []
    private var hasGreeted = false

    init(kind: LoopbackProxy.Kind, refuses: Bool) {
        self.kind = kind
        self.refuses = refuses
    }

    mutating func feed(_ bytes: [UInt8]) -> (answer: [UInt8], outcome: Outcome) {
        pending += bytes
        switch kind {
        case .http: return connect()
        case .socks5:
            if hasGreeted { return socksRequest() }
            guard pending.count >= 2, pending.count >= 2 + Int(pending[1]) else { return ([], .more) }
            hasGreeted = true
            pending.removeFirst(2 + Int(pending[1]))
            let request = socksRequest()
            return ([5, 0] + request.answer, request.outcome)
        }
    }

    private func connect() -> (answer: [UInt8], outcome: Outcome) {
        guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return ([], .more) }
        let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count == 3, words[0] == "CONNECT", !refuses else {
            return (Array("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".utf8), .refused)
        }
        return (
            Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8),
            .tunnel(target: String(words[1]), rest: Array(pending[end.upperBound...]))
        )
    }

    private func socksRequest() -> (answer: [UInt8], outcome: Outcome) {
        guard pending.count >= 5 else { return ([], .more) }
        let hostRange: Range<Int>
        switch pending[3] {
        case 1: hostRange = 4..<8
        case 3: hostRange = 5..<5 + Int(pending[4])
        default: return ([5, 8, 0, 1, 0, 0, 0, 0, 0, 0], .refused)
        }
        let end = hostRange.upperBound + 2
        guard pending.count >= end else { return ([], .more) }
        if refuses { return ([5, 2, 0, 1, 0, 0, 0, 0, 0, 0], .refused) }
        let host =
            pending[3] == 3
            ? String(decoding: pending[hostRange], as: UTF8.self)
            : pending[hostRange].map(String.init).joined(separator: ".")
        let port = Int(pending[end - 2]) << 8 | Int(pending[end - 1])
        return ([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], .tunnel(target: "\(host):\(port)", rest: Array(pending[end...])))
    }
}
