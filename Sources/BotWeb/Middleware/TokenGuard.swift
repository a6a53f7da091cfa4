import BotCore
import Foundation
import HTTPTypes
import Hummingbird

/// Asks for the configured token on every route: as a bearer token, or as the password of HTTP Basic, which browsers ask
/// people for.
struct TokenGuard: RouterMiddleware {
    let token: Secret

    @concurrent func handle(
        _ request: Request, context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let given = Self.credential(in: request.headers[.authorization]), matches(given) else {
            var response = APIError(status: .unauthorized, message: "Unauthorized: send the token of http.token")
                .response(from: request, context: context)
            response.headers[.wwwAuthenticate] = "Basic realm=\"mybot\""
            return response
        }
        return try await next(request, context)
    }

    /// The token in an `Authorization` field.
    static func credential(in field: String?) -> String? {
        guard let field, let space = field.firstIndex(of: " ") else { return nil }
        let value = String(field[field.index(after: space)...])
        switch field[..<space].lowercased() {
        case "bearer": return value
        case "basic":
            guard let data = Data(base64Encoded: value) else { return nil }
            let pair = String(decoding: data, as: UTF8.self)
            guard let colon = pair.firstIndex(of: ":") else { return nil }
            return String(pair[pair.index(after: colon)...])
        default: return nil
        }
    }

    /// Compares without telling by its time where the difference is.
    private func matches(_ given: String) -> Bool {
        let expected = Array(token.exposed.utf8)
        let actual = Array(given.utf8)
        var difference = expected.count ^ actual.count
        for index in actual.indices {
            difference |= Int(actual[index] ^ expected[index % expected.count])
        }
        return difference == 0
    }
}
