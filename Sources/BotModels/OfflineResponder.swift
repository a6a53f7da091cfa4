package import BotCore

/// Answers when there is no language model, and says so in each answer: so that sessions, contexts and `/reset` can be seen
/// working without any account.
package struct OfflineResponder: ModelProvider {
    /// The model's name in the log of messages: what has it never enters the context of a language model.
    package static let model = "offline"

    /// Begins each answer, so that they can be told from those of a model.
    static let opening = "I am mybot's built-in responder, not a language model."

    package init() {}

    package var name: String { Self.model }
    package var isLanguageModel: Bool { false }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let said = request.messages.last { $0.role == .user }?.words ?? ""
        let count = request.messages.count
        let text = """
            \(Self.opening) I was given \(count) \(count == 1 ? "message" : "messages") \
            of this conversation\(Self.extras(of: request)); the newest says: “\(Self.excerpt(said))”.

            For real answers set OPENAI_API_KEY, or OPENAI_BASE_URL for another server, or start Ollama on this machine.
            """
        await onText(text)
        return Completion(text: text, finishReason: .stop, usage: nil, model: Self.model)
    }

    /// What else a model would have been given: so that summaries and recall can be seen to work.
    private static func extras(of request: CompletionRequest) -> String {
        let texts = request.messages.filter { $0.role == .user }.map(\.content)
        var extras: [String] = []
        if texts.first?.hasPrefix("<summary>") == true { extras.append("a summary of what came before") }
        let recalled = texts.last?.split(separator: "\n\n<recall>\n").dropFirst().first ?? ""
        let quotes = recalled.split(separator: "\n").filter { $0.hasPrefix("[") }.count
        if quotes > 0 {
            extras.append("\(quotes) older \(quotes == 1 ? "message that fits" : "messages that fit") the newest one")
        }
        return extras.map { ", with \($0)" }.joined()
    }

    private static func excerpt(_ text: String) -> String {
        let limit = 200
        return text.count > limit ? text.prefix(limit) + "…" : text
    }
}
