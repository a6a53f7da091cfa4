import BotCore
import BotTestSupport
import Testing

@testable import BotModels

@Suite(.timeLimit(.minutes(5)))
struct FallbackProviderTests {
    private func chain(_ providers: ScriptedProvider...) -> FallbackProvider {
        FallbackProvider(providers[0], then: Array(providers.dropFirst()), logger: ProviderFixture.logger)
    }

    private func ask(_ provider: any ModelProvider) async throws -> Completion {
        try await provider.complete(ProviderFixture.request) { _ in }
    }

    @Test(arguments: [
        ModelError.unauthorized("x"), .quotaExceeded("x"), .rateLimited(retryAfter: nil, "x"),
        .unavailable(retryAfter: nil, "x"), .unknownModel("x"), .badRequest("x"), .network("x"), .timedOut("x"),
        .emptyAnswer("x"), .onlyReasoning("x"),
    ])
    func asksTheNextOneAndSaysInWhosePlace(error: ModelError) async throws {
        let (first, second) = (ScriptedProvider([.failure(error)]), ScriptedProvider([.success("fine")]))
        let completion = try await ask(chain(first, second))
        #expect(completion.text == "fine")
        #expect(completion.inPlaceOf == FailedProvider(name: first.name, error: error))
    }

    @Test(arguments: [ModelError.cancelled, .contextTooLong("x")])
    func handsOnWhatNoOtherOneMends(error: ModelError) async throws {
        let second = ScriptedProvider([.success("fine")])
        await #expect(throws: error) { _ = try await ask(chain(ScriptedProvider([.failure(error)]), second)) }
        #expect(second.requests.isEmpty)
    }

    @Test func theErrorOfTheLastOneStands() async throws {
        let (first, second) = (
            ScriptedProvider([.failure(.network("x"))]), ScriptedProvider([.failure(.quotaExceeded("y"))])
        )
        await #expect(throws: ModelError.quotaExceeded("y")) { _ = try await ask(chain(first, second)) }
    }

    @Test(arguments: [
        (ModelTraits(), 99), (ModelTraits(contextWindow: 100, maxOutputTokens: 70), 50),
        (ModelTraits(contextWindow: 1000, maxOutputTokens: 70), 70), (ModelTraits(contextWindow: 1), 1),
    ])
    func aStandInIsAskedForNoLongerAnswerThanItGives(traits: ModelTraits, longest: Int) async throws {
        let first = ScriptedProvider([.failure(.network("x"))])
        let second = ScriptedProvider([.success("fine")], traits: traits)
        _ = try await ask(chain(first, second))
        #expect(first.requests.map(\.maxOutputTokens) == [99])
        #expect(second.requests.map(\.maxOutputTokens) == [longest])
    }

    @Test(
        "S10: a stand-in that does not see is given no pictures, and told that there were some",
        arguments: [true, false])
    func hidesPictures(sees: Bool) async throws {
        let first = ScriptedProvider([.failure(.network("x"))], traits: ModelTraits(seesImages: true))
        let second = ScriptedProvider([.success("fine")], traits: ModelTraits(seesImages: sees))
        let message = PromptMessage(
            role: .user, content: "look", images: [PromptImage(mediaType: "image/png", bytes: [1])])
        let request = CompletionRequest(system: "s", messages: [message], maxOutputTokens: 9)
        let completion = try await chain(first, second).complete(request) { _ in }
        #expect(first.requests.first?.messages == [message])
        #expect(completion.sawImages == sees)
        let blind = PromptMessage(
            role: .user, content: "look\n\n[A picture came with this message that you cannot see.]")
        #expect(second.requests.first?.messages == [sees ? message : blind])
    }

    @Test func whoeverStandsInDoesSoUntilTheTurnEnds() async throws {
        let first = ScriptedProvider([.failure(.network("x")), .success("back")])
        let second = ScriptedProvider([.success("one"), .success("two")])
        let provider = chain(first, second)
        let turn = provider.forOneTurn()
        #expect(try await ask(turn).text == "one")
        let again = try await ask(turn)
        #expect(again.text == "two")
        #expect(again.inPlaceOf?.error == .network("x"))
        let next = try await ask(provider.forOneTurn())
        #expect(next.text == "back")
        #expect(next.inPlaceOf == nil)
    }
}

@Suite(.timeLimit(.minutes(5)))
struct LocalServersTests {
    @Test func takesTheFirstThatHasAModelAndWaitsForNobody() async throws {
        try await ProviderFixture.with { empty in
            empty.server.setModels([])
            try await ProviderFixture.with(model: "") { full in
                let found = await LocalServers.first(
                    of: [empty.provider, full.provider], patience: .seconds(60))
                #expect(found === full.provider)
                #expect(await LocalServers.first(of: [empty.provider]) == nil)
            }
        }
    }
}
