import BotCore
import BotHTTP
import Testing

@testable import BotModels

struct ModelErrorClassifierTests {
    private static let now = Timestamp(rawValue: 1_792_568_880_000)  // Wed, 21 Oct 2026 07:48:00 GMT

    private func classify(_ status: Int, _ body: String, headers: [(name: String, value: String)] = []) -> ModelError {
        ModelErrorClassifier(key: Secret("sk-secret"), now: Self.now)
            .error(status: status, headers: HTTPHeaders(headers), body: Array(body.utf8))
    }

    @Test(arguments: [
        (401, "", ErrorClass.unauthorized), (403, "", .unauthorized), (402, "", .quotaExceeded),
        (429, "", .rateLimited), (500, "", .unavailable), (503, "", .unavailable), (529, "", .unavailable),
        (408, "", .unavailable), (404, "<html>nginx</html>", .badRequest), (418, "", .badRequest),
        (302, "", .badRequest),
        (404, #"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#, .unknownModel),
        (400, #"{"error":{"message":"x is not a valid model ID","code":400}}"#, .unknownModel),
        (400, #"{"object":"error","message":"The model `x` does not exist."}"#, .unknownModel),
        (429, #"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota"}}"#, .quotaExceeded),
        (400, #"{"error":{"message":"Your credit balance is too low"}}"#, .quotaExceeded),
        (400, #"{"error":{"message":"temperature must be a number"}}"#, .badRequest),
        (400, #"{"error":"temperature must be a number"}"#, .badRequest),
    ])
    func sortsByStatusAndWords(status: Int, body: String, expected: ErrorClass) {
        #expect(ErrorClass(classify(status, body)) == expected)
    }

    @Test(arguments: [
        (
            400,
            #"{"error":{"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"}}"#
        ),
        (
            400,
            #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#
        ),
        (
            400,
            #"{"object":"error","message":"This model's maximum context length is 4096 tokens. Please reduce the length"}"#
        ),
        (400, #"{"error":"Trying to keep the first 9 tokens when context the overflows: context length exceeded"}"#),
        (413, #"{"error":{"message":"Request too large for model, please reduce your message size"}}"#),
        (400, #"{"error":{"message":"prompt is too long: 200001 tokens > 200000 maximum"}}"#),
        (400, #"{"error":{"message":"The input token count (9) exceeds the maximum"}}"#),
        (500, #"{"error":{"message":"input is too long for the context window"}}"#),
        (422, #"{"detail":"too many tokens"}"#),
    ])
    func knowsManyWordsForTooLong(status: Int, body: String) {
        #expect(ErrorClass(classify(status, body)) == .contextTooLong)
    }

    @Test func hidesTheKeyAndCapsTheText() throws {
        let long = "the key sk-secret is wrong \n\n" + String(repeating: "x", count: 5000)
        guard case .unauthorized(let text) = classify(401, long) else {
            Issue.record("another class")
            return
        }
        #expect(text.hasPrefix("HTTP 401: the key <redacted> is wrong xxx"))
        #expect(text.count < 400)
    }

    @Test(arguments: [
        ("retry-after", "7", Duration.seconds(7)), ("Retry-After", "0.25", .milliseconds(250)),
        ("retry-after-ms", "1500", .milliseconds(1500)),
        ("retry-after", "Wed, 21 Oct 2026 07:48:30 GMT", .seconds(30)),
        ("retry-after", "Wed, 21 Oct 2026 07:00:00 GMT", .zero),
        ("retry-after", "Mon, 01 Mar 2027 00:00:00 GMT", .seconds(130 * 86_400 + 58_320)),
        ("retry-after", "soon", nil), ("retry-after", "-3", nil), ("retry-after", "nan", nil), ("x", "1", nil),
        ("retry-after", "Wed, 21 Okt 2026 07:48:30 GMT", nil), ("retry-after", "1e300", nil),
        ("retry-after", "Wed, 21 Oct 2026 9223372036854775807:48:30 GMT", nil),
        ("retry-after", "Wed, 21 Oct 2026 07:-9223372036854775808:30 GMT", nil),
    ])
    func readsHowLongToWait(name: String, value: String, expected: Duration?) {
        guard case .rateLimited(let wait, _) = classify(429, "", headers: [(name, value)]) else {
            Issue.record("another class")
            return
        }
        #expect(wait == expected)
    }
}
