/// Which model to take where the owner has named none: the first family of this table that the server has.
enum KnownModels {
    /// Families of models that chat well, the best known first; written in autumn 2026.
    private static let families = [
        "gpt-5", "gpt-4.1", "gpt-4o", "gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini", "chatgpt-4o-latest",
        "claude-sonnet", "claude-opus", "claude-haiku", "gemini-2.5-pro", "gemini-2.5-flash", "gpt-oss", "qwen3",
        "llama-4", "llama4", "llama-3.3", "llama3.3", "gemma3", "gemma-3", "mistral-large", "mistral-small",
        "deepseek-chat", "deepseek-v3", "deepseek-r1", "llama-3.1", "llama3.1", "llama3.2", "qwen2.5", "mistral",
        "phi4", "phi-4", "gemma2", "llama3", "gpt-4", "gpt-3.5-turbo",
    ]

    /// Parts of names of models that do not chat.
    private static let unsuitable = [
        "embed", "whisper", "tts", "dall-e", "image", "moderation", "audio", "realtime", "transcribe", "search",
        "instruct-0914", "codex", "deep-research", "rerank", "bge-", "minilm", "guard", "vision-only", "sora",
        "computer-use",
    ]

    /// The model to take of those that a server lists; nil when none of them chats.
    ///
    /// In a family the plainest name wins: the shortest, and of these the first by alphabet. A server without any known family
    /// gives the first that it lists.
    static func best(of models: [String]) -> String? {
        let suitable = models.filter { model in
            let name = model.lowercased()
            return !model.isEmpty && !unsuitable.contains { name.contains($0) }
        }
        for family in families {
            let members = suitable.filter { belongs($0, to: family) }
            if let plainest = members.min(by: { ($0.count, $0) < ($1.count, $1) }) { return plainest }
        }
        return suitable.first
    }

    /// Whether a name is the family's own, or one with a version, size or date behind it. A maker's name may stand before it.
    private static func belongs(_ model: String, to family: String) -> Bool {
        let name = model.lowercased().split(separator: "/").last.map(String.init) ?? ""
        guard name.hasPrefix(family) else { return false }
        let rest = name.dropFirst(family.count)
        // `gpt-5-mini` and `gpt-4o-mini` are families of their own and not the better ones.
        return !rest.contains("mini") && !rest.contains("nano") && !rest.contains("pro")
            && (rest.isEmpty || "-.:@".contains(rest.first ?? " ") || rest.first?.isNumber == true)
    }
}
