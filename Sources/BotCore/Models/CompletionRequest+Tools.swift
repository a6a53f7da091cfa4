extension CompletionRequest {
    /// The request for a model that calls no tools: none is offered, and no message names one.
    ///
    /// What tools returned since the newest words of the user stands behind these words, as a block of data; older calls and results are left
    /// out, since the answers that came of them are there. Neighbours of one role are joined.
    package var withoutTools: CompletionRequest {
        let isPlain = messages.allSatisfy { $0.role != .tool && $0.toolCalls.isEmpty }
        if tools.isEmpty && isPlain { return self }
        return CompletionRequest(
            system: system, messages: isPlain ? messages : PlainPrompt(messages).messages,
            maxOutputTokens: maxOutputTokens, billing: billing)
    }

    /// The same request with other limits of what may be answered.
    ///
    /// - Parameter mayCallTools: whether the model may call the tools that are described, or has to answer in words.
    package func limited(to maxOutputTokens: Int, mayCallTools: Bool? = nil) -> CompletionRequest {
        CompletionRequest(
            system: system, messages: messages, maxOutputTokens: maxOutputTokens, tools: tools,
            mayCallTools: mayCallTools ?? self.mayCallTools, billing: billing)
    }
}

/// The messages of a prompt without tools.
private struct PlainPrompt {
    private(set) var messages: [PromptMessage] = []

    init(_ original: [PromptMessage]) {
        let question = original.lastIndex { $0.role == .user } ?? original.startIndex
        var names: [String: String] = [:]
        for (index, message) in original.enumerated() {
            for call in message.toolCalls { names[call.id] = call.name }
            switch message.role {
            case .tool where index > question:
                addResult(message.content, of: message.toolCallID.flatMap { names[$0] } ?? "tool")
            case .tool: break
            case .assistant where !message.toolCalls.isEmpty && (index > question || message.content.isEmpty): break
            case .system, .user, .assistant:
                add(PromptMessage(role: message.role, content: message.content, images: message.images))
            }
        }
    }

    private mutating func add(_ message: PromptMessage) {
        guard let last = messages.last, last.role == message.role else { return messages.append(message) }
        messages[messages.count - 1] = PromptMessage(
            role: last.role, content: last.content + "\n\n" + message.content, images: last.images + message.images)
    }

    /// Nothing in a result may close its block.
    private mutating func addResult(_ text: String, of name: String) {
        let text = text.replacing("<", with: "&lt;")
        add(PromptMessage(role: .user, content: "<result tool=\"\(name)\">\n\(text)\n</result>"))
    }
}
