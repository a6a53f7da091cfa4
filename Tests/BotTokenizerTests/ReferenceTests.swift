import BotTokenizer
import Foundation
import Testing

/// Compares with what tiktoken and bpe-openai made of the same texts.
@Suite struct ReferenceTests {
    private let o200k = BytePairTokenCounter(.o200kBase)
    private let cl100k = BytePairTokenCounter(.cl100kBase)

    @Test("The tokens of 2,000 texts are those of the reference")
    func agreesOnTheGoldenTexts() throws {
        let file = try #require(Bundle.module.url(forResource: "cases", withExtension: "jsonl", subdirectory: "Golden"))
        #expect(try compare(file) == 2000)
    }

    @Test(
        "The tokens of all texts of a file are those of the reference",
        .enabled(if: ProcessInfo.processInfo.environment["MYBOT_TOKENIZER_CASES"] != nil))
    func agreesOnAFile() throws {
        let path = try #require(ProcessInfo.processInfo.environment["MYBOT_TOKENIZER_CASES"])
        let compared = try compare(URL(fileURLWithPath: path))
        #expect(compared > 0)
        print("soak tokenizer texts=\(compared)")
    }

    private func compare(_ file: URL) throws -> Int {
        var compared = 0
        try TokenizerCase.forEach(in: file) { example in
            compared += 1
            for (counter, expected) in [(o200k, example.o200k), (cl100k, example.cl100k)] {
                let found = TokenizerCase.Expectation(counter.encode(example.text))
                #expect(found == expected, "\(counter.name) of \(example.text.debugDescription)")
                #expect(
                    counter.count(example.text) == expected.count, "\(counter.name) of \(example.text.debugDescription)"
                )
            }
        }
        return compared
    }
}
