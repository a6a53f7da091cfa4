import BotCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A port of 127.0.0.1 that is taken, so that nobody else gets it, but closed: connections to it are refused until a server
/// listens on it.
package final class HeldPort: Sendable {
    package struct Unavailable: Error { let code: Int32 }

    package let number: Int
    private let socket: Lock<Int32?>

    package init() throws {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Unavailable(code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0 ? 0 : errno
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Unavailable(code: code)
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        socket = Lock(descriptor)
    }

    deinit { if let descriptor = socket.withLock({ $0 }) { close(descriptor) } }

    /// Hands the socket over to the server that listens on it.
    func release() throws -> Int32 {
        let descriptor = socket.withLock { socket in
            defer { socket = nil }
            return socket
        }
        guard let descriptor else { throw Unavailable(code: EBADF) }
        return descriptor
    }
}
