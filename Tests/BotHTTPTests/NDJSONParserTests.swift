import BotHTTP
import Testing

struct NDJSONParserTests {
    static let fixtures: [(text: String, lines: [String])] = [
        ("", []),
        ("{}\n", ["{}"]),
        ("{\"a\":1}\n{\"b\":\"ž\"}\r\n{\"c\":3}", ["{\"a\":1}", "{\"b\":\"ž\"}", "{\"c\":3}"]),
        ("\n\r\n  \n1\n\n2\n", ["1", "2"]),
        ("{\"a\":\"\r\"}\n", ["{\"a\":\"\r\"}"]),
        ("1\r", ["1"]),
    ]

    @Test(arguments: fixtures)
    func splitsEachFixtureInEveryTwoPieces(text: String, lines: [String]) throws {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var parser = NDJSONParser()
            var found = try parser.feed(Array(bytes[..<cut]))
            found += try parser.feed(Array(bytes[cut...]))
            found += try parser.finish()
            #expect(found.map { String(decoding: $0, as: UTF8.self) } == lines, "cut at \(cut)")
        }
    }

    @Test(arguments: ["12345", "12345\n", "1\n12345\r\n"], [1, 2, 100])
    func refusesALongLine(text: String, pieceSize: Int) throws {
        let bytes = Array(text.utf8)
        func read(limit: Int) throws {
            var parser = NDJSONParser(maxLineBytes: limit)
            for start in stride(from: 0, to: bytes.count, by: pieceSize) {
                _ = try parser.feed(Array(bytes[start..<min(start + pieceSize, bytes.count)]))
            }
            _ = try parser.finish()
        }
        try read(limit: 5)
        #expect(throws: StreamFormatError.lineTooLong(limit: 4)) { try read(limit: 4) }
    }

    @Test func refusesALineThatDoesNotEnd() {
        var parser = NDJSONParser(maxLineBytes: 4)
        #expect(throws: StreamFormatError.lineTooLong(limit: 4)) { _ = try parser.feed(Array("123456".utf8)) }
    }
}
