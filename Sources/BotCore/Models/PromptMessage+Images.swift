extension CompletionRequest {
    /// The request for a model that does not look at pictures.
    package var withoutImages: CompletionRequest {
        guard messages.contains(where: { !$0.images.isEmpty }) else { return self }
        return CompletionRequest(
            system: system, messages: messages.map(\.withoutImages), maxOutputTokens: maxOutputTokens, tools: tools,
            mayCallTools: mayCallTools, billing: billing)
    }
}

extension PromptMessage {
    /// What a model is told in place of pictures that it cannot look at.
    package static func unseen(_ count: Int) -> String {
        count == 1
            ? "[A picture came with this message that you cannot see.]"
            : "[\(count) pictures came with this message that you cannot see.]"
    }

    /// The message for a model that does not look at pictures: in their place it is told that there were some.
    package var withoutImages: PromptMessage {
        guard !images.isEmpty else { return self }
        let text = [content, Self.unseen(images.count)].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return PromptMessage(role: role, content: text, toolCalls: toolCalls, toolCallID: toolCallID)
    }
}
