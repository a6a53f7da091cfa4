import BotCore
import Testing

@testable import BotModels

struct OpenAIAnswerReaderTests {
    private static let streamed = """
        : keep-alive\r\n\r\ndata: {"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}\r\n\r
        data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n
        data: {"choices":[{"delta":{"content":"Grüße "}}],"usage":null}\n
        data:{"choices":[{"delta":{"content":[{"type":"text","text":"漢字"}]}}]}\n
        event: ping\ndata: {}\n
        data: {"choices":[{"delta":{"content":"👩🏽‍🚀"},"finish_reason":"length"}]}\n
        data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}\n
        data: [DONE]\n\n
        """

    private static let whole = """
        \n {"id":"x","choices":[{"message":{"role":"assistant","content":"Grüße 漢字👩🏽‍🚀"},"finish_reason":"length"}],
        "usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}
        """

    private func read(_ parts: [ArraySlice<UInt8>]) throws -> OpenAIAnswerReader {
        var reader = OpenAIAnswerReader()
        var text = ""
        for part in parts { text += try reader.feed(Array(part)).joined() }
        text += try reader.finish().joined()
        #expect(text == reader.text)
        return reader
    }

    @Test(arguments: [streamed, whole])
    func readsTheSameHoweverTheBytesAreCut(body: String) throws {
        let bytes = Array(body.utf8)
        for cut in 0...bytes.count {
            let reader = try read([bytes[..<cut], bytes[cut...]])
            guard reader.text == "Grüße 漢字👩🏽‍🚀", reader.finishReason == .length, reader.isDone,
                reader.usage == TokenUsage(promptTokens: 3, completionTokens: 2, cachedTokens: 1)
            else {
                Issue.record("cut at \(cut): \(reader)")
                return
            }
        }
        #expect(try read(bytes.indices.map { bytes[$0...$0] }).text == "Grüße 漢字👩🏽‍🚀")
    }

    @Test func countsReasoningAsProgressButNotComments() throws {
        var reader = OpenAIAnswerReader()
        _ = try reader.feed(Array(": waiting\n\n".utf8))
        _ = try reader.feed(Array("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n".utf8))
        #expect(reader.progress == 0)
        _ = try reader.feed(Array("data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n".utf8))
        #expect(reader.progress == 1)
        #expect(reader.text.isEmpty)
    }

    @Test func showsARefusalInItsWords() throws {
        let body = #"data: {"choices":[{"delta":{"refusal":"I cannot."},"finish_reason":"stop"}]}"# + "\n\n"
        let reader = try read([Array(body.utf8)[...]])
        #expect(reader.text == "I cannot.")
        #expect(reader.finishReason == .refused)
    }

    @Test func nothingAfterTheEndIsRead() throws {
        let body = "data: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"more\"}}]}\n\n"
        #expect(try read([Array(body.utf8)[...]]).text.isEmpty)
    }

    @Test(arguments: ["data: <html>\n\n", "data: [1,2]\n\n", "{\"choices\":"])
    func malformedAnswersAreErrors(body: String) {
        #expect(throws: OpenAIAnswerReader.Failure.self) { try read([Array(body.utf8)[...]]) }
    }

    @Test(arguments: [
        (#"{"message":"m","type":"t","code":"c"}"#, ErrorDetail(message: "m", type: "t", code: "c")),
        (#"{"message":"m","code":503}"#, ErrorDetail(message: "m", code: "503")),
        (#""just words""#, ErrorDetail(message: "just words")),
    ])
    func handsOnErrorsInTheStream(json: String, detail: ErrorDetail) {
        #expect(throws: OpenAIAnswerReader.Failure.reported(detail)) {
            try read([Array("data: {\"error\":\(json)}\n\n".utf8)[...]])
        }
    }
}
