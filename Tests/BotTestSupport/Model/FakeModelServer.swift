package import BotCore
import Foundation

/// A model server on 127.0.0.1 that speaks OpenAI's chat completions, with scripted answers.
///
/// Each call takes the next scripted answer, and `fallback` when none is left. Calls are recorded in the order they came.
package final class FakeModelServer: Sendable {
    /// One call of `/chat/completions`.
    package struct Call: Sendable {
        package let authorization: String?
        /// The body's members.
        package let body: [String: JSONValue]
        package let messages: [PromptMessage]
        /// Whether the client closed the connection before the answer had ended.
        package var wasAbandoned = false

        package var model: String? { if case .string(let name) = body["model"] { name } else { nil } }
        /// The text of the system prompt; nil without one.
        package var system: String? { messages.first { $0.role == .system }?.content }
        /// The newest message of the user.
        package var question: String? { messages.last { $0.role == .user }?.words }
    }

    private struct State: Sendable {
        var script: [ModelAnswer] = []
        var fallback: @Sendable (Call) -> ModelAnswer = { call in
            ModelAnswer("You said: \(call.question ?? "nothing")")
        }
        var models: [String]? = ["fake-model"]
        var calls: [Call] = []
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

    /// The base URL to configure, as `http://127.0.0.1:4711/v1`.
    package var baseURL: String { get async throws { try await server.url + "/v1" } }

    /// How many connections were accepted.
    package var connectionCount: Int { server.connectionCount }

    // MARK: - Script

    /// Adds answers for the next calls.
    package func script(_ answers: ModelAnswer...) { state.withLock { $0.script += answers } }

    /// Forgets the answers that are left.
    package func endScript() { state.withLock { $0.script = [] } }

    /// Sets what is answered when the script is empty.
    package func setFallback(_ fallback: @escaping @Sendable (Call) -> ModelAnswer) {
        state.withLock { $0.fallback = fallback }
    }

    /// Sets what `GET /models` lists; nil answers 404.
    package func setModels(_ models: [String]?) { state.withLock { $0.models = models } }

    // MARK: - Record

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
        switch (exchange.method, exchange.path) {
        case ("GET", "/v1/models"):
            guard let models = state.withLock({ $0.models }) else {
                return try await exchange.respond(status: 404, json: #"{"error":{"message":"no such page"}}"#)
            }
            let list = models.map { ["id": JSONValue.string($0), "object": .string("model")] }
            let body = JSONValue.object(["object": .string("list"), "data": .array(list.map(JSONValue.object))])
            try await exchange.respond(json: Self.text(body))
        case ("POST", "/v1/chat/completions"):
            try await answer(exchange, state, changes, time)
        default:
            try await exchange.respond(status: 404, json: #"{"error":{"message":"Not found"}}"#)
        }
    }

    private static func answer(
        _ exchange: LoopbackExchange, _ state: Lock<State>, _ changes: Changes, _ time: any TimeSource
    ) async throws {
        let body = try JSONDecoder().decode([String: JSONValue].self, from: Data(exchange.body))
        let envelope = try JSONDecoder().decode(Envelope.self, from: Data(exchange.body))
        let call = Call(
            authorization: exchange.header("authorization"), body: body,
            messages: envelope.messages.map { PromptMessage(role: $0.role, content: $0.content) })
        let (answer, number) = state.withLock { state in
            state.calls.append(call)
            let answer = state.script.isEmpty ? state.fallback(call) : state.script.removeFirst()
            return (answer, state.calls.count - 1)
        }
        changes.happened()
        do {
            try await answer.send(over: exchange, time: time)
        } catch {
            state.withLock { $0.calls[number].wasAbandoned = true }
            changes.happened()
            throw error
        }
    }

    private struct Envelope: Decodable {
        struct Message: Decodable {
            let role: Role
            let content: String
        }
        let messages: [Message]
    }

    static func text(_ value: JSONValue) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
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
