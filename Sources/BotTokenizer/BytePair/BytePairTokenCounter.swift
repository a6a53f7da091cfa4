import BotCore

/// Counts the tokens of a public tokenizer exactly: what the model's own tokenizer makes of a text without special tokens.
///
/// A text that spells a special token, as `<|endoftext|>`, is counted as the plain text that a provider takes it for. The time is linear in the text's
/// length, whatever it holds. Any number of threads may count at once. The vocabulary is unpacked at the first use, in some milliseconds.
package struct BytePairTokenCounter: TokenCounter {
    package let encoding: BytePairEncoding
    private let stock: EncoderStock

    package init(_ encoding: BytePairEncoding) {
        self.encoding = encoding
        stock = EncoderStock(encoding)
    }

    package var name: String { encoding.rawValue }

    package func count(_ text: String) -> Int {
        withUTF8(of: text) { bytes, encoder in encoder.count(bytes) }
    }

    /// The text's tokens, by their ranks in the vocabulary.
    package func encode(_ text: String) -> [Int] {
        withUTF8(of: text) { bytes, encoder in encoder.encode(bytes) }.map { Int($0) }
    }

    private func withUTF8<Result>(
        of text: String, _ body: (Span<UInt8>, inout PieceEncoder) -> Result
    ) -> Result {
        var text = text
        return text.withUTF8 { buffer in
            var encoder = stock.take()
            defer { stock.giveBack(encoder) }
            return body(buffer.span, &encoder)
        }
    }
}
