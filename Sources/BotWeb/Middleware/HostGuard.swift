import Foundation
import HTTPTypes
import Hummingbird

/// Refuses requests that a website could have made a browser send: a foreign `Host` (DNS rebinding) on every route, and a
/// foreign `Origin` on every write.
struct HostGuard: RouterMiddleware {
    /// Host names by which the server may be addressed, in lower case, without ports.
    let allowedHosts: Set<String>

    /// Allows loopback's names and the configured host.
    init(host: String) {
        allowedHosts = ["localhost", "127.0.0.1", "[::1]", "::1", host.lowercased(), "[\(host.lowercased())]"]
    }

    @concurrent func handle(
        _ request: Request, context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, allowedHosts.contains(Self.name(of: authority)) else {
            throw APIError.forbidden("This host name is not served; use localhost")
        }
        let isRead = request.method == .get || request.method == .head
        if !isRead, let origin = request.headers[.origin] {
            guard let scheme = origin.range(of: "://"),
                origin[scheme.upperBound...].lowercased() == authority.lowercased()
            else { throw APIError.forbidden("Requests from other websites are refused") }
        }
        return try await next(request, context)
    }

    /// The host's name without the port.
    static func name(of authority: String) -> String {
        let lower = authority.lowercased()
        if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") { return String(lower[...end]) }
        return String(lower.prefix { $0 != ":" })
    }
}
