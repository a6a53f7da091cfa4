package import BotCore
package import BotHTTP
package import Logging

/// A model server. What it speaks is its dialect's; deadlines, cancelling, errors and what is learnt of it are the same for all.
package final class ChatProvider: ModelProvider {
    /// The most bytes of an answer that are taken.
    private static let maxAnswerBytes = 16 << 20
    /// The most bytes of a refusal that are read.
    private static let maxRefusalBytes = 64 << 10
    /// How long one answer may take in all.
    private static let longestAnswer = Duration.seconds(1800)
    /// Parameters that can be learnt not to be sent, each by one refused request.
    private static let mostCorrections = 2

    private let settings: ChatServerSettings
    private let http: HTTPClient
    private let time: any TimeSource
    private let logger: Logger
    private let dialect: Lock<any Dialect>
    private let catalogue: ModelCatalogue

    package init(settings: ChatServerSettings, http: HTTPClient, time: any TimeSource, logger: Logger) {
        self.settings = settings
        self.http = http
        self.time = time
        self.logger = logger
        dialect = Lock(settings.dialect)
        catalogue = ModelCatalogue(settings: settings, http: http, time: time, logger: logger)
    }

    package var name: String { catalogue.model.map { "\(settings.name)/\($0)" } ?? settings.name }
    package var isLanguageModel: Bool { true }

    package func traits() async -> ModelTraits { await catalogue.traits() }

    /// The names of the models that the server has.
    ///
    /// - Parameter deadline: for all of it.
    package func listModels(deadline: Duration = .seconds(15)) async throws(ModelError) -> [String] {
        try await catalogue.list(deadline: deadline).map(\.id)
    }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        let model = try await catalogue.chosenModel()
        for _ in 0..<Self.mostCorrections {
            let known = dialect.withLock { $0 }
            do throws(ModelError) {
                return try await ask(request, model: model, in: known, onText: onText)
            } catch .badRequest(let complaint) {
                guard let corrected = known.corrected(by: complaint) else { throw .badRequest(complaint) }
                dialect.withLock { $0 = corrected }
                logger.notice(
                    "the server refused a parameter, asking without it", metadata: ["provider.name": "\(name)"])
            }
        }
        return try await ask(request, model: model, in: dialect.withLock { $0 }, onText: onText)
    }

    /// One request and its answer.
    private func ask(
        _ request: CompletionRequest, model: String, in dialect: any Dialect, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        // The deadlines are the stream's, which counts what the model says and not what keeps the connection alive.
        let outgoing = HTTPRequest(
            method: "POST", url: settings.baseURL + dialect.completionPath,
            headers: dialect.headers(key: settings.apiKey)
                + [("Content-Type", "application/json"), ("Accept", dialect.streamType)],
            body: dialect.body(of: request, model: model),
            deadlines: HTTPDeadlines(firstByte: nil, idle: nil, total: nil), maxResponseBytes: Self.maxAnswerBytes)
        let stream = AnswerStream(
            deadlines: AnswerStream.Deadlines(
                firstToken: settings.firstTokenTimeout, idle: settings.idleTimeout, total: Self.longestAnswer),
            time: time)
        var answer = AnswerCollector()
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { [http] in await stream.receive(outgoing, over: http) }
                group.addTask { await stream.watchDeadlines() }
                // Closes the connection when the reading ends, for whatever reason.
                defer { group.cancelAll() }
                try await read(stream, by: dialect.makeDecoder(), into: &answer, onText)
            }
        } catch {
            let error = modelError(of: error)
            // What has been said is not taken back: the answer ends where the connection broke. Calls of tools count only when they are whole.
            guard !answer.text.isEmpty, error != .cancelled else { throw error }
            logger.warning("stream broke", metadata: ["provider.name": "\(name)", "error": "\(error)"])
            return completion(answer, finish: answer.finishReason ?? .cut, model: model)
        }
        return try finished(answer, model: model)
    }

    private func finished(_ answer: AnswerCollector, model: String) throws(ModelError) -> Completion {
        let calls = answer.toolCalls
        let hasText = answer.wholeText.contains { !$0.isWhitespace }
        guard hasText || !calls.isEmpty || answer.finishReason == .refused else {
            throw answer.hasReasoning ? .onlyReasoning("only reasoning came") : .emptyAnswer("no text came")
        }
        // Some servers say that they have stopped when they wait for results.
        let reason = answer.finishReason ?? .stop
        return completion(answer, finish: !calls.isEmpty && reason == .stop ? .toolCalls : reason, model: model)
    }

    private func modelError(of error: any Error) -> ModelError {
        if case AnswerFailure.reported(let detail) = error { return classifier.error(inStream: detail) }
        return ModelError(error)
    }

    private var classifier: ModelErrorClassifier { ModelErrorClassifier(key: settings.apiKey, now: time.now) }

    private func read(
        _ stream: AnswerStream, by decoder: any AnswerDecoder, into answer: inout AnswerCollector,
        _ onText: (String) async -> Void
    ) async throws {
        var decoder = decoder
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
                let before = answer.progress
                let shown = answer.take(try decoder.feed(bytes))
                if answer.progress > before { stream.sawProgress() }
                if !shown.isEmpty { await onText(shown) }
            }
            if answer.isDone { break }
        }
        if Task.isCancelled { throw ModelError.cancelled }
        guard let head else { throw ModelError.network("the connection ended without an answer") }
        guard head.status == 200 else {
            throw classifier.error(status: head.status, headers: head.headers, body: refusal)
        }
        if !answer.isDone {
            let shown = answer.take(try decoder.finish())
            if !shown.isEmpty { await onText(shown) }
        }
        let rest = answer.finish()
        if !rest.isEmpty { await onText(rest) }
        guard answer.isDone || answer.finishReason != nil else {
            throw ModelError.network("the stream ended before the answer did")
        }
    }

    private func completion(_ answer: AnswerCollector, finish: FinishReason, model: String) -> Completion {
        Completion(
            text: answer.wholeText, toolCalls: finish == .cut ? [] : answer.toolCalls, finishReason: finish,
            usage: answer.usage, model: "\(settings.name)/\(model)")
    }
}
