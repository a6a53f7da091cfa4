package import BotCore

/// A store in memory, for tests of what stands above the store: it does what BotCore's protocols say, each use case under
/// one lock, and forgets all when it is gone.
package final class InMemoryStore: Store {
    private struct Hooks: Sendable {
        var failure: StoreError?
        var afterRead: (@Sendable () async -> Void)?
    }

    private let state = Lock(InMemoryState())
    private let hooks = Lock(Hooks())

    package init() {}

    // MARK: - For tests

    /// Makes every use case fail with this error until it is set to nil again.
    package func fail(with error: StoreError?) { hooks.withLock { $0.failure = error } }

    /// Runs once, after the next `newestMessages` has read and before it returns: what others commit just then.
    package func afterNextRead(_ hook: @escaping @Sendable () async -> Void) {
        hooks.withLock { $0.afterRead = hook }
    }

    /// All messages of a session that are not deleted, cleared ones included.
    package func log(of session: SessionID) -> [SessionMessage] {
        state.withLock { $0.messages[session] ?? [] }
    }

    /// All outbox rows in order, ended and cancelled ones included, with whether they were delivered.
    package var allRows: [(row: OutboxRow, isDelivered: Bool)] {
        state.withLock { state in
            state.rows.values.sorted { $0.row.id < $1.row.id }.map { ($0.row, $0.status == .delivered) }
        }
    }

    /// The usage that was booked for a turn.
    package func usage(of turn: TurnID) -> TokenUsage? { state.withLock { $0.turns[turn]?.usage } }

    /// How often it was asked to remove what erased text leaves behind.
    package var scrubs: Int { state.withLock { $0.scrubs } }

    // MARK: - Access

    /// Runs one use case.
    func transaction<Result: Sendable>(
        _ body: (inout InMemoryState) -> Result
    ) throws(StoreError) -> Result {
        if let failure = hooks.withLock({ $0.failure }) { throw failure }
        return state.withLock { state in body(&state) }
    }

    func takeReadHook() -> (@Sendable () async -> Void)? {
        hooks.withLock { hooks in
            defer { hooks.afterRead = nil }
            return hooks.afterRead
        }
    }

    package func probe() async throws(StoreError) { try transaction { _ in } }
}
