package import BotCore

/// A model that answers as a test tells it to, and remembers what it was asked.
package final class ScriptedModel: ModelProvider {
    /// How one call goes.
    package enum Step: Sendable {
        /// The pieces arrive, then the completion ends.
        case say([String], FinishReason = .stop)
        /// The text arrives, then the model waits for the results of these tools.
        case call([ToolCall], saying: String = "")
        /// Nothing arrives but the error.
        case fail(ModelError)
        /// The pieces arrive, then nothing until the call is cancelled or `release` lets it end.
        case hang([String])
        /// As `hang`, but it does not heed being cancelled: a provider whose answer comes late.
        case stubborn([String])
    }

    private struct State {
        var script: @Sendable (CompletionRequest) -> Step
        var requests: [CompletionRequest] = []
        var traits = ModelTraits()
        var hanging: [AsyncStream<Never>.Continuation] = []
        var stubborn: [CheckedContinuation<Void, Never>] = []
        var cancelled = 0
    }

    package let name: String
    package let isLanguageModel: Bool
    private let state: Lock<State>
    private let asked = Watchpoint(0)

    /// Answers "re: " and the last message until it is told otherwise.
    package init(name: String = "scripted", isLanguageModel: Bool = true) {
        self.name = name
        self.isLanguageModel = isLanguageModel
        state = Lock(State(script: { .say(["re: ", $0.words]) }))
    }

    /// Decides from now on how calls go.
    package func script(_ script: @escaping @Sendable (CompletionRequest) -> Step) {
        state.withLock { $0.script = script }
    }

    /// What is known of it from now on; nothing until it is told.
    package func know(_ traits: ModelTraits) { state.withLock { $0.traits = traits } }
    package func traits() async -> ModelTraits { state.withLock { $0.traits } }

    /// What it was asked, in order.
    package var requests: [CompletionRequest] { state.withLock { $0.requests } }
    /// How many calls were cancelled.
    package var cancelledCalls: Int { state.withLock { $0.cancelled } }

    /// Waits until it was asked so many times in all.
    package func waitForRequests(_ count: Int) async { await asked.wait { $0 >= count } }

    /// Lets all calls end that hang now.
    package func release() {
        let (hanging, stubborn) = state.withLock { state in
            defer { (state.hanging, state.stubborn) = ([], []) }
            return (state.hanging, state.stubborn)
        }
        for continuation in hanging { continuation.finish() }
        for continuation in stubborn { continuation.resume() }
    }

    package func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        // Not under the lock: a script may tell the model something.
        let script = state.withLock { $0.script }
        let step = script(request)
        switch step {
        case .say(let pieces, let reason):
            noteRequest(request)
            for piece in pieces { await onText(piece) }
            return completion(pieces, reason)
        case .call(let calls, let text):
            noteRequest(request)
            if !text.isEmpty { await onText(text) }
            return completion([text], .toolCalls, calls)
        case .fail(let error):
            noteRequest(request)
            throw error
        case .hang(let pieces):
            for piece in pieces { await onText(piece) }
            let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
            state.withLock { $0.hanging.append(continuation) }
            noteRequest(request)
            for await _ in stream {}
            if Task.isCancelled {
                state.withLock { $0.cancelled += 1 }
                throw .cancelled
            }
            return completion(pieces, .stop)
        case .stubborn(let pieces):
            for piece in pieces { await onText(piece) }
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                state.withLock { $0.stubborn.append(continuation) }
                noteRequest(request)
            }
            return completion(pieces, .stop)
        }
    }

    private func completion(
        _ pieces: [String], _ reason: FinishReason, _ calls: [ToolCall] = []
    ) -> Completion {
        Completion(
            text: pieces.joined(), toolCalls: calls, finishReason: reason,
            usage: TokenUsage(promptTokens: 10, completionTokens: 5),
            model: "\(name)/test")
    }

    private func noteRequest(_ request: CompletionRequest) {
        state.withLock { $0.requests.append(request) }
        asked.change { $0 += 1 }
    }
}
