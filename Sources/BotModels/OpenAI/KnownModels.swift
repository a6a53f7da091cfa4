/// Which model is taken when the owner names none.
enum KnownModels {
    /// Families from best to least known; a model belongs to the first whose text its name holds. Judgement, to be kept up.
    private static let families = [
        "gpt-5", "gpt-4.1", "gpt-4o", "o4-mini", "gpt-oss", "claude", "qwen3", "llama-4", "llama3.3", "llama-3.3",
        "gemma3",
        "gemma-3", "mistral", "qwen2.5", "llama3", "llama-3", "phi", "gpt-4", "gpt-3.5",
    ]
    /// Parts of names of models that do not chat.
    private static let others = [
        "embed", "whisper", "tts", "dall-e", "image", "moderation", "realtime", "audio", "transcribe", "search",
        "rerank",
        "davinci", "babbage", "codex", "sora",
    ]

    /// The best known of the models; the shortest name of its family, which is the newest general one as providers name
    /// them. A model of no known family is taken when there is no other.
    static func best(of models: [String]) -> String? {
        let chatting = models.filter { model in !others.contains { model.lowercased().contains($0) } }
        for family in families {
            let members = chatting.filter { $0.lowercased().contains(family) }
            if let best = members.min(by: { ($0.count, $0) < ($1.count, $1) }) { return best }
        }
        return chatting.sorted().first ?? models.sorted().first
    }
}
