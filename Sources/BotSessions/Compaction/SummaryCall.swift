import BotCore

/// One call of a summariser, with its deadline.
struct SummaryCall: Sendable {
    enum Result: Sendable {
        case answered(Completion)
        case failed(ModelError)
        case timedOut
        /// The job was cancelled.
        case cancelled
    }

    let provider: any ModelProvider
    let request: CompletionRequest
    let deadline: Duration
    let time: any TimeSource

    /// When the time is over or the job is cancelled, the call is cancelled and waited for; replies do not wait for any of this.
    func run() async -> Result {
        let result = await withTaskGroup(of: Result.self) { group in
            group.addTask {
                do throws(ModelError) {
                    return .answered(try await provider.complete(request) { _ in })
                } catch {
                    return .failed(error)
                }
            }
            group.addTask {
                do {
                    try await time.sleep(for: deadline)
                    return .timedOut
                } catch {
                    return .cancelled  // the only error of a sleep
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? .cancelled
        }
        return Task.isCancelled ? .cancelled : result
    }
}
