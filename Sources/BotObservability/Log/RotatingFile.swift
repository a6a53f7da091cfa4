import BotCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is written line by line and moved aside when it is full: `mybot.log` becomes `mybot.log.1`, that `.2`, and the
/// oldest is deleted. Used under a lock.
struct RotatingFile {
    /// How long to leave a file alone that could not be written, and how often to look whether it was moved away.
    static let retryAfter: Duration = .seconds(10)
    static let lookAfter: Duration = .seconds(1)

    private let path: String
    private let maxBytes: Int
    private let keepFiles: Int
    private var descriptor: Int32 = -1
    private var size = 0
    private var isRegular = true
    private var identity: ino_t = 0
    private var failedAt: Duration?
    private var lookedAt: Duration = .zero
    private var lost = 0

    init(path: String, maxBytes: Int, keepFiles: Int) {
        self.path = path
        self.maxBytes = max(1, maxBytes)
        self.keepFiles = max(0, keepFiles)
    }

    /// Appends a line.
    ///
    /// - Returns: what is wrong, when the file has just become unwritable; nil when the line was written or that was told.
    mutating func append(_ line: [UInt8], at now: Duration, wall: Timestamp) -> String? {
        if let failedAt {
            guard now >= failedAt + Self.retryAfter else {
                lost += 1
                return nil
            }
        }
        let isNews = failedAt == nil
        do throws(Failure) {
            try prepare(for: line.count, at: now)
            if lost > 0 {
                var notice: [UInt8] = []
                ISOTime.append(wall, to: &notice)
                notice.append(
                    contentsOf: " WARN  [log] the log could not be written for a while lines.lost=\(lost)\n".utf8)
                try write(notice)
                lost = 0
            }
            try write(line)
            failedAt = nil
            return nil
        } catch {
            shut()
            failedAt = now
            lost += 1
            return isNews ? error.reason : nil
        }
    }

    private struct Failure: Error {
        let reason: String

        /// The reason of the last system call that failed.
        init() { reason = String(cString: strerror(errno)) }
    }

    // MARK: - Opening and rotating

    private mutating func prepare(for length: Int, at now: Duration) throws(Failure) {
        if descriptor >= 0, now >= lookedAt + Self.lookAfter {
            lookedAt = now
            // Another program may have moved or deleted the file: what is written goes where people look for it.
            var there = stat()
            if stat(path, &there) != 0 || there.st_ino != identity {
                shut()
            } else if isRegular {
                size = Int(there.st_size)
            }
        }
        if descriptor < 0 { try open() }
        if isRegular, size > 0, size + length > maxBytes {
            shut()
            try rotate()
            try open()
        }
    }

    private mutating func open() throws(Failure) {
        try makeFolder()
        descriptor = Self.openFile(path)
        guard descriptor >= 0 else { throw Failure() }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Failure() }
        isRegular = facts.st_mode & S_IFMT == S_IFREG
        identity = facts.st_ino
        size = isRegular ? Int(facts.st_size) : 0
        if isRegular, facts.st_mode & 0o077 != 0 { _ = fchmod(descriptor, 0o600) }
    }

    private static func openFile(_ path: String) -> Int32 {
        #if canImport(Glibc)
            Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        #else
            Darwin.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        #endif
    }

    private mutating func shut() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func rotate() throws(Failure) {
        if keepFiles == 0 {
            guard unlink(path) == 0 || errno == ENOENT else { throw Failure() }
            return
        }
        for number in stride(from: keepFiles - 1, through: 0, by: -1) {
            let source = number == 0 ? path : "\(path).\(number)"
            guard rename(source, "\(path).\(number + 1)") == 0 || errno == ENOENT else { throw Failure() }
        }
    }

    /// Makes the folders that are missing, for the owner alone.
    private func makeFolder() throws(Failure) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        var folder = path.hasPrefix("/") ? "" : "."
        for part in parts {
            folder += "/\(part)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Failure() }
        }
    }

    // MARK: - Writing

    private mutating func write(_ line: [UInt8]) throws(Failure) {
        var written = 0
        while written < line.count {
            let count = line.withUnsafeBytes {
                Self.writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]))
            }
            if count > 0 {
                written += count
                size += count
            } else if count < 0, errno != EINTR {
                throw Failure()
            }
        }
    }

    private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
