/// Reads from an error how many tokens a prompt was that a model found too long. Providers say it in free text:
///
/// - OpenAI and vLLM: "... your messages resulted in 9012 tokens", "you requested 5096 tokens (1000 in the messages, 4096 in the completion)"
/// - Anthropic: "prompt is too long: 210000 tokens > 200000 maximum"
/// - Gemini: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048575)"
/// - llama.cpp: "the request exceeds the available context size", with "n_prompt_tokens":9012 beside it
enum AttemptedTokens {
    /// What stands before the number, and behind it. Where several fit the first one counts: it tells about the prompt alone.
    private static let forms: [(before: String, after: String)] = [
        ("(", " in the messages"), ("resulted in ", " tokens"), ("too long: ", " tokens"),
        ("token count (", ") exceeds"), ("n_prompt_tokens\":", ""), ("n_prompt_tokens\": ", ""),
        ("your prompt contains at least ", " input tokens"), ("prompt contains ", " tokens"),
    ]

    /// The tokens of the prompt; nil when the text does not say, or says something absurd.
    static func parsed(from text: String) -> Int? {
        // An error that quotes the whole prompt is no place to look for numbers in.
        let text = text.prefix(2000)
        for form in forms {
            var rest = text
            while let before = rest.firstRange(of: form.before) {
                rest = rest[before.upperBound...]
                let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ",") }
                guard rest.dropFirst(digits.count).hasPrefix(form.after) else { continue }
                if let tokens = Int(digits.filter { $0 != "," }), tokens > 0, tokens < 1 << 40 { return tokens }
            }
        }
        return nil
    }
}
