import CVocabulary

/// The packed form of a vocabulary: 256 single bytes, then six bytes for each further token, which say what it is merged from.
struct MergeList {
    private let bytes: [UInt8]
    /// The number of tokens.
    let count: Int

    init(_ encoding: BytePairEncoding) {
        bytes =
            switch encoding {
            case .o200kBase: Array(embedded: vocabulary_o200k_base())
            case .cl100kBase: Array(embedded: vocabulary_cl100k_base())
            }
        count = 256 + (bytes.count - 256) / 6
    }

    /// The byte of one of the first 256 tokens.
    func byte(of token: Int) -> UInt8 { bytes[token] }

    /// The two tokens that are merged into this one last.
    func halves(of token: Int) -> (left: Token, right: Token) {
        let place = 256 + (token - 256) * 6
        return (number(at: place), number(at: place + 3))
    }

    private func number(at place: Int) -> Token {
        Token(bytes[place]) | Token(bytes[place + 1]) << 8 | Token(bytes[place + 2]) << 16
    }
}

extension [UInt8] {
    /// Copies a constant of the executable.
    init(embedded data: vocabulary_data) {
        // The memory is static and holds `count` bytes, so the buffer is valid for the copy.
        self.init(UnsafeBufferPointer(start: data.bytes, count: data.count))
    }
}
