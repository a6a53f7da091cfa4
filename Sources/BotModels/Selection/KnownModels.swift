import BotCore

/// What is known of models by their names: which to take where the owner has named none, and what they can do where their server does not say.
/// Written in November 2026 from the vendors' lists of models.
enum KnownModels {
    /// Models of one kind, of which the newest is taken.
    private struct Series {
        /// How their names begin, without the maker's name.
        let beginning: String
        /// What else is part of their names; nil for those whose names are just a number.
        let tier: String?

        init(_ beginning: String, _ tier: String? = "") {
            self.beginning = beginning
            self.tier = tier
        }
    }

    /// The best known first; of a vendor's tiers the balanced one, since a chat bot is to answer well and not to cost much.
    private static let series = [
        Series("gpt-", "terra"), Series("gpt-", nil), Series("gpt-", "sol"), Series("gpt-", "luna"),
        Series("gpt-", "mini"), Series("claude-sonnet"), Series("claude-haiku"), Series("claude-opus"),
        Series("claude-fable"), Series("gemini-", "pro"), Series("gemini-", "flash"), Series("gpt-oss"),
        Series("qwen"), Series("llama"), Series("gemma"), Series("mistral-large"), Series("mistral-medium"),
        Series("mistral-small"), Series("mistral"), Series("deepseek"), Series("phi"), Series("claude"),
        Series("gpt-", ""),
    ]

    /// Parts of names of models that do not chat, or not in this way.
    private static let unsuitable = [
        "embed", "whisper", "tts", "dall-e", "image", "moderation", "audio", "realtime", "transcribe", "search",
        "instruct-0914", "codex", "deep-research", "rerank", "bge-", "minilm", "guard", "vision-only", "sora",
        "computer-use",
    ]

    /// The model to take of those that a server lists; nil when none of them chats.
    ///
    /// In a series the newest wins, of these the plainest name: the shortest, and the first by alphabet. A server without any known series
    /// gives the first that it lists.
    static func best(of models: [String]) -> String? {
        let suitable = models.filter { model in
            let name = model.lowercased()
            return !model.isEmpty && !unsuitable.contains { name.contains($0) }
        }
        for series in series {
            let members = suitable.filter { belongs($0, to: series) }
            let best = members.max { one, other in
                let (first, second) = (version(of: one, in: series), version(of: other, in: series))
                if first != second { return first.lexicographicallyPrecedes(second) }
                return (other.count, other) < (one.count, one)
            }
            if let best { return best }
        }
        return suitable.first
    }

    private static func belongs(_ model: String, to series: Series) -> Bool {
        let name = bare(model)
        guard name.hasPrefix(series.beginning) else { return false }
        guard let tier = series.tier else { return isNumber(name.dropFirst(series.beginning.count)) }
        return name.contains(tier)
    }

    /// Whether nothing but a version and a date follows, as in `gpt-5.5-2026-04-23` and `gpt-4o`.
    private static func isNumber(_ rest: Substring) -> Bool {
        rest.first?.isNumber == true && rest.allSatisfy { $0.isNumber || $0 == "." || $0 == "-" || $0 == "o" }
    }

    /// The numbers that follow the beginning of the name: `[6, 1]` of `gpt-6.1-terra`, `[5, 5]` of `claude-sonnet-5-5`. A date is none.
    private static func version(of model: String, in series: Series) -> [Int] {
        let rest = bare(model).dropFirst(series.beginning.count).drop { $0 == "-" }
        var version: [Int] = []
        for part in rest.split(whereSeparator: { $0 == "." || $0 == "-" }) {
            guard let number = Int(part.prefix(while: \.isNumber)), number < 1000 else { break }
            version.append(number)
            // `4o` and `3:8b` end a version, and `35b` is a size.
            if !part.allSatisfy(\.isNumber) {
                if part.last == "b" { version.removeLast() }
                break
            }
        }
        return version
    }

    /// A name in lower case without its maker's, which stands before it at OpenRouter and others.
    private static func bare(_ model: String) -> String {
        model.lowercased().split(separator: "/").last.map(String.init) ?? ""
    }

    // MARK: - What they can do

    /// A window that nearly every model of today has. Where even this is too long, the server says so, and less is asked with.
    static let cautiousWindow = 8192

    private struct Known {
        let beginning: String
        let contextWindow: Int
        let seesImages: Bool
        let callsTools: Bool

        init(_ beginning: String, _ contextWindow: Int, images: Bool, tools: Bool = true) {
            self.beginning = beginning
            self.contextWindow = contextWindow
            seesImages = images
            callsTools = tools
        }
    }

    /// Models behind APIs, which hold their whole window ready; the first that fits counts. What a model on one's own machine was loaded
    /// with is not in its name, so none of these is here.
    private static let known = [
        Known("gpt-3.5", 16_385, images: false), Known("gpt-4-turbo", 128_000, images: true),
        Known("gpt-4o", 128_000, images: true), Known("gpt-4.1", 1_047_576, images: true),
        Known("gpt-4", 8192, images: false), Known("gpt-5", 400_000, images: true),
        // Its window is not published; it is no smaller than its forerunner's.
        Known("gpt-6", 400_000, images: true),
        Known("o1", 200_000, images: true), Known("o3", 200_000, images: true), Known("o4", 200_000, images: true),
        Known("claude-haiku-4", 200_000, images: true), Known("claude-sonnet-4", 200_000, images: true),
        Known("claude-opus-4", 200_000, images: true), Known("claude-3", 200_000, images: true),
        Known("claude-", 1_000_000, images: true), Known("gemini-", 1_048_576, images: true),
        Known("deepseek-", 64_000, images: false), Known("mistral-large", 128_000, images: false),
        Known("mistral-medium", 128_000, images: true), Known("mistral-small", 32_000, images: false),
        Known("grok-", 128_000, images: false),
    ]

    /// What a model can do: by the owner's word, else by its server's, else by its name; else a cautious window and nothing more.
    static func traits(of model: String, _ facts: ListedModel.Facts, contextWindow: Int?) -> ModelTraits {
        let name = bare(model)
        // What is yet to be loaded is on somebody's own machine, and its name says nothing.
        let known =
            facts.isPreliminary
            ? nil : known.first { name.hasPrefix($0.beginning) && !name.hasPrefix("gpt-oss") }
        return ModelTraits(
            contextWindow: contextWindow ?? facts.contextWindow ?? known?.contextWindow ?? cautiousWindow,
            maxOutputTokens: facts.maxOutputTokens,
            seesImages: facts.seesImages ?? known?.seesImages ?? false,
            callsTools: facts.callsTools ?? known?.callsTools ?? false)
    }
}
