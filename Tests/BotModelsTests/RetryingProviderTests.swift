import BotCore
import BotModels
import BotTestSupport
import Testing

/// A provider whose calls end as scripted.
final class ScriptedProvider: ModelProvider {
    private let script: Lock<[Result<String, ModelError>]>
    private let asked = Lock<[CompletionRequest]>([])

    private let known: ModelTraits

    init(_ script: [Result<String, ModelError>], traits: ModelTraits = ModelTraits()) {
        self.script = Lock(script)
        known = traits
    }

    var name: String { "scripted" }
    var isLanguageModel: Bool { true }
    func traits() async -> ModelTraits { known }
    var requests: [CompletionRequest] { asked.withLock { $0 } }

    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        asked.withLock { $0.append(request) }
        let next = script.withLock { $0.isEmpty ? .failure(.network("script over")) : $0.removeFirst() }
        let text = try next.get()
        await onText(text)
        return Completion(text: text, finishReason: .stop, usage: nil, model: "scripted/m")
    }
}

@Suite(.timeLimit(.minutes(5)))
struct RetryingProviderTests {
    private func ask(
        _ script: [Result<String, ModelError>], waits: [Duration], policy: RetryingProvider.Policy = .init()
    ) async throws -> (result: ErrorClass?, text: String?, requests: Int) {
        let time = ManualTime()
        let scripted = ScriptedProvider(script)
        let provider = RetryingProvider(
            scripted, policy: policy, time: time, logger: ProviderFixture.logger, random: { 0 })
        return try await withThrowingTaskGroup { group in
            group.addTask { () async throws -> Result<Completion, ModelError> in
                do throws(ModelError) {
                    return .success(try await provider.complete(ProviderFixture.request) { _ in })
                } catch {
                    return .failure(error)
                }
            }
            for wait in waits {
                await time.waitForSleepers()
                #expect(time.nextWake == wait)
                time.advance(by: wait)
            }
            let result = try #require(try await group.next())
            return (result.errorClass, result.value?.text, scripted.requests.count)
        }
    }

    @Test(arguments: [
        ModelError.rateLimited(retryAfter: nil, ""), .unavailable(retryAfter: nil, ""), .network(""),
    ])
    func asksAgainAfterWhatPasses(error: ModelError) async throws {
        let outcome = try await ask([.failure(error), .success("fine")], waits: [.milliseconds(500)])
        #expect(outcome.text == "fine")
        #expect(outcome.requests == 2)
    }

    @Test(arguments: [
        ModelError.unauthorized(""), .quotaExceeded(""), .contextTooLong(""), .unknownModel(""), .badRequest(""),
        .timedOut(""), .emptyAnswer(""), .cancelled,
    ])
    func doesNotAskAgainAfterWhatDoesNotPass(error: ModelError) async throws {
        let outcome = try await ask([.failure(error), .success("fine")], waits: [])
        #expect(outcome.result == ErrorClass(error))
        #expect(outcome.requests == 1)
    }

    @Test func waitsAtLeastAsLongAsTheServerAsks() async throws {
        let outcome = try await ask(
            [.failure(.rateLimited(retryAfter: .seconds(20), "")), .success("fine")], waits: [.seconds(20)])
        #expect(outcome.text == "fine")
    }

    @Test func doesNotWaitForEver() async throws {
        let outcome = try await ask(
            [.failure(.rateLimited(retryAfter: .seconds(3600), "")), .success("fine")], waits: [])
        #expect(outcome.result == .rateLimited)
        #expect(outcome.requests == 1)
    }

    @Test func givesUpAfterItsAttempts() async throws {
        let outcome = try await ask(
            Array(repeating: .failure(.network("")), count: 9),
            waits: [.milliseconds(500), .seconds(1), .seconds(2)])
        #expect(outcome.result == .network)
        #expect(outcome.requests == 4)
    }

    @Test func givesUpAtItsDeadline() async throws {
        let policy = RetryingProvider.Policy(attempts: 99, deadline: .seconds(50))
        let limited = Result<String, ModelError>.failure(.rateLimited(retryAfter: .seconds(20), ""))
        let outcome = try await ask(
            Array(repeating: limited, count: 9), waits: [.seconds(20), .seconds(20)], policy: policy)
        #expect(outcome.result == .rateLimited)
        #expect(outcome.requests == 3)
    }

    @Test func aCancelledWaitIsCancelled() async throws {
        let time = ManualTime()
        let provider = RetryingProvider(
            ScriptedProvider([.failure(.network(""))]), time: time, logger: ProviderFixture.logger)
        await withTaskGroup { group in
            group.addTask { () async -> ModelError? in
                do throws(ModelError) {
                    _ = try await provider.complete(ProviderFixture.request) { _ in }
                    return nil
                } catch {
                    return error
                }
            }
            await time.waitForSleepers()
            group.cancelAll()
            #expect(await group.next() == .cancelled)
        }
    }
}
