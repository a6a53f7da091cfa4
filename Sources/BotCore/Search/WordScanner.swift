/// Cuts UTF-8 into folded words in one pass.
///
/// ASCII is handled byte by byte, because each message goes through here when it is appended; the rest scalar by scalar, with
/// `LetterFolding`.
struct WordScanner {
    enum Purpose {
        /// Each run of a script without spaces ends with its last character as a word, so that one character can be found.
        case index
        /// The words of a question, with their places.
        case words
    }

    private enum Previous { case nothing, lower, upper, digit }

    private struct Mark {
        let written: Range<Int>
        let source: Range<Int>
    }

    private let purpose: Purpose
    /// The words, each followed by a space.
    private var out: [UInt8] = []
    private var marks: [Mark] = []

    // The piece that is being written, and the whole that it is part of.
    private var previous = Previous.nothing
    private var pieceStart = 0
    private var pieceSource = 0
    private var wholeStart = 0
    private var wholeSource = 0
    private var pieces = 0
    private var followsApostrophe = false

    // The run of a script without spaces.
    private var last: (scalar: UInt32, source: Int, end: Int)?
    private var runLength = 0

    init(purpose: Purpose) { self.purpose = purpose }

    /// The words separated by spaces.
    var joined: String { String(decoding: out.dropLast(), as: UTF8.self) }

    var words: [SearchText.Word] {
        marks.map { SearchText.Word(text: String(decoding: out[$0.written], as: UTF8.self), range: $0.source) }
    }

    func eachWord(_ take: (Span<UInt8>, Range<Int>) -> Bool) {
        let bytes = out.span
        for mark in marks where !take(bytes.extracting(mark.written), mark.source) { return }
    }

    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        out.reserveCapacity(out.count + (end - start) * 5 / 4 + 16)
        var place = start
        while place < end {
            let byte = bytes[place]
            if byte < 0x80 {
                ascii(byte, at: place, next: place + 1 < end ? bytes[place + 1] : 0)
                place += 1
            } else {
                let length = wide(bytes, at: place, end: end)
                place += length
                if place >= end || bytes[place] < 0x80 { endRun() }
            }
        }
        endWhole(at: end)
        endRun()
    }

    // MARK: - Letters and digits

    /// - Parameter next: the byte after it; 0 at the end.
    private mutating func ascii(_ byte: UInt8, at place: Int, next: UInt8) {
        switch byte {
        case 0x61...0x7A:
            letter(byte, at: place, .lower)
        case 0x41...0x5A:
            if previous == .lower || (previous == .upper && 0x61...0x7A ~= next) { endPiece(at: place) }
            letter(byte | 0x20, at: place, .upper)
        case 0x30...0x39:
            letter(byte, at: place, .digit)
        case 0x5F, 0x2D, 0x2E:  // _ - .
            if previous != .nothing, Self.isAlphanumeric(next) { endPiece(at: place) } else { endWhole(at: place) }
        case 0x2C, 0x3A, 0x2F:  // , : /
            if previous == .digit, 0x30...0x39 ~= next { endPiece(at: place) } else { endWhole(at: place) }
        case 0x27:
            apostrophe(at: place)
        default:
            if pieces > 0 || previous != .nothing { endWhole(at: place) } else { followsApostrophe = false }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        0x61...0x7A ~= byte || 0x41...0x5A ~= byte || 0x30...0x39 ~= byte || byte >= 0x80
    }

    private mutating func letter(_ byte: UInt8, at place: Int, _ kind: Previous) {
        if previous == .nothing { beginPiece(at: place) }
        previous = kind
        if out.count - pieceStart < SearchText.longestWord { out.append(byte) }
    }

    private mutating func letter(_ scalar: UInt32, at place: Int, _ kind: Previous) {
        if previous == .nothing { beginPiece(at: place) }
        previous = kind
        if out.count - pieceStart + 4 <= SearchText.longestWord { append(scalar) }
    }

    private mutating func beginPiece(at place: Int) {
        pieceStart = out.count
        pieceSource = place
        if pieces == 0 {
            wholeStart = pieceStart
            wholeSource = place
        }
    }

    private mutating func endPiece(at place: Int) {
        guard previous != .nothing else { return }
        previous = .nothing
        // What an apostrophe cuts off ("Ana's", "don't") says nothing.
        if followsApostrophe, out.count - pieceStart == 1 {
            out.removeLast()
        } else if out.count > pieceStart {
            mark(from: pieceStart, source: pieceSource..<place)
            pieces += 1
        }
        followsApostrophe = false
    }

    /// Ends a word, and writes it as a whole if it had several parts.
    private mutating func endWhole(at place: Int) {
        endPiece(at: place)
        if pieces > 1 {
            let start = out.count
            for index in wholeStart..<start where out[index] != 0x20 { out.append(out[index]) }
            if out.count - start > SearchText.longestWord {
                var cut = start + SearchText.longestWord
                while out[cut] & 0xC0 == 0x80 { cut -= 1 }
                out.removeLast(out.count - cut)
            }
            mark(from: start, source: wholeSource..<place)
        }
        pieces = 0
        followsApostrophe = false
    }

    private mutating func apostrophe(at place: Int) {
        let endsPiece = previous != .nothing
        endWhole(at: place)
        followsApostrophe = endsPiece
    }

    // MARK: - All other scripts

    /// Handles the scalar at a place; returns how many bytes it has, a mark that belongs to it included.
    private mutating func wide(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int, end: Int) -> Int {
        var (scalar, length) = Self.decode(bytes, at: place)
        if LetterFolding.canCompose(scalar) {
            while place + length < end, bytes[place + length] >= 0x80 {
                let (mark, markLength) = Self.decode(bytes, at: place + length)
                guard let composed = LetterFolding.composed(scalar, mark) else { break }
                scalar = composed
                length += markLength
            }
        }
        let folded = LetterFolding.fold(scalar)
        switch folded {
        case .unspaced, .nothing: break
        default: endRun()
        }
        switch folded {
        case .lower(let first, let second), .upper(let first, let second):
            let isUpper = if case .upper = folded { true } else { false }
            if isUpper, previous == .lower { endPiece(at: place) }
            letter(first, at: place, isUpper ? .upper : .lower)
            if second != 0 { letter(second, at: place, .lower) }
        case .ascii(let byte):
            let next = place + length
            ascii(byte, at: place, next: next < end ? bytes[next] : 0)
        case .unspaced(let first): unspaced(first, at: place, end: place + length)
        case .nothing: break
        case .symbol:
            endWhole(at: place)
            symbol(scalar, source: place..<(place + length))
        case .separator: endWhole(at: place)
        }
        return length
    }

    /// The scalar at a place and its bytes: what comes in is valid UTF-8.
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[place])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = first & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[place + offset] & 0x3F) }
        return (scalar, length)
    }

    private mutating func unspaced(_ scalar: UInt32, at place: Int, end: Int) {
        if let last {
            let start = out.count
            append(last.scalar)
            append(scalar)
            mark(from: start, source: last.source..<end)
        } else {
            endWhole(at: place)
        }
        last = (scalar, place, end)
        runLength += 1
    }

    private mutating func endRun() {
        if let last {
            if purpose == .index || runLength == 1 {
                let start = out.count
                append(last.scalar)
                mark(from: start, source: last.source..<last.end)
            }
            self.last = nil
            runLength = 0
        }
    }

    /// Writes a symbol as a word that an index of letters and digits can hold.
    private mutating func symbol(_ scalar: UInt32, source: Range<Int>) {
        let start = out.count
        out.append(UInt8(ascii: "u"))
        out.append(contentsOf: String(scalar, radix: 16).utf8)
        mark(from: start, source: source)
    }

    // MARK: - Writing

    private mutating func mark(from start: Int, source: Range<Int>) {
        if purpose == .words { marks.append(Mark(written: start..<out.count, source: source)) }
        out.append(0x20)
    }

    private mutating func append(_ scalar: UInt32) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        UTF8.encode(scalar).map { out.append(contentsOf: $0) }
    }
}
