import BotStore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SQLiteContractTests {
    @Test("T24 T25: chats move and end", arguments: StoreContract.chats)
    func chats(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.budgets)
    func budgets(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.inbox)
    func inbox(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.turns)
    func turns(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.usage)
    func usage(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.retention)
    func retention(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.resets)
    func resets(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.outbox)
    func outbox(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.parts)
    func parts(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.sessions)
    func sessions(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.people)
    func people(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.admissions)
    func admissions(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.checkpoints)
    func checkpoints(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.commands)
    func commands(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.retries)
    func retries(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.steps)
    func steps(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.buttons)
    func buttons(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.edits)
    func edits(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.search)
    func search(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    @Test(arguments: StoreContract.audit)
    func audit(_ behaviour: StoreContract.Behaviour) async throws { try await check(behaviour) }

    private func check(_ behaviour: StoreContract.Behaviour) async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            try await behaviour.check(on: store)
            try store.close()
        }
    }
}
