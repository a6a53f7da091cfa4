/// Puts a response's head together from the lines that libcurl hands over one by one.
///
/// Heads of interim responses (1xx) come before the one that counts, and trailers after it: neither is part of it.
struct HeadCollector {
    private var status = 0
    private var fields: [(name: String, value: String)] = []
    private var isComplete = false

    /// Takes one line with its line end; returns the head at the blank line that ends it.
    mutating func feed(_ line: UnsafeBufferPointer<UInt8>) -> HTTPResponseHead? {
        let text = Self.trimmed(line[...])
        if isComplete { return nil }
        if text.starts(with: "HTTP/".utf8) {
            fields = []
            status = Self.status(in: text)
        } else if text.isEmpty {
            guard status >= 200 else { return nil }
            isComplete = true
            return HTTPResponseHead(status: status, headers: HTTPHeaders(fields))
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: text[..<colon], as: UTF8.self)
            let value = String(decoding: Self.trimmed(text[(colon + 1)...]), as: UTF8.self)
            fields.append((name, value))
        }
        return nil
    }

    /// The number in `HTTP/1.1 200 OK` or `HTTP/2 200`; 0 when there is none.
    private static func status(in line: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var status = 0
        for byte in line.drop(while: { $0 != UInt8(ascii: " ") }).dropFirst().prefix(3) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return 0 }
            status = status * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return status
    }

    private static func trimmed(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }
}
