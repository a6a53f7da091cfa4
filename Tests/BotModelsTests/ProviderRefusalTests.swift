import BotCore
import BotTestSupport
import Testing

/// What every dialect makes of a server that refuses, over the wire: each class of errors in the words of each API.
@Suite(.timeLimit(.minutes(5)))
struct ProviderRefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let api: ModelAPI
        let status: Int
        let body: String
        let expected: ErrorClass

        var testDescription: String { "\(api) \(status) \(expected)" }

        init(_ api: ModelAPI, _ status: Int, _ body: String, _ expected: ErrorClass) {
            (self.api, self.status, self.body, self.expected) = (api, status, body, expected)
        }

        /// An error as Anthropic writes it (Anthropic API reference, "Errors").
        static func anthropic(_ status: Int, _ type: String, _ message: String, _ expected: ErrorClass) -> Refusal {
            Refusal(
                .anthropic, status, #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"}}"#, expected)
        }

        /// An error as Ollama writes it (Ollama API documentation, "Errors").
        static func ollama(_ status: Int, _ message: String, _ expected: ErrorClass) -> Refusal {
            Refusal(.ollama, status, #"{"error":"\#(message)"}"#, expected)
        }
    }

    private static let refusals = [
        Refusal(.openAI, 401, #"{"error":{"message":"Incorrect API key provided: sk-secret."}}"#, .unauthorized),
        Refusal(.openAI, 403, #"{"error":{"message":"Country not supported"}}"#, .unauthorized),
        Refusal(.openAI, 402, #"{"error":{"message":"Insufficient credits","code":402}}"#, .quotaExceeded),
        Refusal(.openAI, 429, #"{"error":{"message":"quota","code":"insufficient_quota"}}"#, .quotaExceeded),
        Refusal(.openAI, 429, #"{"error":{"message":"Rate limit reached for requests"}}"#, .rateLimited),
        Refusal(
            .openAI, 404, #"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#,
            .unknownModel),
        Refusal(.openAI, 400, #"{"error":{"message":"too long","code":"context_length_exceeded"}}"#, .contextTooLong),
        Refusal(.openAI, 400, #"{"error":{"message":"Unsupported value: 'x'"}}"#, .badRequest),
        Refusal(.openAI, 500, #"{"error":{"message":"The server had an error"}}"#, .unavailable),
        Refusal(.openAI, 502, "<html>Bad gateway</html>", .unavailable),
        Refusal(.openAI, 503, #"{"error":{"message":"Loading model","type":"unavailable_error"}}"#, .unavailable),
        .anthropic(401, "authentication_error", "invalid x-api-key sk-secret", .unauthorized),
        .anthropic(403, "permission_error", "Your API key does not have permission", .unauthorized),
        .anthropic(402, "billing_error", "There is an issue with your billing", .quotaExceeded),
        .anthropic(
            400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API", .quotaExceeded),
        .anthropic(429, "rate_limit_error", "Number of request tokens has exceeded your limit", .rateLimited),
        .anthropic(404, "not_found_error", "model: claude-x", .unknownModel),
        .anthropic(
            400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum", .contextTooLong),
        .anthropic(400, "invalid_request_error", "messages: roles must alternate", .badRequest),
        .anthropic(500, "api_error", "Internal server error", .unavailable),
        .anthropic(529, "overloaded_error", "Overloaded", .unavailable),
        .ollama(401, "unauthorized", .unauthorized),
        .ollama(429, "too many requests", .rateLimited),
        .ollama(404, "model 'x' not found", .unknownModel),
        .ollama(400, "the prompt exceeds the context length", .contextTooLong),
        .ollama(400, "invalid message content type", .badRequest),
        .ollama(500, "model runner has unexpectedly stopped", .unavailable),
        .ollama(503, "server busy, please try again. maximum pending requests exceeded", .unavailable),
    ]

    @Test(arguments: refusals)
    func sortsRefusals(refusal: Refusal) async throws {
        try await ProviderFixture.with(refusal.api) { fixture in
            fixture.server.script(.error(refusal.status, refusal.body))
            let (pieces, result) = await fixture.ask()
            #expect(result.errorClass == refusal.expected)
            #expect(pieces.isEmpty)
            #expect(!"\(result)".contains("sk-secret"))
            #expect(fixture.server.calls.count == 1)
        }
    }

    @Test(arguments: ModelAPI.allCases)
    func handsOnHowLongToWait(api: ModelAPI) async throws {
        try await ProviderFixture.with(api) { fixture in
            fixture.server.script(.error(429, "{}", headers: [("Retry-After", "7")]))
            guard case .failure(.rateLimited(let wait, _)) = await fixture.ask().result else {
                Issue.record("not limited")
                return
            }
            #expect(wait == .seconds(7))
        }
    }
}
