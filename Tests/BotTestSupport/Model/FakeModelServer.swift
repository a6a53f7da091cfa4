package import BotCore
import Foundation

/// A model server on 127.0.0.1 that speaks OpenAI's chat completions, Anthropic's messages and Ollama's own API, with scripted answers.
///
/// Each call takes the next scripted answer that may answer its question, and `fallback` when there is none. Calls are recorded in the order they
/// came.
package final class FakeModelServer: Sendable {
    /// One call for a completion.
    package struct Call: Sendable {
        package let api: ModelAPI
        package let authorization: String?
        /// The key and the version, as Anthropic wants them.
        package let apiKey: String?
        package let version: String?
        /// The body as it came, and its members.
        package let bytes: [UInt8]
        package let body: [String: JSONValue]
        package let messages: [PromptMessage]
        /// Whether the client closed the connection before the answer had ended.
        package var wasAbandoned = false
        /// When it came and when its answer was written to the end, by the server's clock.
        package let cameAt: Duration
        package internal(set) var endedAt: Duration?

        package var model: String? { if case .string(let name) = body["model"] { name } else { nil } }
        /// The text of the system prompt; nil without one.
        package var system: String? { messages.first { $0.role == .system }?.content }
        /// The newest message of the user.
        package var question: String? { messages.last { $0.role == .user }?.words }
    }

    /// The answer to a `GET` that belongs to no API.
    private struct Page: Sendable {
        let status: Int
        let body: JSONValue
    }

    private struct ScriptedAnswer: Sendable {
        let answer: ModelAnswer
        /// What the newest message of the user has to hold; nil for any.
        let question: String?

        func suits(_ call: Call) -> Bool {
            guard let question else { return true }
            return call.question?.contains(question) ?? false
        }
    }

    private struct State: Sendable {
        var script: [ScriptedAnswer] = []
        var fallback: @Sendable (Call) -> ModelAnswer = { call in
            ModelAnswer("You said: \(call.question ?? "nothing")")
        }
        var models: [String]? = ["fake-model"]
        var facts: [String: JSONValue] = [:]
        var pages: [String: Page] = [:]
        var questions: [String] = []
        var calls: [Call] = []

        mutating func nextAnswer(to call: Call) -> ModelAnswer {
            guard let next = script.firstIndex(where: { $0.suits(call) }) else { return fallback(call) }
            return script.remove(at: next).answer
        }
    }

    private let state = Lock(State())
    private let changes = Changes()
    private let time: any TimeSource
    private let server: LoopbackServer

    /// - Parameter time: measures the delays of answers.
    package init(tls: TestTLS? = nil, time: any TimeSource = SystemTime()) throws {
        self.time = time
        let (state, changes, time) = (state, changes, time)
        server = try LoopbackServer(tls: tls) { exchange in
            try await Self.handle(exchange, state, changes, time)
        }
    }

    /// Listens and serves until the task is cancelled.
    package func run() async throws { try await server.run() }

    /// The base URL to configure for OpenAI's API, as `http://127.0.0.1:4711/v1`.
    package var baseURL: String { get async throws { try await server.url + "/v1" } }

    /// The base URL to configure for an API.
    package func baseURL(for api: ModelAPI) async throws -> String {
        try await api == .openAI ? baseURL : server.url
    }

    /// How many connections were accepted.
    package var connectionCount: Int { server.connectionCount }

    // MARK: - Script

    /// Adds answers for the next calls.
    ///
    /// - Parameter question: what the newest message of the user has to hold, so that a call which was already on its way does not take the answer;
    ///   nil for any.
    package func script(_ answers: ModelAnswer..., to question: String? = nil) {
        state.withLock { $0.script += answers.map { ScriptedAnswer(answer: $0, question: question) } }
    }

    /// Forgets the answers that are left.
    package func endScript() { state.withLock { $0.script = [] } }

    /// Sets what is answered where the script holds no answer.
    package func setFallback(_ fallback: @escaping @Sendable (Call) -> ModelAnswer) {
        state.withLock { $0.fallback = fallback }
    }

    /// Sets what `GET /models` lists; nil answers 404.
    package func setModels(_ models: [String]?) { state.withLock { $0.models = models } }

    /// Sets what the server says of each of its models, beside its name.
    package func setFacts(_ facts: [String: JSONValue]) { state.withLock { $0.facts = facts } }

    /// Sets what is answered at a path beside the APIs, which is 404 else.
    package func setPage(_ path: String, status: Int = 200, _ body: JSONValue) {
        state.withLock { $0.pages[path] = Page(status: status, body: body) }
    }

    // MARK: - Record

    /// The targets of the requests for anything but a completion until now, in order.
    package var questions: [String] { state.withLock { $0.questions } }

    /// The calls until now.
    package var calls: [Call] { state.withLock { $0.calls } }

    /// Waits until so many calls came, or the task is cancelled.
    package func waitForCalls(_ count: Int) async { await wait { $0.count >= count } }

    /// Waits until the client has closed the connection of a call (from 0) before its answer had ended, or the task is
    /// cancelled.
    package func waitUntilAbandoned(_ call: Int) async { await wait { $0.count > call && $0[call].wasAbandoned } }

    private func wait(until isReached: @Sendable ([Call]) -> Bool) async {
        while true {
            let version = changes.version
            if isReached(calls) { return }
            // Only being cancelled ends the wait otherwise.
            do { try await changes.next(after: version) } catch { return }
        }
    }

    // MARK: - Serving

    private static func handle(
        _ exchange: LoopbackExchange, _ state: Lock<State>, _ changes: Changes, _ time: any TimeSource
    ) async throws {
        if exchange.method == "GET" || exchange.path == "/api/show" {
            state.withLock { $0.questions.append(exchange.target) }
        }
        switch (exchange.method, exchange.path) {
        case ("GET", "/v1/models"), ("GET", "/api/tags"):
            guard let models = state.withLock({ $0.models }) else {
                return try await exchange.respond(status: 404, json: #"{"error":{"message":"no such page"}}"#)
            }
            try await exchange.respond(json: Self.list(of: models, for: exchange, state).text)
        case ("POST", "/api/show"):
            let facts = state.withLock { $0.facts }
            guard facts.isEmpty else { return try await exchange.respond(json: JSONValue.object(facts).text) }
            try await exchange.respond(status: 404, json: #"{"error":"model not found"}"#)
        case ("POST", "/v1/chat/completions"): try await answer(exchange, as: .openAI, state, changes, time)
        case ("POST", "/v1/messages"): try await answer(exchange, as: .anthropic, state, changes, time)
        case ("POST", "/api/chat"): try await answer(exchange, as: .ollama, state, changes, time)
        default:
            guard exchange.method == "GET", let page = state.withLock({ $0.pages[exchange.path] }) else {
                return try await exchange.respond(status: 404, json: #"{"error":{"message":"Not found"}}"#)
            }
            try await exchange.respond(status: page.status, json: page.body.text)
        }
    }

    private static func list(of models: [String], for exchange: LoopbackExchange, _ state: Lock<State>) -> JSONValue {
        if exchange.path == "/api/tags" {
            let entries = models.map { name in
                JSONValue.object(["name": .string(name), "model": .string(name), "size": .integer(1)])
            }
            return .object(["models": .array(entries)])
        }
        let facts = state.withLock { $0.facts }
        let isAnthropic = exchange.header("anthropic-version") != nil
        let entries = models.map { id in
            var members: [String: JSONValue] =
                isAnthropic
                ? [
                    "type": .string("model"), "display_name": .string(id), "lifecycle": .string("active"),
                    "created_at": .string("2026-06-30T00:00:00Z"),
                ]
                : ["object": .string("model"), "created": .integer(1_790_000_000), "owned_by": .string("tests")]
            members["id"] = .string(id)
            return JSONValue.object(members.merging(facts) { $1 })
        }
        var list: [String: JSONValue] = ["data": .array(entries)]
        if isAnthropic {
            list.merge(["has_more": .bool(false), "first_id": .null, "last_id": .null]) { $1 }
        } else {
            list["object"] = .string("list")
        }
        return .object(list)
    }

    private static func answer(
        _ exchange: LoopbackExchange, as api: ModelAPI, _ state: Lock<State>, _ changes: Changes,
        _ time: any TimeSource
    ) async throws {
        let cameAt = time.uptime
        let body = try JSONDecoder().decode([String: JSONValue].self, from: Data(exchange.body))
        let call = Call(
            api: api, authorization: exchange.header("authorization"), apiKey: exchange.header("x-api-key"),
            version: exchange.header("anthropic-version"), bytes: exchange.body, body: body,
            messages: api.wire.messages(in: body), cameAt: cameAt)
        let (answer, number) = state.withLock { state in
            state.calls.append(call)
            return (state.nextAnswer(to: call), state.calls.count - 1)
        }
        changes.happened()
        do {
            try await answer.send(over: exchange, as: api, time: time)
            let endedAt = time.uptime
            state.withLock { $0.calls[number].endedAt = endedAt }
        } catch {
            state.withLock { $0.calls[number].wasAbandoned = true }
            changes.happened()
            throw error
        }
    }
}

extension PromptImage {
    /// An image from base64; nil when that is none.
    static func decoded(mediaType: String, base64: String) -> PromptImage? {
        Data(base64Encoded: base64).map { PromptImage(mediaType: mediaType, bytes: [UInt8]($0)) }
    }
}

/// Runs a model server while the body runs.
package func withFakeModelServer<Result: Sendable>(
    tls: TestTLS? = nil, time: any TimeSource = SystemTime(), _ body: (FakeModelServer) async throws -> Result
) async throws -> Result {
    let server = try FakeModelServer(tls: tls, time: time)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        _ = try await server.baseURL
        defer { group.cancelAll() }
        return try await body(server)
    }
}
