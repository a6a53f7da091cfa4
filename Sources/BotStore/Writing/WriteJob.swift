import BotCore
import GRDB

/// A write that waits for its turn, with its caller.
protocol WriteJob: Sendable {
    /// Does the work inside a transaction and keeps what came of it.
    ///
    /// - Throws: what the work threw; the caller gets it too.
    func perform(in db: Database) throws

    /// Tells the caller what came of the work, or why all of its batch failed.
    func finish(failure: StoreError?)
}

/// A write with a result.
final class PendingWrite<Value: Sendable>: WriteJob {
    private let work: @Sendable (Database) throws -> Value
    private let caller: CheckedContinuation<Result<Value, StoreError>, Never>
    private let outcome = Lock<Result<Value, StoreError>?>(nil)

    init(
        work: @escaping @Sendable (Database) throws -> Value,
        caller: CheckedContinuation<Result<Value, StoreError>, Never>
    ) {
        self.work = work
        self.caller = caller
    }

    func perform(in db: Database) throws {
        do {
            let value = try work(db)
            outcome.withLock { $0 = .success(value) }
        } catch {
            outcome.withLock { $0 = .failure(StoreError(error)) }
            throw error
        }
    }

    func finish(failure: StoreError?) {
        switch (outcome.withLock { $0 }, failure) {
        case (.failure(let own), _): caller.resume(returning: .failure(own))
        case (_, .some(let failure)): caller.resume(returning: .failure(failure))
        case (.success(let value), nil): caller.resume(returning: .success(value))
        case (nil, nil): caller.resume(returning: .failure(.failed("the write was not tried")))
        }
    }
}
