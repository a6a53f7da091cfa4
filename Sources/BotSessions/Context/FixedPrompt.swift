package import BotCore

/// What of a prompt comes from no session: the system prompt, the tools that the model is told about, and what came with the newest message.
package struct FixedPrompt: Sendable, Equatable {
    package let system: String
    package let tools: [ToolDescription]
    /// What stands behind the newest words of the user: text files. Empty for nothing.
    package var attached = ""

    package init(system: String, tools: [ToolDescription] = []) {
        self.system = system
        self.tools = tools
    }

    func counted(by counter: any TokenCounter) -> Int {
        let words = system.isEmpty ? 0 : counter.count(PromptMessage(role: .system, content: system))
        return words + counter.count(tools) + (attached.isEmpty ? 0 : counter.count(attached))
    }
}
