import HTTPTypes
import Hummingbird
import NIOCore

/// An error of the API as callers see it: a status and `{"error": "..."}`, plain words that say what and where.
struct APIError: HTTPResponseError {
    let status: HTTPResponse.Status
    let message: String

    static func badRequest(_ message: String) -> APIError { APIError(status: .badRequest, message: message) }
    static func notFound(_ message: String) -> APIError { APIError(status: .notFound, message: message) }
    static func conflict(_ message: String) -> APIError { APIError(status: .conflict, message: message) }
    static func forbidden(_ message: String) -> APIError { APIError(status: .forbidden, message: message) }

    func response(from request: Request, context: some RequestContext) -> Response {
        .json(ErrorBody(error: message), status: status)
    }

    private struct ErrorBody: Encodable { let error: String }
}
