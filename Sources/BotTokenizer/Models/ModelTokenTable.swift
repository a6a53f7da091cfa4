import BotCore

/// Which tokenizer stands for each model's own, and at what rate until the model's replies have told a better one. The one place to
/// add a model to.
///
/// A count is exact only under the vendor's own name for its model, straight (`openai/gpt-5`) or through a router
/// (`openrouter/openai/gpt-5`): anybody can serve another model under a name that sounds like one.
struct ModelTokenTable: Sendable {
    /// What is known of a model beforehand.
    struct Entry: Sendable {
        let counter: BytePairTokenCounter
        /// Whether the tokenizer is the model's own.
        let isExact: Bool
        /// The most tokens of the model for 1,000 counted ones, as far as is known.
        let perThousand: Int
    }

    private let o200k = BytePairTokenCounter(.o200kBase)
    private let cl100k = BytePairTokenCounter(.cl100kBase)

    /// Families of OpenAI's models that encode with o200k_base.
    private static let o200kFamilies = ["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "chatgpt-4o", "o1", "o3", "o4"]
    /// Those that encode with cl100k_base.
    private static let cl100kFamilies = ["gpt-4", "gpt-3.5"]
    /// Models with open weights that have the text tokens of o200k_base, whoever serves them.
    private static let openFamilies = ["gpt-oss"]

    // The rates below are those of each vendor's tokenizer to o200k_base on prose and code, rounded up.
    private static let unknown = 1300
    private static let gemini = 1150
    /// The models of Anthropic until version 4.6, and from 4.7 on, where a new tokenizer came.
    private static let (claude, newClaude) = (1200, 1600)

    /// - Parameter model: as a provider names itself or its answers.
    func entry(for model: String) -> Entry {
        let parts = model.lowercased().split(separator: "/").map(String.init)
        // The built-in responder has no tokenizer, so that any count is right.
        if parts == ["offline"] { return Entry(counter: o200k, isExact: true, perThousand: 1000) }
        guard var name = parts.last else { return bounded(Self.unknown) }
        // What is tuned by a customer of OpenAI is called after the model that it was tuned from.
        if name.hasPrefix("ft:") { name.removeFirst(3) }
        if Self.openFamilies.contains(where: { Self.belongs(name, to: $0, beforeAny: "-:") }) {
            return Entry(counter: o200k, isExact: true, perThousand: 1000)
        }
        if parts.dropLast().last == "openai" {
            if Self.o200kFamilies.contains(where: { Self.belongs(name, to: $0, beforeAny: "-.:") }) {
                return Entry(counter: o200k, isExact: true, perThousand: 1000)
            }
            if Self.cl100kFamilies.contains(where: { Self.belongs(name, to: $0, beforeAny: "-:") }) {
                return Entry(counter: cl100k, isExact: true, perThousand: 1000)
            }
        }
        if name.contains("claude") { return bounded(Self.isNewClaude(name) ? Self.newClaude : Self.claude) }
        if name.hasPrefix("gemini") || name.hasPrefix("gemma") { return bounded(Self.gemini) }
        return bounded(Self.unknown)
    }

    private func bounded(_ perThousand: Int) -> Entry {
        Entry(counter: o200k, isExact: false, perThousand: perThousand)
    }

    /// Whether a name is the family's own, or one with a version, size or date behind such a sign.
    private static func belongs(_ name: String, to family: String, beforeAny signs: String) -> Bool {
        guard name.hasPrefix(family) else { return false }
        return name.dropFirst(family.count).first.map { signs.contains($0) } ?? true
    }

    /// Whether a model of Anthropic is of version 4.7 or later. One that names no version is taken for a new one.
    private static func isNewClaude(_ name: String) -> Bool {
        // Dates have more digits than versions.
        let numbers = name.split { "-.: @".contains($0) }.filter { $0.count < 4 }.compactMap { Int($0) }
        guard let major = numbers.first else { return true }
        return (major, numbers.dropFirst().first ?? 0) >= (4, 7)
    }
}
