import BotCore
import BotTestSupport
import Foundation

/// Serves the fake of the model servers until its standard input ends, for clients that are not ours.
///
/// What it answers is chosen by the question: `tools` calls the first tool twice, `length` reaches the longest answer, `refuse` is
/// refused, `fail` is an error of the status that follows it, and anything else is said again, after some reasoning.
@main
enum FakeModel {
    static func main() async throws {
        try await withFakeModelServer { server in
            server.setModels(["fake-model", "fake-embedding"])
            server.setFallback(answer)
            let address = try await server.baseURL(for: .anthropic)
            // Not by `print`, which keeps what goes into a pipe until it ends.
            try FileHandle.standardOutput.write(contentsOf: Data((address + "\n").utf8))
            await withCheckedContinuation { ended in
                // Reading waits, and must not do so on a thread that serves.
                Thread.detachNewThread {
                    while readLine() != nil {}
                    ended.resume()
                }
            }
        }
    }

    private static func answer(_ call: FakeModelServer.Call) -> ModelAnswer {
        let question = call.question ?? ""
        if question.hasPrefix("fail "), let status = Int(question.dropFirst(5)) {
            return .error(status, #"{"type":"error","error":{"type":"api_error","message":"as you wish"}}"#)
        }
        switch question {
        case "tools" where !call.messages.contains { $0.role == .tool }:
            var answer = ModelAnswer("Let me see.", ending: .whole(finish: "tool_calls"))
            answer.toolCalls = ["a", "b"].enumerated().map { place, word in
                ToolCall(id: "call_\(place)", name: "look_up", arguments: #"{"word":"\#(word) 漢字"}"#)
            }
            return answer
        case "tools":
            return ModelAnswer(call.messages.filter { $0.role == .tool }.map(\.content).joined(separator: ", "))
        case "length": return ModelAnswer("Too lo", ending: .whole(finish: "length"))
        case "refuse": return ModelAnswer("No.", ending: .whole(finish: "content_filter"))
        default:
            var answer = ModelAnswer(
                question, usage: TokenUsage(promptTokens: 12, completionTokens: 7, cachedTokens: 4))
            answer.reasoning = ["Let me ", "think"]
            return answer
        }
    }
}
