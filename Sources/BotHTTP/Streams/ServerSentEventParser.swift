/// One event of an event stream.
package struct ServerSentEvent: Sendable, Equatable {
    /// The event's type; `message` when the stream names none.
    package var event: String
    /// The data lines, joined by LF.
    package var data: String
    /// The last id that the stream has set, with this event or before it; empty for none.
    package var id: String

    package init(event: String = "message", data: String, id: String = "") {
        self.event = event
        self.data = data
        self.id = id
    }
}

/// Reads an event stream after the rules of the HTML standard ("Server-sent events", "Parsing an event stream" and
/// "Interpreting an event stream"), however the bytes are cut.
package struct ServerSentEventParser: Sendable {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let maxLineBytes: Int
    private let maxEventBytes: Int

    private var line: [UInt8] = []
    private var lastWasCarriageReturn = false
    private var isFirstLine = true
    private var data: [UInt8] = []
    private var hasData = false
    private var event = ""
    private var id = ""

    /// How long the stream asks its reader to wait before connecting again; nil when it does not say.
    package private(set) var retry: Duration?

    /// Creates a parser.
    ///
    /// - Parameters:
    ///   - maxLineBytes: the most bytes of one line, its end not counted.
    ///   - maxEventBytes: the most bytes of one event's data.
    package init(maxLineBytes: Int = 1 << 20, maxEventBytes: Int = 4 << 20) {
        self.maxLineBytes = maxLineBytes
        self.maxEventBytes = maxEventBytes
    }

    /// Takes the next bytes and returns the events that are whole now.
    ///
    /// - Throws: `StreamFormatError`; the parser is of no use after it.
    package mutating func feed(_ bytes: [UInt8]) throws(StreamFormatError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            if lastWasCarriageReturn {
                // The CR has ended its line already, so that an event is never held back for a byte that may not come.
                lastWasCarriageReturn = false
                if rest.first == 0x0A {
                    rest = rest.dropFirst()
                    continue
                }
            }
            guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                try extendLine(rest)
                break
            }
            try extendLine(rest[..<end])
            lastWasCarriageReturn = rest[end] == 0x0D
            rest = rest[(end + 1)...]
            if let event = try endLine() { events.append(event) }
        }
        return events
    }

    /// Takes the end of the stream. An event that no blank line has ended is no event, so there is never one more.
    package mutating func finish() -> [ServerSentEvent] {
        line = []
        data = []
        hasData = false
        return []
    }

    private mutating func extendLine(_ bytes: ArraySlice<UInt8>) throws(StreamFormatError) {
        let mark = isFirstLine ? Self.byteOrderMark.count : 0
        guard line.count + bytes.count <= maxLineBytes + mark else { throw .lineTooLong(limit: maxLineBytes) }
        line += bytes
    }

    private mutating func endLine() throws(StreamFormatError) -> ServerSentEvent? {
        var text = line[...]
        line = []
        if isFirstLine, text.starts(with: Self.byteOrderMark) { text = text.dropFirst(Self.byteOrderMark.count) }
        isFirstLine = false
        guard !text.isEmpty else { return dispatch() }
        let colon = text.firstIndex(of: UInt8(ascii: ":"))
        let name = text[..<(colon ?? text.endIndex)]
        var value = colon.map { text[($0 + 1)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }
        // A line that begins with a colon is a comment: its field name is empty and none of these.
        switch String(decoding: name, as: UTF8.self) {
        case "data":
            guard data.count + value.count + (hasData ? 1 : 0) <= maxEventBytes else {
                throw .eventTooLarge(limit: maxEventBytes)
            }
            if hasData { data.append(0x0A) }
            hasData = true
            data += value
        case "event":
            event = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0):
            id = String(decoding: value, as: UTF8.self)
        case "retry" where !value.isEmpty && value.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }:
            if let milliseconds = Int64(String(decoding: value, as: UTF8.self)) { retry = .milliseconds(milliseconds) }
        default:
            break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            data = []
            hasData = false
            event = ""
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            event: event.isEmpty ? "message" : event, data: String(decoding: data, as: UTF8.self), id: id)
    }
}
