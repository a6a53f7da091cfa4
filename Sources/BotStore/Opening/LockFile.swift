import BotCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An exclusive lock on `<path>.lock`, held until released: two bots on one database would answer everything twice.
///
/// The kernel drops the lock when the process ends, however it ends. The file itself stays, for removing it would let two
/// processes lock two different files of one name.
final class LockFile: Sendable {
    private let descriptor: Lock<Int32?>

    private init(descriptor: Int32) {
        self.descriptor = Lock(descriptor)
    }

    deinit { release() }

    /// Takes the lock of a database.
    ///
    /// - Throws: `.inUse` when another store has it.
    static func acquire(for path: String) throws(StoreError) -> LockFile {
        let descriptor = try DatabaseFile.open("\(path).lock", O_RDWR | O_CREAT, for: path)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(descriptor)
            throw code == EWOULDBLOCK ? .inUse(path: path) : DatabaseFile.failure(path, code)
        }
        return LockFile(descriptor: descriptor)
    }

    /// Gives the lock back. A second call does nothing.
    func release() {
        let taken = descriptor.withLock { value -> Int32? in
            defer { value = nil }
            return value
        }
        if let taken { close(taken) }
    }
}
