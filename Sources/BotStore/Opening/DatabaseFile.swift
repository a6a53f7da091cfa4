import BotCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes the database's folder and file, readable by nobody but the owner.
enum DatabaseFile {
    /// Makes the folder of a file and those above it, where they are missing, with mode 0700.
    static func makeFolder(of path: String) throws(StoreError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        try makeFolder(String(path[..<slash]), for: path)
    }

    /// Makes the file with mode 0600 if there is none, so that SQLite, which would make it readable for all, finds it.
    /// The files that SQLite puts beside it take over its mode.
    static func makeFile(at path: String) throws(StoreError) {
        // Closed again at once: SQLite's own locks on the file begin later.
        close(try open(path, O_RDWR | O_CREAT, for: path))
    }

    /// The file's size in bytes; 0 when there is none.
    static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Opens a file with mode 0600 for a new one.
    static func open(_ file: String, _ flags: Int32, for path: String) throws(StoreError) -> Int32 {
        while true {
            #if canImport(Glibc)
                let descriptor = Glibc.open(file, flags | O_CLOEXEC, 0o600)
            #else
                let descriptor = Darwin.open(file, flags | O_CLOEXEC, 0o600)
            #endif
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw failure(path, errno) }
        }
    }

    static func failure(_ path: String, _ code: Int32) -> StoreError {
        code == ENOSPC ? .full : .cannotOpen(path: path, reason: String(cString: strerror(code)))
    }

    private static func makeFolder(_ folder: String, for path: String) throws(StoreError) {
        var status = stat()
        if stat(folder, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
            return
        }
        guard errno == ENOENT else { throw failure(path, errno) }
        if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            try makeFolder(String(folder[..<slash]), for: path)
        }
        // EEXIST: another process made it meanwhile.
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure(path, errno) }
    }
}
