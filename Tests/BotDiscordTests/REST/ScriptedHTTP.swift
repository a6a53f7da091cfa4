import BotCore
import BotHTTP

@testable import BotDiscord

/// Answers requests from a script and remembers them.
final class ScriptedHTTP: HTTPSending {
    enum Step: Sendable {
        case answer(Int, String, [(String, String)])
        case failure(HTTPError)
    }

    private struct State: Sendable {
        var steps: [Step]
        var requests: [HTTPRequest] = []
    }

    private let state: Lock<State>

    init(_ steps: [Step]) { state = Lock(State(steps: steps)) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let step = state.withLock { state -> Step in
            state.requests.append(request)
            return state.steps.isEmpty ? .failure(.shutDown) : state.steps.removeFirst()
        }
        switch step {
        case .failure(let error): throw error
        case .answer(let status, let body, let headers):
            let fields = headers.map { (name: $0.0, value: $0.1) }
            return HTTPResponse(
                head: HTTPResponseHead(status: status, headers: HTTPHeaders(fields)), body: Array(body.utf8))
        }
    }
}
