package import BotCore
import Logging

extension SessionManager {
    /// Adds the tools that a running turn's model calls to the log, before they are called; nil when a reset came first.
    ///
    /// - Parameters:
    ///   - step: how many calls of tools came before in the turn, so that the same is added once.
    ///   - text: what the model said with them.
    ///   - model: as `openai/gpt-5`.
    ///   - cost: see `TurnStep.cost`.
    package func appendCalls(
        _ calls: [ToolCall], saying text: String, by model: String, costing cost: RequestCost?, step: Int,
        to turn: TurnID
    ) async throws(StoreError) -> SessionMessage? {
        let tokens = calls.reduce(counter.count(text)) { $0 + counter.count($1.name) + counter.count($1.arguments) }
        let message = MessageDraft(
            role: .assistant, text: text, tokens: tokens, tokenizer: counter.name,
            externalID: "turn/\(turn)/step/\(step)", model: model, toolCalls: calls)
        let appended = try await append(TurnStep(message: message, cost: cost), to: turn)
        if let cost, let model = cost.model, let counted = cost.counted {
            meter.learn(TokenReport(model: model, counted: counted, reported: cost.usage.promptTokens))
        }
        return appended
    }

    /// Adds what a tool returned to the log; nil when a reset came first.
    package func appendResult(
        _ text: String, of call: ToolCall, to turn: TurnID
    ) async throws(StoreError) -> SessionMessage? {
        let message = MessageDraft(
            role: .tool, text: text, tokens: counter.count(text), tokenizer: counter.name,
            externalID: "turn/\(turn)/result/\(call.id)", toolCallID: call.id)
        return try await append(TurnStep(message: message), to: turn)
    }

    private func append(_ step: TurnStep, to turn: TurnID) async throws(StoreError) -> SessionMessage? {
        switch try await store.append(step, to: turn, at: time.now) {
        case .appended(let session, let message):
            note(session, appended: message)
            return message
        case .superseded:
            log.info("turn superseded", ["turn.id": "\(turn)"])
            return nil
        }
    }
}
