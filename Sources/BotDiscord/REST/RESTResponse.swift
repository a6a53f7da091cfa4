import BotCore
import BotHTTP
import FoundationEssentials

/// Reads what Discord's REST API answers besides data: limits and errors.
enum RESTResponse {
    private struct Problem: Decodable {
        let message: String?
        let code: Int?
        let retryAfter: Double?
        let isGlobal: Bool?

        enum CodingKeys: String, CodingKey {
            case message, code
            case retryAfter = "retry_after"
            case isGlobal = "global"
        }
    }

    /// "Maximum number of edits to messages older than 1 hour reached" (Opcodes and Status Codes, "JSON"). It comes as a 429, though no
    /// wait helps: that message takes no edit any more.
    private static let tooManyEdits = 30_046
    /// There was nobody to take the request (Opcodes and Status Codes, "HTTP": 502), so that nothing was done.
    private static let untaken: Set<Int> = [502, 503]

    /// What the answer says about limits. A wait is never taken as shorter than Discord says; one without JSON comes from the
    /// network in front of Discord, which bans for minutes.
    static func limits(of response: HTTPResponse) -> RateLimitBuckets.Answer {
        let headers = response.headers
        var answer = RateLimitBuckets.Answer(status: response.status)
        answer.bucket = headers["X-RateLimit-Bucket"]
        answer.limit = headers["X-RateLimit-Limit"].flatMap { Int($0) }
        answer.remaining = headers["X-RateLimit-Remaining"].flatMap { Int($0) }
        answer.resetAfter = headers["X-RateLimit-Reset-After"].flatMap { span($0) }
        guard response.status == 429 else { return answer }
        answer.scope = headers["X-RateLimit-Scope"]
        let problem = problem(in: response)
        if problem?.code == tooManyEdits {
            answer.isOfOneMessage = true
            return answer
        }
        answer.isGlobal = problem?.isGlobal ?? false || headers["X-RateLimit-Global"] == "true"
        let told = problem?.retryAfter.flatMap { span($0) } ?? headers["Retry-After"].flatMap { span($0) }
        answer.isForeign = problem?.retryAfter == nil
        answer.retryAfter = answer.isForeign ? max(told ?? .seconds(300), .seconds(60)) : told
        return answer
    }

    /// The error that an answer stands for; nil for success.
    static func error(of response: HTTPResponse, to route: RESTRoute) -> RESTError? {
        let limits = limits(of: response)
        switch response.status {
        case 200..<300: return nil
        case 401 where !route.isInteraction: return .unauthorized
        case 429 where !limits.isOfOneMessage:
            return .rateLimited(
                retryAfter: limits.retryAfter ?? .seconds(1),
                everywhere: limits.isGlobal || limits.isForeign || limits.scope == "global")
        case 500...:
            // What failed on the way back, or half-way, may stand all the same.
            let mayStand = route.makesMessage && !untaken.contains(response.status)
            let reason = "HTTP \(response.status)"
            return mayStand ? .outcomeUnknown(reason) : .notSent(reason)
        default:
            let problem = problem(in: response)
            return .refused(
                status: response.status, code: problem?.code ?? 0,
                message: String((problem?.message ?? "no explanation").prefix(200)))
        }
    }

    private static func problem(in response: HTTPResponse) -> Problem? {
        // An answer that is no JSON came from something in between: it has no explanation.
        try? JSONDecoder().decode(Problem.self, from: Data(response.body))
    }

    private static func span(_ text: String) -> Duration? { Double(text).flatMap { span($0) } }

    private static func span(_ seconds: Double) -> Duration? {
        guard seconds.isFinite, seconds >= 0 else { return nil }
        return .milliseconds((min(seconds, 86_400) * 1000).rounded(.up))
    }
}
