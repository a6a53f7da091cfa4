import BotCore

/// Collects an answer from its events. Pure.
struct AnswerCollector {
    private struct Call {
        var id: String?
        var name = ""
        var arguments = ""
    }

    /// No model calls so many tools at once on purpose.
    private static let mostCalls = 64

    private var filter = ReasoningFilter()
    private var calls: [Int: Call] = [:]
    private var promptTokens: Int?
    private var completionTokens: Int?
    private var cachedTokens: Int?
    /// The text so far.
    private(set) var text = ""
    private(set) var finishReason: FinishReason?
    /// Whether the server has said that there is no more.
    private(set) var isDone = false
    /// Counts what shows that a model is at work, so that it can be told from a silent one.
    private(set) var progress = 0
    /// Whether the model thought aloud.
    private(set) var hasReasoning = false

    /// Takes events; returns the new text that is to be shown.
    mutating func take(_ events: [AnswerEvent]) -> String {
        var shown = ""
        for event in events where !isDone { shown += take(event) }
        text += shown
        return shown
    }

    /// Takes the end of the answer; returns the text that was held back.
    mutating func finish() -> String {
        let rest = filter.finish()
        text += rest
        return rest
    }

    /// The whole text: what stands before the end of reasoning that nobody had announced is none of it.
    var wholeText: String { ReasoningFilter.withoutUnannounced(text) }

    /// The calls in the order of their places, each with an id of its own. A call without a name is none.
    var toolCalls: [ToolCall] {
        var seen: Set<String> = []
        return calls.sorted { $0.key < $1.key }.filter { !$0.value.name.isEmpty }.map { place, call in
            var id = call.id ?? ""
            if id.isEmpty || seen.contains(id) { id = "call_\(place)" }
            while !seen.insert(id).inserted { id += "_" }
            return ToolCall(id: id, name: call.name, arguments: call.arguments.isEmpty ? "{}" : call.arguments)
        }
    }

    /// What the provider reported; nil when it said nothing of the prompt.
    var usage: TokenUsage? {
        promptTokens.map {
            TokenUsage(promptTokens: $0, completionTokens: completionTokens ?? 0, cachedTokens: cachedTokens ?? 0)
        }
    }

    private mutating func take(_ event: AnswerEvent) -> String {
        switch event {
        case .text(let piece):
            guard !piece.isEmpty else { return "" }
            progress += 1
            let shown = filter.take(piece)
            if filter.isReasoning { hasReasoning = true }
            return shown
        case .reasoning:
            progress += 1
            hasReasoning = true
        case .toolCall(let place, let id, let name, let arguments):
            progress += 1
            guard calls.count < Self.mostCalls || calls[place] != nil else { return "" }
            var call = calls[place] ?? Call()
            if let id, !id.isEmpty { call.id = id }
            call.name += name ?? ""
            call.arguments += arguments
            calls[place] = call
        case .usage(let prompt, let completion, let cached):
            promptTokens = prompt ?? promptTokens
            completionTokens = completion ?? completionTokens
            cachedTokens = cached ?? cachedTokens
        case .finish(let reason):
            // Who refuses may well say afterwards that it has stopped.
            if finishReason != .refused { finishReason = reason }
        case .done:
            isDone = true
        }
        return ""
    }
}
