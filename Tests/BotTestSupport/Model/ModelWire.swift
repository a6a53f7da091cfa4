import BotCore

/// What a fake model server speaks.
package enum ModelAPI: String, Sendable, CaseIterable {
    /// OpenAI's chat completions.
    case openAI
    /// Anthropic's messages.
    case anthropic
    /// Ollama's own.
    case ollama

    var wire: any ModelWire {
        switch self {
        case .openAI: OpenAIWire()
        case .anthropic: AnthropicWire()
        case .ollama: OllamaWire()
        }
    }
}

/// Writes one answer as an API has it, and reads the calls.
protocol ModelWire {
    /// The media type of a stream.
    var streamType: String { get }

    /// What comes before everything else.
    mutating func begin(_ answer: ModelAnswer) -> String
    mutating func reasoning(_ thought: String) -> String
    mutating func text(_ piece: String) -> String
    mutating func toolCall(_ call: ToolCall, place: Int) -> String
    /// - Parameter finish: in OpenAI's words.
    mutating func end(_ finish: String, _ usage: TokenUsage?) -> String
    /// - Parameter error: the JSON of an error.
    func failure(_ error: String) -> String

    /// The answer that is not streamed; nil where an API has none that mybot asks for.
    func whole(_ answer: ModelAnswer) -> String?

    /// The messages of a call, the system prompt first.
    func messages(in body: [String: JSONValue]) -> [PromptMessage]
}

extension ModelWire {
    mutating func begin(_ answer: ModelAnswer) -> String { "" }
    func whole(_ answer: ModelAnswer) -> String? { nil }
}
