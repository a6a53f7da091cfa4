import Foundation

/// A text, and what the reference tokenizers make of it: a line that `.ci/make-tokenizer-cases` has written.
struct TokenizerCase: Decodable {
    struct Expectation: Equatable {
        var count = 0
        var checksum: UInt32 = 0

        init(count: Int, checksum: UInt32) {
            self.count = count
            self.checksum = checksum
        }

        init(_ tokens: [Int]) {
            count = tokens.count
            for token in tokens { checksum = checksum &* 31 &+ UInt32(token) &+ 1 }
        }
    }

    let text: String
    let o200k: Expectation
    let cl100k: Expectation

    init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        text = try row.decode(String.self)
        o200k = Expectation(count: try row.decode(Int.self), checksum: try row.decode(UInt32.self))
        cl100k = Expectation(count: try row.decode(Int.self), checksum: try row.decode(UInt32.self))
    }

    /// Calls the body with each case of a file.
    static func forEach(in file: URL, _ body: (Self) throws -> Void) throws {
        let decoder = JSONDecoder()
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            try body(decoder.decode(Self.self, from: line))
        }
    }
}
