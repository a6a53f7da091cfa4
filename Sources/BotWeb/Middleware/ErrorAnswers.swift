import BotCore
import HTTPTypes
import Hummingbird
import Logging

/// Turns every error into the API's shape, keeps internals out of it, and adds the headers that keep browsers safe.
struct ErrorAnswers: RouterMiddleware {
    let logger: Logger

    @concurrent func handle(
        _ request: Request, context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as APIError {
            response = error.response(from: request, context: context)
        } catch let error as StoreError {
            logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            let message = "The database cannot be used now; see the log of mybot"
            response = APIError(status: .serviceUnavailable, message: message).response(from: request, context: context)
        } catch let error as any HTTPResponseError where error.status.code < 500 {
            let message = error.status == .notFound ? "There is nothing here" : error.status.reasonPhrase
            response = APIError(status: error.status, message: message).response(from: request, context: context)
        } catch {
            logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            response = APIError(status: .internalServerError, message: "Internal error; see the log of mybot")
                .response(from: request, context: context)
        }
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
        return response
    }
}
