/// Who a request to a model is charged to, and how large it is: what its cost is reserved by before it leaves.
package struct Billing: Sendable, Equatable {
    /// The entry of the person who asks, as `telegram:123`; nil where nobody in particular does: summaries of shared chats.
    package let person: String?
    /// The chat, all its topics together; nil where there is none.
    package let chat: ConversationKey?
    /// The most tokens that the prompt may have.
    package var promptTokens: Int
    /// The turn that it belongs to; nil for summaries.
    package let turn: TurnID?
    /// Whether it goes to the cheaper model after a budget was spent: then twice as much may be spent in all.
    package var isSecondAllowance: Bool

    package init(
        person: String?, chat: ConversationKey?, promptTokens: Int, turn: TurnID? = nil, isSecondAllowance: Bool = false
    ) {
        self.person = person
        self.chat = chat?.wholeChat
        self.promptTokens = promptTokens
        self.turn = turn
        self.isSecondAllowance = isSecondAllowance
    }
}
