import BotCore

/// What was expensive to count or to cut for the last context of a session. All of it follows from messages that never change, so
/// that it changes no result; it holds only what that context needed.
struct ContextMemo: Sendable, Equatable {
    /// What the counts hold for: with anything else the memo is worthless.
    struct Scope: Sendable, Equatable {
        let revision: Int64
        let counter: String
        let budget: Int
        let languageModel: Bool
    }

    enum Key: Hashable, Sendable {
        /// A message as it is shown: with its speaker, or counted by another tokenizer than it is stored with.
        case message(Int64)
        /// The calls of a message.
        case calls(Int64)
        case summary(CheckpointID)
        /// Messages that are joined to one, from the first number to the last, the summary before them included.
        case joined(Int64, Int64, CheckpointID?)
    }

    struct Cut: Sendable, Equatable {
        let limit: Int
        let text: String
        let tokens: Int
    }

    let scope: Scope
    var counts: [Key: Int] = [:]
    /// Texts that are shown by their beginning and end; an empty one is a text of which nothing fits.
    var cuts: [Int64: Cut] = [:]

    init(scope: Scope) { self.scope = scope }

    var isEmpty: Bool { counts.isEmpty && cuts.isEmpty }

    /// An estimate of the memory in bytes.
    var cost: Int {
        counts.count * 64 + cuts.values.reduce(0) { $0 + 96 + $1.text.utf8.count }
    }
}
