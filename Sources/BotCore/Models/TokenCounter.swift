/// Counts the tokens of texts for one tokenizer.
package protocol TokenCounter: Sendable {
    /// The tokenizer's name, stored beside each count.
    var name: String { get }

    /// The tokens of the text: exact, or never less than the model's own count. Linear in the text's length.
    func count(_ text: String) -> Int
}

extension TokenCounter {
    /// The tokens that a message costs in a prompt beside those of its role and content, by the rule that OpenAI has
    /// published for its chat models ("How to count tokens with tiktoken", OpenAI Cookbook).
    package static var overheadPerMessage: Int { 3 }
    /// The tokens that prime the reply, once a prompt, by the same rule.
    package static var overheadPerPrompt: Int { 3 }

    /// The tokens of one message of a prompt.
    package func count(_ message: PromptMessage) -> Int {
        Self.overheadPerMessage + count(message.role.rawValue) + count(message.content) + count(message.toolCalls)
    }

    /// The tokens of tool calls, an estimate: how vendors put them into a prompt is not published.
    package func count(_ calls: [ToolCall]) -> Int {
        calls.reduce(0) { $0 + Self.overheadPerMessage + count($1.name) + count($1.arguments) }
    }

    /// The tokens of the descriptions of tools, an estimate as well.
    package func count(_ tools: [ToolDescription]) -> Int {
        tools.reduce(0) {
            $0 + Self.overheadPerMessage + count($1.name) + count($1.purpose) + count($1.parameters.outline)
        }
    }

    /// The tokens of the messages of a prompt; 0 for none.
    package func count(_ messages: [PromptMessage]) -> Int {
        messages.isEmpty ? 0 : messages.reduce(Self.overheadPerPrompt) { $0 + count($1) }
    }
}
