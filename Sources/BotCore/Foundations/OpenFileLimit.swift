#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How many files and sockets the process may have open at once.
package enum OpenFileLimit {
    /// Raises the limit to the highest that the process may set for itself: shells still begin with 1,024, an old habit that
    /// a program without `select` need not keep. Harmless when repeated; where it is refused, the limit stays as it is.
    package static func raise() {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(openFiles, &limit)
    }

    #if canImport(Glibc)
        private static var openFiles: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
    #else
        private static var openFiles: Int32 { RLIMIT_NOFILE }
    #endif
}
