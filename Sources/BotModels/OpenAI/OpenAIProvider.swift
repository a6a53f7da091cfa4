package import BotCore
package import BotHTTP
import Foundation
package import Logging

/// A server that speaks OpenAI's chat completions: OpenAI itself, llama.cpp, LM Studio, vLLM, OpenRouter, Groq, Ollama.
package final class OpenAIProvider: ModelProvider {
    /// The most bytes of a streamed answer.
    private static let maxStreamBytes = 16 << 20

    private let settings: OpenAISettings
    private let http: HTTPClient
    private let time: any TimeSource
    private let logger: Logger
    private let quirks: Lock<OpenAIQuirks>
    private let chosenModel: Lock<String?>

    package init(settings: OpenAISettings, http: HTTPClient, time: any TimeSource, logger: Logger) {
        self.settings = settings
        self.http = http
        self.time = time
        self.logger = logger
        quirks = Lock(OpenAIQuirks(baseURL: settings.baseURL))
        chosenModel = Lock(settings.model.isEmpty ? nil : settings.model)
    }

    package var name: String {
        chosenModel.withLock { $0 }.map { "\(settings.name)/\($0)" } ?? settings.name
    }

    package var isLanguageModel: Bool { true }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let model = try await model()
        // Two quirks can be learnt, each by one refused request.
        for _ in 0..<2 {
            let known = quirks.withLock { $0 }
            do throws(ModelError) {
                return try await stream(request, model: model, quirks: known, onText: onText)
            } catch .badRequest(let details) where quirks.withLock({ $0.learn(from: details) }) {
                logger.notice(
                    "the server refused a parameter, asking without it", metadata: ["provider.name": "\(name)"])
            }
        }
        return try await stream(request, model: model, quirks: quirks.withLock { $0 }, onText: onText)
    }

    /// The model's name: the configured one, or the best known one that the server has, looked up once.
    private func model() async throws(ModelError) -> String {
        if let model = chosenModel.withLock({ $0 }) { return model }
        let models = try await listModels()
        guard let best = KnownModels.best(of: models) else {
            throw .unknownModel("the server at \(settings.name) has no models")
        }
        chosenModel.withLock { $0 = best }
        logger.notice("model chosen", metadata: ["provider.name": "\(settings.name)", "model.name": "\(best)"])
        return best
    }

    /// The names of the models that the server has (`GET /models`).
    ///
    /// - Parameter deadline: for all of it.
    package func listModels(deadline: Duration = .seconds(15)) async throws(ModelError) -> [String] {
        let request = HTTPRequest(
            url: settings.baseURL + "/models", headers: headers,
            deadlines: HTTPDeadlines(
                connect: min(deadline, .seconds(10)), firstByte: deadline, idle: deadline, total: deadline))
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw ModelError(error)
        }
        guard response.status == 200 else { throw failure(response.head, response.body) }
        guard let list = try? JSONDecoder().decode(ModelList.self, from: Data(response.body)) else {
            throw .badRequest("the list of models is not readable")
        }
        return list.data.map(\.id)
    }

    private struct ModelList: Decodable {
        struct Entry: Decodable { let id: String }
        let data: [Entry]
    }

    private var headers: [(name: String, value: String)] {
        settings.apiKey.map { [("Authorization", "Bearer \($0.exposed)")] } ?? []
    }

    private func failure(_ head: HTTPResponseHead, _ body: [UInt8]) -> ModelError {
        ModelErrorClassifier.classify(
            status: head.status,
            retryAfter: ModelErrorClassifier.retryAfter(head.headers["Retry-After"], now: time.now),
            text: String(decoding: body, as: UTF8.self))
    }

    private func stream(
        _ request: CompletionRequest, model: String, quirks: OpenAIQuirks, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let outgoing = HTTPRequest(
            method: "POST", url: settings.baseURL + "/chat/completions",
            headers: headers + [("Content-Type", "application/json"), ("Accept", "text/event-stream")],
            body: OpenAIRequestBody(request, model: model, quirks: quirks).encoded(),
            deadlines: HTTPDeadlines(firstByte: settings.firstTokenTimeout, idle: nil, total: nil),
            maxResponseBytes: Self.maxStreamBytes)
        var decoder = OpenAIStreamDecoder()
        do {
            try await http.withStream(outgoing) { head, body in
                guard head.status == 200 else {
                    var bytes: [UInt8] = []
                    for try await piece in body { bytes += piece }
                    throw failure(head, bytes)
                }
                let isStream = head.headers["Content-Type"]?.contains("event-stream") ?? true
                let watched = WatchedStream(
                    body: body, firstText: settings.firstTokenTimeout, idle: settings.idleTimeout, time: time)
                try await watched.read { bytes, progress in
                    for piece in try decoder.feed(bytes) {
                        progress.textHasCome()
                        await onText(piece)
                    }
                    return !decoder.isDone
                }
                if !isStream, decoder.text.isEmpty {
                    throw ModelError.badRequest(
                        "the server answered with \(head.headers["Content-Type"] ?? "nothing known")")
                }
            }
        } catch {
            let error = ModelError(error)
            // What has been said is not taken back: the answer ends where the connection broke.
            guard !decoder.text.isEmpty, error != .cancelled else { throw error }
            logger.warning("stream broke", metadata: ["provider.name": "\(name)", "error": "\(error)"])
            return completion(decoder, finish: .cut, model: model)
        }
        guard !decoder.text.isEmpty else {
            throw .emptyAnswer(decoder.hasReasoning ? "only reasoning came" : "no text came")
        }
        let isWhole = decoder.isDone || decoder.finishReason != nil
        return completion(decoder, finish: isWhole ? decoder.finishReason ?? .stop : .cut, model: model)
    }

    private func completion(_ decoder: OpenAIStreamDecoder, finish: FinishReason, model: String) -> Completion {
        Completion(
            text: decoder.text, finishReason: finish, usage: decoder.usage, model: "\(settings.name)/\(model)")
    }
}
