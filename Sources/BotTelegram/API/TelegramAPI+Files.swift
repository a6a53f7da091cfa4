import BotCore
import BotHTTP

extension TelegramAPI {
    /// The most bytes of an answer that says why there is no file: it may be longer than a small file.
    private static let refusalBytes = 64 * 1024

    /// Loads a file from the file server. Its address holds the token too, so that it is never logged.
    ///
    /// - Parameters:
    ///   - limit: the most bytes, counted as they arrive.
    ///   - deadline: for all of it.
    /// - Throws: an answer with another status than 200 as `CallFailure.refused`.
    func download(_ path: FilePath, limit: Int, deadline: Duration) async throws(CallFailure) -> [UInt8] {
        let request = HTTPRequest(
            url: "\(base)/file/bot\(token.exposed)/\(path.encoded)",
            deadlines: HTTPDeadlines(
                connect: min(.seconds(10), deadline), firstByte: min(.seconds(20), deadline),
                idle: min(.seconds(15), deadline), total: deadline),
            maxResponseBytes: max(limit, Self.refusalBytes))
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw .transport(error)
        }
        guard response.status == 200 else {
            let wait = response.headers["Retry-After"].flatMap { Int64($0) }
            throw .refused(
                .init(
                    code: response.status, description: "the file server did not give the file",
                    retryAfter: wait.map { .seconds(max(0, $0)) }))
        }
        if response.body.count > limit { throw .transport(.tooLarge(limit: limit)) }
        return response.body
    }
}
