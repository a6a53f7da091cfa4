import BotCore
import BotHTTP
import FoundationEssentials
import Logging

/// Sends HTTP requests: the program's client, or a script of a test.
protocol HTTPSending: Sendable {
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

extension HTTPClient: HTTPSending {}

/// Talks to Discord's REST API within its limits. It repeats nothing: who asks decides that.
final class DiscordREST: Sendable {
    /// A request's body.
    private struct Content {
        let type: String
        let bytes: [UInt8]
    }

    private let http: any HTTPSending
    private let baseURL: String
    private let token: Secret
    private let time: any TimeSource
    private let logger: Logger
    private let buckets = Lock(RateLimitBuckets())
    private let changed = Signal()
    private let isRefused = Lock(false)
    private let refused = Signal()

    /// A wait shorter than this is waited here; a longer one is the caller's business.
    private static let patience = Duration.seconds(1)
    /// Required by Discord (Reference, "User Agent"): without it the network in front of it refuses requests.
    static let userAgent = "DiscordBot (https://github.com/mybot/mybot, \(Version.current))"

    init(http: any HTTPSending, baseURL: String, token: Secret, time: any TimeSource, logger: Logger) {
        self.http = http
        self.baseURL = baseURL
        self.token = token
        self.time = time
        self.logger = logger
    }

    /// Sends a request and returns the body of its answer.
    func send(_ route: RESTRoute, json body: (some Encodable)?) async throws(RESTError) -> [UInt8] {
        guard let body else { return try await send(route, content: nil) }
        return try await send(route, content: Content(type: "application/json", bytes: Self.json(body)))
    }

    /// Sends a message, with its file if it has one, and returns the body of the answer.
    func send(_ route: RESTRoute, message: MessageBody) async throws(RESTError) -> [UInt8] {
        guard let file = message.file else { return try await send(route, json: message) }
        let form = MultipartForm(
            fields: [(name: "payload_json", content: try Self.json(message))], file: file, as: "files[0]")
        return try await send(route, content: Content(type: form.contentType, bytes: form.body))
    }

    /// Sends a request without a body and returns the body of its answer.
    func send(_ route: RESTRoute) async throws(RESTError) -> [UInt8] { try await send(route, content: nil) }

    /// What Discord answers to a question; nil where it refuses, or where the answer cannot be read: it would be so again.
    func ask<Value: Decodable>(
        _ type: Value.Type, _ route: RESTRoute, within patience: Duration
    ) async throws(RESTError) -> Value? {
        var route = route
        route.deadline = patience
        do throws(RESTError) {
            return try Self.read(type, from: try await send(route))
        } catch {
            switch error {
            case .refused, .unauthorized, .unreadable: return nil
            case .cancelled, .rateLimited, .notSent, .outcomeUnknown: throw error
            }
        }
    }

    private static func json(_ body: some Encodable) throws(RESTError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(body))
        } catch {
            throw .unreadable("the request cannot be written as JSON")
        }
    }

    /// Reads an answer's JSON.
    static func read<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(RESTError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .unreadable("Discord's answer cannot be read")
        }
    }

    private func send(_ route: RESTRoute, content: Content?) async throws(RESTError) -> [UInt8] {
        if isRefused.withLock({ $0 }) { throw .unauthorized }
        let ticket = try await admission(of: route)
        let response: HTTPResponse
        do {
            response = try await http.send(request(route, content))
        } catch {
            buckets.withLock { $0.failed(ticket, at: time.uptime) }
            changed.notify()
            throw Self.translated(error)
        }
        let limits = RESTResponse.limits(of: response)
        buckets.withLock { $0.answered(ticket, limits, at: time.uptime) }
        changed.notify()
        guard let error = RESTResponse.error(of: response, to: route) else {
            return response.body
        }
        if error == .unauthorized {
            isRefused.withLock { $0 = true }
            refused.notify()
        }
        logger.debug(
            "Discord answered with an error", metadata: ["http.route": "\(route.name)", "error": "\(error)"])
        throw error
    }

    /// Waits until Discord refuses the token; false when the task was cancelled first.
    func waitForRefusal() async -> Bool {
        while !Task.isCancelled {
            if isRefused.withLock({ $0 }) { return true }
            await refused.wait(unless: { self.isRefused.withLock { $0 } })
        }
        return false
    }

    /// Waits for a short moment until the limits let the request go.
    private func admission(of route: RESTRoute) async throws(RESTError) -> RateLimitBuckets.Ticket {
        let giveUp = time.uptime + Self.patience
        while true {
            if Task.isCancelled { throw .cancelled }
            let now = time.uptime
            switch buckets.withLock({ $0.ask(route, at: now) }) {
            case .go(let ticket): return ticket
            case .wait(let until, let everywhere):
                guard until <= giveUp else { throw .rateLimited(retryAfter: until - now, everywhere: everywhere) }
                // Cancellation is looked at above.
                try? await time.sleep(untilUptime: until)
            case .busy:
                guard now < giveUp else { throw .rateLimited(retryAfter: .milliseconds(500), everywhere: false) }
                await changed.wait(unless: { self.mayGo(route) }, until: giveUp, time)
            }
        }
    }

    private func mayGo(_ route: RESTRoute) -> Bool {
        // On a copy, so that nothing is counted.
        var copy = buckets.withLock { $0 }
        return copy.ask(route, at: time.uptime) != .busy
    }

    private func request(_ route: RESTRoute, _ content: Content?) -> HTTPRequest {
        var headers = [(name: "User-Agent", value: Self.userAgent)]
        if !route.isInteraction { headers.append((name: "Authorization", value: "Bot \(token.exposed)")) }
        if let content { headers.append((name: "Content-Type", value: content.type)) }
        // A POST or PUT without a body still says so: some servers answer 411 otherwise.
        let bytes = content?.bytes ?? (route.method == "GET" ? nil : [])
        return HTTPRequest(
            method: route.method, url: baseURL + route.path, headers: headers, body: bytes,
            deadlines: HTTPDeadlines(
                connect: min(.seconds(10), route.deadline), firstByte: route.deadline, idle: .seconds(10),
                total: route.deadline + .seconds(10)),
            maxResponseBytes: 4 << 20)
    }

    private static func translated(_ error: HTTPError) -> RESTError {
        if error == .cancelled { return .cancelled }
        let reason = "no answer from Discord: \(error)"
        return error.wasSurelyNotSent ? .notSent(reason) : .outcomeUnknown(reason)
    }
}
