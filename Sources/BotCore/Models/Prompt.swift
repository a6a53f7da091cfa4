/// Who wrote a message of a prompt.
package enum Role: String, Sendable, Codable, Hashable {
    case system, user, assistant, tool
}

/// A model's wish to have a tool called.
package struct ToolCall: Sendable, Equatable, Codable {
    /// Unique among the calls of its message; the result names it.
    package let id: String
    package let name: String
    /// The arguments as the model wrote them: JSON, which may be malformed.
    package let arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// What a model is told about a tool that it may call.
package struct ToolDescription: Sendable, Equatable {
    package let name: String
    /// What it does and when to call it, for the model.
    package let purpose: String
    /// The JSON schema of its arguments: an object.
    package let parameters: JSONValue

    package init(name: String, purpose: String, parameters: JSONValue) {
        self.name = name
        self.purpose = purpose
        self.parameters = parameters
    }
}

/// An image in a message of the user.
package struct PromptImage: Sendable, Equatable {
    /// As `image/jpeg`.
    package let mediaType: String
    package let bytes: [UInt8]

    package init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// One message of a prompt.
package struct PromptMessage: Sendable, Equatable {
    package let role: Role
    package let content: String
    /// The images of a user's message; models that do not see are given none.
    package let images: [PromptImage]
    /// The tools that an assistant's message calls; the results follow it directly.
    package let toolCalls: [ToolCall]
    /// The call whose result a tool's message is.
    package let toolCallID: String?

    package init(
        role: Role, content: String, images: [PromptImage] = [], toolCalls: [ToolCall] = [], toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.images = images
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// A request for one completion.
package struct CompletionRequest: Sendable, Equatable {
    /// The system prompt.
    package let system: String
    /// The conversation: starts with the user, neighbours of one role already merged.
    package let messages: [PromptMessage]
    /// The longest answer, in tokens.
    package let maxOutputTokens: Int
    /// The tools that the model is told about. They stay the same through a turn, for providers' prompt caches begin with them.
    package let tools: [ToolDescription]
    /// Whether it may call them; else it has to answer in words.
    package let mayCallTools: Bool
    /// Who pays for it; nil where nobody does.
    package var billing: Billing?

    package init(
        system: String, messages: [PromptMessage], maxOutputTokens: Int, tools: [ToolDescription] = [],
        mayCallTools: Bool = true, billing: Billing? = nil
    ) {
        self.billing = billing
        self.mayCallTools = mayCallTools
        self.system = system
        self.messages = messages
        self.maxOutputTokens = maxOutputTokens
        self.tools = tools
    }
}
