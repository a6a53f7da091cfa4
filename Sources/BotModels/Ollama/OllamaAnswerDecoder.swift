import BotCore
import BotHTTP

/// Reads an answer of `/api/chat`: a JSON object a line, the last with the counts (Ollama API documentation, "Generate a chat completion").
struct OllamaAnswerDecoder: AnswerDecoder {
    private struct Line: Decodable {
        struct Message: Decodable {
            struct Call: Decodable {
                private struct Function: Decodable {
                    let name: String
                    let arguments: [String: JSONValue]?
                }
                private enum CodingKeys: String, CodingKey { case id, function }

                let id: String?
                let name: String
                let arguments: String

                init(from decoder: any Decoder) throws {
                    let container = try decoder.container(keyedBy: CodingKeys.self)
                    let function = try container.decode(Function.self, forKey: .function)
                    id = container.lenient(.id)
                    name = function.name
                    arguments = JSONText.text(.object(function.arguments ?? [:]))
                }
            }

            private enum CodingKeys: String, CodingKey {
                case content, thinking
                case toolCalls = "tool_calls"
            }

            let content: String?
            let thinking: String?
            let toolCalls: [Call]

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                content = container.lenient(.content)
                thinking = container.lenient(.thinking)
                toolCalls = container.lenient(.toolCalls) ?? []
            }
        }

        private enum CodingKeys: String, CodingKey {
            case message, done, error
            case doneReason = "done_reason"
            case promptTokens = "prompt_eval_count"
            case completionTokens = "eval_count"
        }

        let message: Message?
        let isDone: Bool
        let doneReason: String?
        let promptTokens: Int?
        let completionTokens: Int?
        let error: ErrorDetail?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            message = container.lenient(.message)
            isDone = container.lenient(.done) ?? false
            doneReason = container.lenient(.doneReason)
            promptTokens = container.tokens(.promptTokens)
            completionTokens = container.tokens(.completionTokens)
            error = container.lenient(.error)
        }
    }

    private var parser = NDJSONParser(maxLineBytes: 8 << 20)
    /// Calls come whole; each is the next.
    private var calls = 0

    mutating func feed(_ bytes: [UInt8]) throws(AnswerFailure) -> [AnswerEvent] {
        let lines: [[UInt8]]
        do { lines = try parser.feed(bytes) } catch { throw .malformed("\(error)") }
        return try events(of: lines)
    }

    mutating func finish() throws(AnswerFailure) -> [AnswerEvent] {
        let lines: [[UInt8]]
        do { lines = try parser.finish() } catch { throw .malformed("\(error)") }
        return try events(of: lines)
    }

    private mutating func events(of lines: [[UInt8]]) throws(AnswerFailure) -> [AnswerEvent] {
        var events: [AnswerEvent] = []
        for bytes in lines {
            guard let line = JSONText.decode(Line.self, from: bytes) else {
                throw .malformed("a line is no JSON object")
            }
            if let error = line.error { throw .reported(error) }
            if line.message?.thinking?.isEmpty == false { events.append(.reasoning) }
            if let text = line.message?.content, !text.isEmpty { events.append(.text(text)) }
            for call in line.message?.toolCalls ?? [] {
                events.append(.toolCall(place: calls, id: call.id, name: call.name, arguments: call.arguments))
                calls += 1
            }
            guard line.isDone else { continue }
            events.append(.usage(prompt: line.promptTokens, completion: line.completionTokens, cached: nil))
            events.append(.finish(reason(line.doneReason)))
            events.append(.done)
        }
        return events
    }

    private func reason(_ word: String?) -> FinishReason {
        if word == "length" { return .length }
        return calls > 0 ? .toolCalls : .stop
    }
}
