import BotCore
import BotHTTP
import Foundation

/// Calls methods of the Bot API. The token is in each address, so no address is ever logged.
struct TelegramAPI: Sendable {
    /// The most bytes of an answer: Telegram sends about 4 MiB of updates at once, more when they are escaped.
    static let maxAnswerBytes = 16 << 20
    /// The longest wait that is believed, in seconds.
    static let maxRetryAfter: Int64 = 86_400

    private let base: String
    private let token: Secret
    private let http: HTTPClient

    init(baseURL: String, token: Secret, http: HTTPClient) {
        base = String(baseURL.reversed().drop { $0 == "/" }.reversed())
        self.token = token
        self.http = http
    }

    /// Calls a method.
    ///
    /// - Parameters:
    ///   - deadline: for all of it.
    ///   - label: the connection of its own that the call takes, if any.
    func call<Call: TelegramCall>(
        _ call: Call, deadline: Duration = .seconds(30), label: String? = nil
    ) async throws(CallFailure) -> Call.Answer {
        let body: Data
        do {
            body = try JSONEncoder().encode(call)
        } catch {
            // Bodies are made of strings and numbers, which always encode.
            throw .transport(.invalidURL("the call could not be encoded"))
        }
        let request = HTTPRequest(
            method: "POST", url: "\(base)/bot\(token.exposed)/\(Call.method)",
            headers: [(name: "Content-Type", value: "application/json")], body: [UInt8](body),
            deadlines: HTTPDeadlines(
                connect: min(.seconds(10), deadline), firstByte: deadline, idle: nil, total: deadline),
            maxResponseBytes: Self.maxAnswerBytes, connectionLabel: label)
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw .transport(error)
        }
        return try Self.result(of: response, as: Call.Answer.self)
    }

    /// Reads an answer.
    static func result<Answer: Decodable>(
        of response: HTTPResponse, as: Answer.Type
    ) throws(CallFailure) -> Answer {
        let envelope: Envelope<Answer>
        do {
            envelope = try JSONDecoder().decode(Envelope<Answer>.self, from: Data(response.body))
        } catch {
            throw .unreadable(status: response.status)
        }
        if envelope.isOK, let result = envelope.result { return result }
        if envelope.isOK { throw .unreadable(status: response.status) }
        let header = response.headers["Retry-After"].flatMap { Int64($0) }
        let wait = envelope.parameters?.retryAfter ?? header
        throw .refused(
            .init(
                code: envelope.errorCode ?? response.status, description: envelope.description ?? "",
                retryAfter: wait.map { .seconds(min(max(0, $0), Self.maxRetryAfter)) }))
    }
}

/// What every answer of the Bot API is wrapped in.
private struct Envelope<Result: Decodable>: Decodable {
    struct Parameters: Decodable {
        let retryAfter: Int64?

        private enum CodingKeys: String, CodingKey { case retryAfter = "retry_after" }
    }

    let isOK: Bool
    let result: Result?
    let errorCode: Int?
    let description: String?
    let parameters: Parameters?

    private enum CodingKeys: String, CodingKey {
        case isOK = "ok"
        case result, description, parameters
        case errorCode = "error_code"
    }
}
