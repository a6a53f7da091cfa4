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
    private let outcome = Lock<Result<Value, StoreError>>(.failure(.failed("the write was not tried")))

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
        let result = outcome.withLock { $0 }
        // A job that failed by itself keeps its own reason.
        if let failure, case .success = result {
            caller.resume(returning: .failure(failure))
        } else {
            caller.resume(returning: result)
        }
    }
}
