import Foundation

/// A TCP port where connections stand but nobody ever answers: the kernel completes them, no program accepts them.
enum SilentListener {
    struct NoSocket: Error {}

    static func with<Result>(_ body: (UInt16) async throws -> Result) async throws -> Result {
        let (socket, port) = try bound()
        defer { close(socket) }
        guard listen(socket, 16) == 0 else { throw NoSocket() }
        return try await body(port)
    }

    /// A port on which nobody listens.
    static func freePort() throws -> UInt16 {
        let (socket, port) = try bound()
        close(socket)
        return port
    }

    private static func bound() throws -> (socket: Int32, port: UInt16) {
        #if canImport(Glibc)
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let socket = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { throw NoSocket() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
            }
        }
        guard result else {
            close(socket)
            throw NoSocket()
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }
}
