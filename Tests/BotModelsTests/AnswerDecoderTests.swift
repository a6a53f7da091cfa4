import BotCore
import Testing

@testable import BotModels

/// Answers of each dialect, however their bytes are cut.
struct AnswerDecoderTests {
    /// An answer and what it says.
    struct Body: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let finish: FinishReason
        let dialect: @Sendable () -> any AnswerDecoder
        var calls: [ToolCall] = []

        var testDescription: String { name }
    }

    private static let bodies = [
        Body(
            name: "chat completions, streamed",
            text: """
                : keep-alive\r\n\r\ndata: {"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}\r\n\r
                data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n
                data: {"choices":[{"delta":{"content":"Grüße "}}],"usage":null}\n
                data:{"choices":[{"delta":{"content":[{"type":"text","text":"漢字"}]}}]}\n
                event: ping\ndata: {}\n
                data: {"choices":[{"delta":{"content":"👩🏽‍🚀"},"finish_reason":"length"}]}\n
                data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}\n
                data: [DONE]\n\n
                """, finish: .length, dialect: { OpenAIAnswerDecoder() }),
        Body(
            name: "chat completions, whole",
            text: """
                \n {"id":"x","choices":[{"message":{"role":"assistant","content":"Grüße 漢字👩🏽‍🚀"},"finish_reason":"length"}],
                "usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}
                """, finish: .length, dialect: { OpenAIAnswerDecoder() }),
        Body(
            name: "chat completions, calls",
            text: """
                data: {"choices":[{"delta":{"content":"Grüße 漢字👩🏽‍🚀"}}]}\n
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]}\n
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"x\\":"}}]}}]}\n
                data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":"1}"}}]}}]}\n
                data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}\n
                data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}\n
                data: [DONE]\n\n
                """, finish: .toolCalls, dialect: { OpenAIAnswerDecoder() },
            calls: [
                ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#), ToolCall(id: "b", name: "g", arguments: "{}"),
            ]),
        Body(
            name: "messages, calls",
            text: """
                event: message_start\ndata: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":2,"cache_read_input_tokens":1,"cache_creation_input_tokens":0,"output_tokens":1}}}\n
                event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}\n
                event: ping\ndata: {"type": "ping"}\n
                event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}\n
                event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n
                event: content_block_start\ndata: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}\n
                event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße 漢字👩🏽‍🚀"}}\n
                event: a_kind_of_tomorrow\ndata: {"type":"a_kind_of_tomorrow"}\n
                event: content_block_start\ndata: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}\n
                event: content_block_delta\ndata: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"x\\":"}}\n
                event: content_block_delta\ndata: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}\n
                event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}\n
                event: message_stop\ndata: {"type":"message_stop"}\n\n
                """, finish: .toolCalls, dialect: { AnthropicAnswerDecoder() },
            calls: [ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#)]),
        Body(
            name: "Ollama, calls",
            text: """
                {"model":"m","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
                {"model":"m","message":{"role":"assistant","content":"Grüße "},"done":false}\r
                {"model":"m","message":{"role":"assistant","content":"漢字👩🏽‍🚀"},"done":false}
                {"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]},"done":false}
                {"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"g","arguments":{}}}]},"done":false}
                {"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}
                """, finish: .toolCalls, dialect: { OllamaAnswerDecoder() },
            calls: [
                ToolCall(id: "call_0", name: "f", arguments: #"{"x":1}"#),
                ToolCall(id: "call_1", name: "g", arguments: "{}"),
            ]),
    ]

    private func read(
        _ parts: [ArraySlice<UInt8>], by decoder: any AnswerDecoder
    ) throws -> AnswerCollector {
        var decoder = decoder
        var answer = AnswerCollector()
        var shown = ""
        for part in parts { shown += answer.take(try decoder.feed(Array(part))) }
        shown += answer.take(try decoder.finish())
        shown += answer.finish()
        #expect(shown == answer.text)
        return answer
    }

    private func read(_ text: String, by decoder: any AnswerDecoder) throws -> AnswerCollector {
        try read([Array(text.utf8)[...]], by: decoder)
    }

    @Test(arguments: bodies)
    func readsTheSameHoweverTheBytesAreCut(body: Body) throws {
        let bytes = Array(body.text.utf8)
        let cuts = (0...bytes.count).map { [bytes[..<$0], bytes[$0...]] }
        for parts in cuts + [bytes.indices.map { bytes[$0...$0] }] {
            let answer = try read(parts, by: body.dialect())
            guard answer.text == "Grüße 漢字👩🏽‍🚀", answer.finishReason == body.finish, answer.isDone,
                answer.toolCalls == body.calls, answer.usage?.promptTokens == 3, answer.usage?.completionTokens == 2
            else {
                Issue.record("\(parts.map(\.count)): \(answer)")
                return
            }
        }
    }

    @Test func countsReasoningAsProgressButNotComments() throws {
        var decoder = OpenAIAnswerDecoder()
        var answer = AnswerCollector()
        _ = answer.take(try decoder.feed(Array(": waiting\n\n".utf8)))
        _ = answer.take(
            try decoder.feed(Array("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n".utf8)))
        #expect(answer.progress == 0)
        _ = answer.take(
            try decoder.feed(Array("data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n".utf8)))
        #expect(answer.progress == 1)
        #expect(answer.text.isEmpty)
    }

    @Test func showsARefusalInItsWords() throws {
        let body = #"data: {"choices":[{"delta":{"refusal":"I cannot."},"finish_reason":"stop"}]}"# + "\n\n"
        let answer = try read(body, by: OpenAIAnswerDecoder())
        #expect(answer.text == "I cannot.")
        #expect(answer.finishReason == .refused)
    }

    @Test func nothingAfterTheEndIsRead() throws {
        let body = "data: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"more\"}}]}\n\n"
        #expect(try read(body, by: OpenAIAnswerDecoder()).text.isEmpty)
    }

    @Test func eachCallHasAnIDOfItsOwn() throws {
        // Some servers give no ids, or the same one twice, or no index.
        let body = """
            {"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":1}}},
            {"id":"a","function":{"name":"g"}},{"function":{"name":"h","arguments":"{}"}},{"id":"d","function":{}}]},
            "finish_reason":"stop"}]}
            """
        #expect(
            try read(body, by: OpenAIAnswerDecoder()).toolCalls == [
                ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#),
                ToolCall(id: "call_1", name: "g", arguments: "{}"),
                ToolCall(id: "call_2", name: "h", arguments: "{}"),
            ])
    }

    @Test(arguments: ["data: <html>\n\n", "data: [1,2]\n\n", "{\"choices\":"])
    func malformedCompletionsAreErrors(body: String) {
        #expect(throws: AnswerFailure.self) { try read(body, by: OpenAIAnswerDecoder()) }
    }

    @Test func malformedMessagesAreErrors() {
        #expect(throws: AnswerFailure.self) { try read("data: <html>\n\n", by: AnthropicAnswerDecoder()) }
        #expect(throws: AnswerFailure.self) { try read("<html>\n", by: OllamaAnswerDecoder()) }
    }

    @Test(arguments: [
        (#"{"message":"m","type":"t","code":"c"}"#, ErrorDetail(message: "m", type: "t", code: "c")),
        (#"{"message":"m","code":503}"#, ErrorDetail(message: "m", code: "503")),
        (#""just words""#, ErrorDetail(message: "just words")),
    ])
    func handsOnErrorsInTheStream(json: String, detail: ErrorDetail) {
        #expect(throws: AnswerFailure.reported(detail)) {
            try read("data: {\"error\":\(json)}\n\n", by: OpenAIAnswerDecoder())
        }
        #expect(throws: AnswerFailure.reported(detail)) {
            try read("event: error\ndata: {\"type\":\"error\",\"error\":\(json)}\n\n", by: AnthropicAnswerDecoder())
        }
        #expect(throws: AnswerFailure.reported(detail)) {
            try read("{\"error\":\(json)}\n", by: OllamaAnswerDecoder())
        }
    }
}
