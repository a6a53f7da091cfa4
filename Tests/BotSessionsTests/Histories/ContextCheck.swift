import BotCore

@testable import BotSessions

/// Looks for what must not be in a context.
struct ContextCheck {
    let history: History
    let tokens: ModelTokens
    let maxMessages: Int
    let share: Double
    let languageModel: Bool

    /// What is wrong with the context, in words; empty when nothing is.
    func problems(of context: SessionContext) -> [String] {
        var problems = bound(of: context) + shape(of: context.messages)
        problems += content(of: context)
        return problems
    }

    private func bound(of context: SessionContext) -> [String] {
        let limit = Int(Double(max(0, history.session.tokenLimit)) * share)
        let recount = tokens.counter.count(context.messages)
        var problems: [String] = []
        if context.counted != recount { problems.append("counts \(context.counted), has \(recount)") }
        if context.totalTokens != tokens.bound(recount) { problems.append("total is \(context.totalTokens)") }
        if context.totalTokens > limit { problems.append("\(context.totalTokens) is over the limit of \(limit)") }
        if context.shownMessages > maxMessages { problems.append("shows \(context.shownMessages) messages") }
        return problems
    }

    private func shape(of messages: [PromptMessage]) -> [String] {
        var problems: [String] = []
        if let first = messages.first, first.role != .user { problems.append("starts with \(first.role)") }
        var open: [String] = []
        var before: PromptMessage?
        for message in messages {
            switch message.role {
            case .system: problems.append("has the role system")
            case .tool:
                if open.first != message.toolCallID || message.toolCallID == nil {
                    problems.append("a result without its call")
                }
                open = Array(open.dropFirst())
            case .user, .assistant:
                if !open.isEmpty { problems.append("a call without its result") }
                open = message.toolCalls.map(\.id)
                if message.role == before?.role { problems.append("two neighbours of one role") }
                if message.content.isEmpty && message.toolCalls.isEmpty { problems.append("an empty message") }
            }
            before = message
        }
        if !open.isEmpty { problems.append("a call without its result at the end") }
        return problems
    }

    private func content(of context: SessionContext) -> [String] {
        var problems: [String] = []
        var shown: [Int64] = []
        for message in context.messages {
            let marks = Self.marks(in: message.content)
            if message.role != .tool { shown += marks }
        }
        if shown != shown.sorted() || Set(shown).count != shown.count { problems.append("order: \(shown)") }
        let live = history.messages.filter { $0.role != .system && !(languageModel && $0.model == "offline") }
        if !Set(shown).isSubset(of: live.map(\.seq)) { problems.append("shows what is hidden: \(shown)") }
        let budget = tokens.counted(within: Int(Double(max(0, history.session.tokenLimit)) * share))
        guard budget >= 300, let question = live.last(where: { $0.role == .user && !$0.text.isEmpty }) else {
            return problems
        }
        let last = context.messages.last { $0.role == .user }.map { Self.marks(in: $0.content).last }
        if last != question.seq {
            problems.append("the newest question is not the last: \(context.messages.map(\.role))")
        }
        return problems
    }

    /// The numbers of the messages whose texts are in it.
    private static func marks(in content: String) -> [Int64] {
        var content = content
        return content.withUTF8 { bytes in
            var marks: [Int64] = []
            for place in bytes.indices where bytes[place] == UInt8(ascii: "#") {
                let digits = bytes[(place + 1)...].prefix { (0x30...0x39).contains($0) }
                // A cut may end in the middle of a mark.
                guard digits.endIndex < bytes.endIndex, bytes[digits.endIndex] == UInt8(ascii: ".") else { continue }
                let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
                if number > 0 { marks.append(number) }
            }
            return marks
        }
    }
}
