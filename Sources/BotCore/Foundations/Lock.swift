#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Guards a value with a mutex for short critical sections; never held across an `await`.
///
/// It wraps a `pthread_mutex_t` and not `Synchronization.Mutex`, because ThreadSanitizer cannot see the latter's futex on
/// Linux and would report races that are none.
package final class Lock<Value>: @unchecked Sendable {
    // Unchecked is sound: `value` is only reached inside `withLock`, between lock and unlock of `mutex`, and the mutex's
    // storage has a stable address of its own for the lifetime of this object.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// Creates a lock around its first value.
    package init(_ value: sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let result = pthread_mutex_init(mutex, nil)
        precondition(result == 0, "pthread_mutex_init failed with \(result)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Runs the closure with exclusive access to the value.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
