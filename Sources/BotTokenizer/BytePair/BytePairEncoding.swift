/// A public byte-pair tokenizer whose vocabulary is inside the executable.
package enum BytePairEncoding: String, Sendable, CaseIterable {
    /// That of GPT-4o and all later models of OpenAI.
    case o200kBase = "o200k_base"
    /// That of GPT-4 and GPT-3.5.
    case cl100kBase = "cl100k_base"
}

extension BytePairEncoding {
    /// The tables, unpacked at first use and then kept: constants, some 6 MB for o200k_base and 3 MB for cl100k_base.
    var vocabulary: Vocabulary {
        switch self {
        case .o200kBase: Self.o200k
        case .cl100kBase: Self.cl100k
        }
    }

    private static let o200k = Vocabulary(.o200kBase)
    private static let cl100k = Vocabulary(.cl100kBase)
}
