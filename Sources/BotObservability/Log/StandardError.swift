#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension LogFile {
    /// Writes a line to standard error; what it does not take is lost, for there is nobody else to tell.
    package static let writeToStandardError: @Sendable (_ line: [UInt8]) -> Void = { line in
        #if canImport(Glibc)
            _ = Glibc.write(STDERR_FILENO, line, line.count)
        #else
            _ = Darwin.write(STDERR_FILENO, line, line.count)
        #endif
    }
}
