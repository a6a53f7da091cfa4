import BotCore
import BotHTTP
import Foundation

/// Calls methods of the Bot API. The token is in each address, so no address is ever logged.
struct TelegramAPI: Sendable {
    /// The most bytes of an answer: Telegram sends about 4 MiB of updates at once, more when they are escaped.
    static let maxAnswerBytes = 16 << 20
    /// The longest wait that is believed, in seconds.
    static let maxRetryAfter: Int64 = 86_400

    let base: String
    let token: Secret
    let http: HTTPClient

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
        let body = try Self.encoded { try JSONEncoder().encode(call) }
        return try await send(
            [UInt8](body), as: "application/json", to: Call.self, deadline: deadline, label: label)
    }

    /// Calls a method that takes a file.
    ///
    /// - Parameters:
    ///   - field: the parameter that the file is.
    ///   - deadline: for all of it.
    func upload<Call: TelegramCall>(
        _ call: Call, _ file: ReplyFile, as field: String, deadline: Duration
    ) async throws(CallFailure) -> Call.Answer {
        let form = MultipartForm(fields: try Self.encoded { try Self.fields(of: call) }, file: file, as: field)
        return try await send(form.body, as: form.contentType, to: Call.self, deadline: deadline, label: nil)
    }

    /// The parameters of a call as fields of a form: objects and lists are written as JSON ("Sending files", Bot API).
    private static func fields(of call: some TelegramCall) throws -> [(name: String, content: [UInt8])] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let fields = try JSONDecoder().decode([String: JSONValue].self, from: encoder.encode(call))
        return try fields.sorted { $0.key < $1.key }.map { name, value in
            if case .string(let text) = value { return (name, Array(text.utf8)) }
            return (name, Array(try encoder.encode(value)))
        }
    }

    private static func encoded<Body>(_ encode: () throws -> Body) throws(CallFailure) -> Body {
        do {
            return try encode()
        } catch {
            // Bodies are made of strings and numbers, which always encode.
            throw .transport(.invalidURL("the call could not be encoded"))
        }
    }

    private func send<Call: TelegramCall>(
        _ body: [UInt8], as contentType: String, to: Call.Type, deadline: Duration, label: String?
    ) async throws(CallFailure) -> Call.Answer {
        let request = HTTPRequest(
            method: "POST", url: "\(base)/bot\(token.exposed)/\(Call.method)",
            headers: [(name: "Content-Type", value: contentType)], body: body,
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
                retryAfter: wait.map { .seconds(min(max(0, $0), Self.maxRetryAfter)) },
                newChat: envelope.parameters?.newChat))
    }
}

/// What every answer of the Bot API is wrapped in.
private struct Envelope<Result: Decodable>: Decodable {
    struct Parameters: Decodable {
        let retryAfter: Int64?
        let newChat: Int64?

        private enum CodingKeys: String, CodingKey {
            case retryAfter = "retry_after"
            case newChat = "migrate_to_chat_id"
        }
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
