import BotHTTP
import Testing

struct ServerSentEventParserTests {
    struct Fixture: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let events: [ServerSentEvent]
    }

    static let fixtures = [
        Fixture(
            testDescription: "LF", text: "data: a\n\ndata: b\n\n",
            events: [ServerSentEvent(data: "a"), ServerSentEvent(data: "b")]),
        Fixture(
            testDescription: "CRLF", text: "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n",
            events: [ServerSentEvent(data: "a\nb"), ServerSentEvent(data: "c")]),
        Fixture(
            testDescription: "CR", text: "data: a\r\rdata: b\r\r",
            events: [ServerSentEvent(data: "a"), ServerSentEvent(data: "b")]),
        Fixture(
            testDescription: "mixed ends", text: "data: a\rdata: b\ndata: c\r\n\n",
            events: [ServerSentEvent(data: "a\nb\nc")]),
        Fixture(
            testDescription: "byte order mark, once", text: "\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n",
            events: [ServerSentEvent(data: "a")]),
        Fixture(
            testDescription: "comments", text: ": hello\n:\ndata: a\n: ping\ndata: b\n\n:\n\n",
            events: [ServerSentEvent(data: "a\nb")]),
        Fixture(
            testDescription: "one space only is cut", text: "data:a\n\ndata:  b\n\ndata:\tc\n\n",
            events: [ServerSentEvent(data: "a"), ServerSentEvent(data: " b"), ServerSentEvent(data: "\tc")]),
        Fixture(
            testDescription: "empty data", text: "data\n\ndata\ndata\n\ndata:\n\ndata:",
            events: [ServerSentEvent(data: ""), ServerSentEvent(data: "\n"), ServerSentEvent(data: "")]),
        Fixture(
            testDescription: "event type, for one event", text: "event: delta\ndata: a\n\ndata: b\n\n",
            events: [ServerSentEvent(event: "delta", data: "a"), ServerSentEvent(data: "b")]),
        Fixture(
            testDescription: "event type without data is dropped", text: "event: delta\n\ndata: a\n\n",
            events: [ServerSentEvent(data: "a")]),
        Fixture(
            testDescription: "id lasts until it is changed",
            text: "id: 1\ndata: a\n\ndata: b\n\nid: x\u{0}y\ndata: c\n\nid\ndata: d\n\n",
            events: [
                ServerSentEvent(data: "a", id: "1"), ServerSentEvent(data: "b", id: "1"),
                ServerSentEvent(data: "c", id: "1"), ServerSentEvent(data: "d", id: ""),
            ]),
        Fixture(
            testDescription: "unknown fields and case", text: "Data: x\nfoo: y\n data: z\ndata: a\n\n",
            events: [ServerSentEvent(data: "a")]),
        Fixture(
            testDescription: "characters of several bytes", text: "data: žluťoučký 🐎 漢字\n\n",
            events: [ServerSentEvent(data: "žluťoučký 🐎 漢字")]),
        Fixture(testDescription: "unfinished", text: "data: a\n\ndata: b\n", events: [ServerSentEvent(data: "a")]),
        Fixture(testDescription: "nothing", text: "", events: []),
    ]

    @Test(arguments: fixtures)
    func readsEachFixtureInEveryTwoPieces(fixture: Fixture) throws {
        let bytes = Array(fixture.text.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser()
            var events = try parser.feed(Array(bytes[..<cut]))
            events += try parser.feed(Array(bytes[cut...]))
            events += parser.finish()
            #expect(events == fixture.events, "cut at \(cut)")
        }
    }

    @Test(arguments: fixtures)
    func readsEachFixtureByteByByte(fixture: Fixture) throws {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for byte in fixture.text.utf8 { events += try parser.feed([byte]) }
        #expect(events + parser.finish() == fixture.events)
    }

    @Test func doesNotHoldAnEventBackForALineFeed() throws {
        var parser = ServerSentEventParser()
        #expect(try parser.feed(Array("data: a\r\r".utf8)) == [ServerSentEvent(data: "a")])
        #expect(try parser.feed(Array("\ndata: b\r\n\r".utf8)) == [ServerSentEvent(data: "b")])
    }

    @Test(arguments: [
        ("retry: 1500\n", Duration.milliseconds(1500)), ("retry: 1e3\n", nil), ("retry: -1\n", nil), ("retry:\n", nil),
        ("retry: 99999999999999999999\n", nil),
    ])
    func readsRetry(text: String, retry: Duration?) throws {
        var parser = ServerSentEventParser()
        _ = try parser.feed(Array(text.utf8))
        #expect(parser.retry == retry)
    }

    @Test func replacesWhatIsNoUTF8() throws {
        var parser = ServerSentEventParser()
        let events = try parser.feed(Array("data: a".utf8) + [0xFF] + Array("b\n\n".utf8))
        #expect(events == [ServerSentEvent(data: "a\u{FFFD}b")])
    }

    @Test(arguments: [1, 3, 100])
    func refusesALongLine(pieceSize: Int) throws {
        let text = Array("data: 1234\n\n".utf8)
        #expect(try feed(text, in: pieceSize, maxLineBytes: 10, maxEventBytes: 100) == [ServerSentEvent(data: "1234")])
        #expect(throws: StreamFormatError.lineTooLong(limit: 10)) {
            try feed(Array("data: a\n\ndata: 12345678\n\n".utf8), in: pieceSize, maxLineBytes: 10, maxEventBytes: 100)
        }
    }

    @Test(arguments: [1, 3, 100])
    func refusesALargeEvent(pieceSize: Int) throws {
        let text = Array("data: 1234\ndata: 5678\n\n".utf8)
        let whole = try feed(text, in: pieceSize, maxLineBytes: 10, maxEventBytes: 9)
        #expect(whole == [ServerSentEvent(data: "1234\n5678")])
        #expect(throws: StreamFormatError.eventTooLarge(limit: 8)) {
            try feed(text, in: pieceSize, maxLineBytes: 10, maxEventBytes: 8)
        }
    }

    @discardableResult
    private func feed(
        _ bytes: [UInt8], in pieceSize: Int, maxLineBytes: Int, maxEventBytes: Int
    ) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser(maxLineBytes: maxLineBytes, maxEventBytes: maxEventBytes)
        var events: [ServerSentEvent] = []
        for start in stride(from: 0, to: bytes.count, by: pieceSize) {
            events += try parser.feed(Array(bytes[start..<min(start + pieceSize, bytes.count)]))
        }
        return events + parser.finish()
    }
}
