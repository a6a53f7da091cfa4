import BotCore
import BotTestSupport
import Testing

@testable import BotModels

@Suite(.timeLimit(.minutes(5)))
struct ObservedProviderTests {
    @Test func tellsOfEachRequestWhetherItWasAnswered() async {
        let outcomes = Lock<[String]>([])
        let scripted = ScriptedProvider([.success("fine"), .failure(.quotaExceeded("x")), .success("again")])
        let provider = ObservedProvider(scripted) { error, name in
            outcomes.withLock { $0.append("\(name) \(error.map { ErrorClass($0).rawValue } ?? "answered")") }
        }
        for _ in 0..<3 {
            // What it throws is what is told.
            _ = try? await provider.forOneTurn().complete(ProviderFixture.request) { _ in }
        }
        #expect(outcomes.withLock { $0 } == ["scripted answered", "scripted quotaExceeded", "scripted answered"])
    }

    @Test func anAnswerThatIsCutOffTellsNothing() async throws {
        let outcomes = Lock(0)
        try await ProviderFixture.with { fixture in
            let provider = ObservedProvider(fixture.provider) { _, _ in outcomes.withLock { $0 += 1 } }
            fixture.server.script(ModelAnswer("12345678", pieceLength: 2, ending: .cut(after: 2)))
            let completion = try await provider.complete(ProviderFixture.request) { _ in }
            #expect(completion.finishReason == .cut)
            #expect(provider.name == fixture.provider.name)
        }
        #expect(outcomes.withLock { $0 } == 0)
    }
}
