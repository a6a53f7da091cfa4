import BotTestSupport
import Testing

/// The double keeps the same contract as the real store, or what is tested over it proves nothing.
@Suite(.timeLimit(.minutes(5)))
struct InMemoryContractTests {
    @Test("T24 T25: chats move and end", arguments: StoreContract.chats)
    func chats(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.budgets)
    func budgets(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.inbox)
    func inbox(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.turns)
    func turns(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.usage)
    func usage(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.retention)
    func retention(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.resets)
    func resets(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.outbox)
    func outbox(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.parts)
    func parts(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.sessions)
    func sessions(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.people)
    func people(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.admissions)
    func admissions(_ behaviour: StoreContract.Behaviour) async throws {
        try await behaviour.check(on: InMemoryStore())
    }

    @Test(arguments: StoreContract.checkpoints)
    func checkpoints(_ behaviour: StoreContract.Behaviour) async throws {
        try await behaviour.check(on: InMemoryStore())
    }

    @Test(arguments: StoreContract.commands)
    func commands(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.retries)
    func retries(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.steps)
    func steps(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.buttons)
    func buttons(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.edits)
    func edits(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.search)
    func search(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }

    @Test(arguments: StoreContract.audit)
    func audit(_ behaviour: StoreContract.Behaviour) async throws { try await behaviour.check(on: InMemoryStore()) }
}
