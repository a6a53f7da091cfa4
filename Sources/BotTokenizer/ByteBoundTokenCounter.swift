import BotCore

/// Estimates tokens from the bytes of a text, on the high side, without a vocabulary.
///
/// A byte-level tokenizer never makes more tokens than there are bytes, but one token a byte would be four times the truth
/// for plain English. So words that look like words count a token for each three letters, and only what looks like
/// noise (no vowels, long runs of consonants or letters, digits, signs) counts a token a byte. On prose of many languages, code, JSON,
/// base64, random letters and emoji it lies between 1.07 and 7 times the counts of o200k_base and cl100k_base, mostly near 1.8. Text
/// that was made to fool it can pass it: single made-up words do, by a token. An exact count needs the vocabulary.
package struct ByteBoundTokenCounter: TokenCounter {
    package init() {}

    package var name: String { "bytes" }

    package func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var estimate = Estimate(bytes: bytes)
            return estimate.total()
        }
    }
}

/// One pass over the bytes of a text.
private struct Estimate {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func total() -> Int {
        var tokens = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte.isLetter {
                tokens += word()
            } else if byte == UInt8(ascii: " ") {
                tokens += spaces()
            } else if byte < 0x80 {
                tokens += 1
                position += 1
            } else {
                tokens += scalar()
            }
        }
        return tokens
    }

    /// Capitals and then small letters: what a tokenizer's own splitting takes for a word or a part of `camelCase`.
    private mutating func word() -> Int {
        let start = position
        var consonants = 0
        var longestConsonants = 0
        var isSmall = false
        while position < bytes.count, bytes[position].isLetter {
            let byte = bytes[position]
            if isSmall, !byte.isSmall { break }
            isSmall = byte.isSmall
            consonants = byte.isVowel ? 0 : consonants + 1
            longestConsonants = max(longestConsonants, consonants)
            position += 1
        }
        let length = position - start
        let isShouted = length > 1 && !bytes[start].isSmall && !bytes[start + 1].isSmall
        if longestConsonants >= 5 || longestConsonants == length || length > 24 { return length }
        return isShouted ? (length + 1) / 2 : (length + 2) / 3
    }

    /// The last space of a run belongs to the word behind it; tokens for long runs are in every vocabulary.
    private mutating func spaces() -> Int {
        let start = position
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
        let length = position - start
        let isBeforeWord = position < bytes.count && (bytes[position].isLetter || bytes[position] >= 0x80)
        return (length > 1 ? 1 + (length - 2) / 8 : 0) + (isBeforeWord ? 0 : 1)
    }

    /// One scalar beyond ASCII: its bytes, or less where letters of its block are single tokens or pairs nearly always.
    private mutating func scalar() -> Int {
        let lead = bytes[position]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
        for byte in bytes[min(position + 1, bytes.count)..<min(position + length, bytes.count)] {
            value = value << 6 | UInt32(byte & 0x3F)
        }
        position += length
        return switch value {
        case 0xC0...0xFF, 0x410...0x44F: 1  // western European letters, Russian
        case 0x3040...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3: 2  // kana, Chinese characters, Korean
        default: length
        }
    }
}

extension UInt8 {
    fileprivate var isSmall: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }

    fileprivate var isLetter: Bool { (self | 0x20).isSmall }

    fileprivate var isVowel: Bool {
        switch self | 0x20 {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
            UInt8(ascii: "y"):
            true
        default: false
        }
    }
}
