/// Shapes by which secrets are known that no configuration names. Each takes the bytes from where its first word begins and
/// says what of them is secret.
enum SecretShape {
    /// The bytes with which a shape can begin.
    static let firstBytes: [UInt8] = [
        UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "w"),
        UInt8(ascii: "i"),
        UInt8(ascii: ":"),
    ]

    static func secret(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Range<Int>? {
        var reader = Reader(bytes: bytes, position: start)
        switch bytes[start] {
        case UInt8(ascii: "b"), UInt8(ascii: "B"): return telegramToken(reader) ?? bearer(reader)
        case UInt8(ascii: "a"), UInt8(ascii: "A"): return authorization(reader)
        case UInt8(ascii: "w"): return urlToken(reader, after: "webhooks")
        case UInt8(ascii: "i"): return urlToken(reader, after: "interactions")
        case UInt8(ascii: ":"): return reader.take("://") ? userInfo(reader) : nil
        default: return nil
        }
    }

    /// `bot<digits>:<token>`, as in every URL of the Bot API; the colon may be encoded.
    private static func telegramToken(_ reader: Reader) -> Range<Int>? {
        var reader = reader
        guard reader.take("bot") else { return nil }
        let start = reader.position
        guard reader.skip(while: \.isDigit) > 0, reader.take(":") || reader.take("%3a") else { return nil }
        return reader.skip(while: \.isWord) > 0 ? start..<reader.position : nil
    }

    /// `Bearer <token>` without the name of its header.
    private static func bearer(_ reader: Reader) -> Range<Int>? {
        var reader = reader
        guard reader.take("bearer"), reader.skip(while: \.isSpace) > 0 else { return nil }
        let start = reader.position
        return reader.skip(while: \.isCredential) >= 8 ? start..<reader.position : nil
    }

    /// `authorization`, a separator, and the credentials with their scheme; quotes may stand anywhere between.
    private static func authorization(_ reader: Reader) -> Range<Int>? {
        var reader = reader
        guard reader.take("authorization") else { return nil }
        let separators = reader.position
        guard reader.skip(while: \.isSeparator) > 0 else { return nil }
        let between = reader.bytes[separators..<reader.position]
        guard between.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else { return nil }
        let start = reader.position
        guard reader.skip(while: \.isCredential) > 0 else { return nil }
        let isScheme = reader.bytes[start..<reader.position].allSatisfy(\.isLetter)
        let end = reader.position
        guard isScheme, reader.skip(while: \.isSeparator) > 0, reader.skip(while: \.isCredential) > 0 else {
            return start..<end
        }
        return start..<reader.position
    }

    /// `webhooks/<id>/<token>` and `interactions/<id>/<token>`; slashes may be escaped as in JSON.
    private static func urlToken(_ reader: Reader, after word: StaticString) -> Range<Int>? {
        var reader = reader
        guard reader.take(word), reader.takeSlash(), reader.skip(while: \.isDigit) > 0, reader.takeSlash() else {
            return nil
        }
        let start = reader.position
        return reader.skip(while: { $0.isWord || $0 == UInt8(ascii: ".") }) > 0 ? start..<reader.position : nil
    }

    /// `user:password@` of a URL.
    private static func userInfo(_ reader: Reader) -> Range<Int>? {
        var reader = reader
        let start = reader.position
        let length = reader.skip { !$0.isSpace && !$0.isQuote && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") }
        guard length > 0, reader.take("@") else { return nil }
        return start..<(reader.position - 1)
    }

    /// Reads on in the bytes, case by case.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        var position: Int

        /// Takes the word, whatever its case, if it comes next.
        mutating func take(_ word: StaticString) -> Bool {
            let length = word.utf8CodeUnitCount
            guard length <= bytes.count - position else { return false }
            for index in 0..<length where bytes[position + index].lowercased != word.utf8Start[index] { return false }
            position += length
            return true
        }

        mutating func takeSlash() -> Bool {
            _ = take("\\")
            return take("/")
        }

        /// Skips bytes and returns how many.
        mutating func skip(while condition: (UInt8) -> Bool) -> Int {
            let start = position
            while position < bytes.count, condition(bytes[position]) { position += 1 }
            return position - start
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

    fileprivate var isQuote: Bool {
        self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: "`")
    }

    fileprivate var isSeparator: Bool {
        isSpace || isQuote || self == UInt8(ascii: ":") || self == UInt8(ascii: "=") || self == UInt8(ascii: "\\")
            || self == UInt8(ascii: "[")
    }

    /// What credentials are made of: all that ends no word.
    fileprivate var isCredential: Bool {
        !isSpace && !isQuote && self != UInt8(ascii: ",") && self != UInt8(ascii: ";") && self != UInt8(ascii: "}")
            && self != UInt8(ascii: "]") && self != UInt8(ascii: "\\")
    }
}
