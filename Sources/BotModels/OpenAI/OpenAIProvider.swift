package import BotCore
package import BotHTTP
import Foundation
package import Logging

/// A server that speaks OpenAI's chat completions: OpenAI itself, llama.cpp, LM Studio, vLLM, OpenRouter, Groq, Ollama.
package final class OpenAIProvider: ModelProvider {
    /// The most bytes of an answer that are taken.
    private static let maxAnswerBytes = 16 << 20
    /// The most bytes of a refusal that are read.
    private static let maxRefusalBytes = 64 << 10
    /// How long one answer may take in all.
    private static let longestAnswer = Duration.seconds(1800)

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
                return try await ask(request, model: model, quirks: known, onText: onText)
            } catch .badRequest(let complaint) {
                guard let corrected = known.corrected(by: complaint) else { throw .badRequest(complaint) }
                quirks.withLock { $0 = corrected }
                logger.notice(
                    "the server refused a parameter, asking without it", metadata: ["provider.name": "\(name)"])
            }
        }
        return try await ask(request, model: model, quirks: quirks.withLock { $0 }, onText: onText)
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
        guard response.status == 200 else {
            throw classifier.error(status: response.status, headers: response.headers, body: response.body)
        }
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

    private var classifier: ModelErrorClassifier { ModelErrorClassifier(key: settings.apiKey, now: time.now) }

    /// One request and its answer.
    private func ask(
        _ request: CompletionRequest, model: String, quirks: OpenAIQuirks, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        // The deadlines are the stream's, which counts what the model says and not what keeps the connection alive.
        let outgoing = HTTPRequest(
            method: "POST", url: settings.baseURL + "/chat/completions",
            headers: headers + [("Content-Type", "application/json"), ("Accept", "text/event-stream")],
            body: OpenAIRequestBody(request, model: model, quirks: quirks).encoded(),
            deadlines: HTTPDeadlines(firstByte: nil, idle: nil, total: nil), maxResponseBytes: Self.maxAnswerBytes)
        let stream = AnswerStream(
            deadlines: AnswerStream.Deadlines(
                firstToken: settings.firstTokenTimeout, idle: settings.idleTimeout, total: Self.longestAnswer),
            time: time)
        var reader = OpenAIAnswerReader()
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { [http] in await stream.receive(outgoing, over: http) }
                group.addTask { await stream.watchDeadlines() }
                // Closes the connection when the reading ends, for whatever reason.
                defer { group.cancelAll() }
                try await read(stream, into: &reader, onText)
            }
        } catch {
            let error = modelError(of: error)
            // What has been said is not taken back: the answer ends where the connection broke.
            guard !reader.text.isEmpty, error != .cancelled else { throw error }
            logger.warning("stream broke", metadata: ["provider.name": "\(name)", "error": "\(error)"])
            return completion(reader, finish: reader.finishReason ?? .cut, model: model)
        }
        guard !reader.text.isEmpty else {
            throw .emptyAnswer(reader.progress > 0 ? "only reasoning came" : "no text came")
        }
        return completion(reader, finish: reader.finishReason ?? .stop, model: model)
    }

    private func modelError(of error: any Error) -> ModelError {
        if case OpenAIAnswerReader.Failure.reported(let detail) = error { return classifier.error(inStream: detail) }
        return ModelError(error)
    }

    private func read(
        _ stream: AnswerStream, into reader: inout OpenAIAnswerReader, _ onText: (String) async -> Void
    ) async throws {
        var head: HTTPResponseHead?
        var refusal: [UInt8] = []
        for try await part in stream.parts {
            switch part {
            case .head(let arrived): head = arrived
            case .bytes(let bytes):
                guard head?.status == 200 else {
                    refusal += bytes.prefix(Self.maxRefusalBytes - refusal.count)
                    continue
                }
                let before = reader.progress
                let pieces = try reader.feed(bytes)
                if reader.progress > before { stream.sawProgress() }
                for piece in pieces { await onText(piece) }
                if reader.isDone { return }
            }
        }
        if Task.isCancelled { throw ModelError.cancelled }
        guard let head else { throw ModelError.network("the connection ended without an answer") }
        guard head.status == 200 else {
            throw classifier.error(status: head.status, headers: head.headers, body: refusal)
        }
        for piece in try reader.finish() { await onText(piece) }
        guard reader.isDone || reader.finishReason != nil else {
            throw ModelError.network("the stream ended before the answer did")
        }
    }

    private func completion(_ reader: OpenAIAnswerReader, finish: FinishReason, model: String) -> Completion {
        Completion(
            text: reader.text, finishReason: finish, usage: reader.usage, model: "\(settings.name)/\(model)")
    }
}
