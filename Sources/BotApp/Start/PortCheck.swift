#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Looks whether a TCP port can be bound, so that a taken one is named before anything is started.
enum PortCheck {
    /// Whether the port is free on the host. Anything that cannot be told counts as free: binding says it then.
    static func isFree(_ port: Int, host: String) -> Bool {
        guard port > 0 else { return true }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { return true }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 || errno != EADDRINUSE
    }
}
