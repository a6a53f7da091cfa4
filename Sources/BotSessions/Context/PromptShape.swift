import BotCore

/// Puts messages of the log into the order that a prompt needs: each tool call is directly followed by exactly its results.
///
/// A call without a result gets one that says that it was interrupted, a result without its call is left out, and a result that
/// came late, after another message, is moved to its call.
enum PromptShape {
    /// What stands for a result that never came.
    static let interrupted = "interrupted"

    /// One message of the prompt.
    struct Entry {
        let role: Role
        /// The message of the log; of an interrupted call it is the one that called.
        let index: Int
        /// Which call of that message was interrupted; nil for messages of the log.
        var call: Int?
    }

    /// - Parameter languageModel: whether answers of the offline responder are left out, which never enter the context of
    ///   a language model.
    static func entries(of messages: ArraySlice<SessionMessage>, languageModel: Bool) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(messages.count)
        // Where the results of the newest message with calls stand.
        var results: (caller: Int, first: Int)?
        for index in messages.indices {
            switch messages[index].role {
            case .user:
                if !messages[index].text.isEmpty { entries.append(Entry(role: .user, index: index)) }
            case .assistant:
                if languageModel && messages[index].model == "offline" { continue }
                let calls = messages[index].toolCalls.count
                if calls == 0 && messages[index].text.isEmpty { continue }
                entries.append(Entry(role: .assistant, index: index))
                guard calls > 0 else { continue }
                results = (index, entries.count)
                for call in 0..<calls { entries.append(Entry(role: .tool, index: index, call: call)) }
            case .tool:
                guard let (caller, first) = results else { continue }
                let open = messages[caller].toolCalls.indices.first { call in
                    entries[first + call].call != nil
                        && messages[caller].toolCalls[call].id == messages[index].toolCallID
                }
                if let open { entries[first + open] = Entry(role: .tool, index: index) }
            case .system: continue
            }
        }
        return entries
    }
}
