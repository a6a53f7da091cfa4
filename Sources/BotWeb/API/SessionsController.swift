import BotCore
import BotSessions
import Hummingbird

/// `/api/sessions`: the guide's session API.
struct SessionsController: Sendable {
    /// How many sessions are listed when the caller does not say.
    static let defaultLimit = 100
    /// How many messages of one session are shown, newest first to stay.
    static let messageLimit = 1000
    /// How many of each are shown in a list.
    static let messageLimitInLists = 100

    let sessions: SessionManager
    let carryOut: @Sendable (ResetOutcome) -> Void

    func addRoutes(to router: Router<BasicRequestContext>) {
        router.get("/api/sessions") { request, _ in try await get(request) }
        router.post("/api/sessions") { request, _ in
            try await SessionActions(sessions: sessions, carryOut: carryOut).perform(JSONBody(request))
        }
        router.delete("/api/sessions") { request, _ in try await delete(request) }
    }

    private func get(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        if query["stats"] == "true" {
            return .json(Success(data: StatisticsBody(try await sessions.getStats())))
        }
        if let text = query["id"] {
            guard let id = Int64(text), id > 0 else { throw APIError.badRequest("Invalid session ID") }
            return try await answer(sessions.getSession(SessionID(id)))
        }
        if let text = query["conversationId"] {
            guard let id = Int64(text), id > 0 else { throw APIError.badRequest("Invalid conversation ID") }
            return try await answer(sessions.session(of: ConversationID(id)))
        }
        var limit = Self.defaultLimit
        if let text = query["limit"] {
            guard let number = Int(text), (1...1000).contains(number) else {
                throw APIError.badRequest("limit must be a whole number from 1 to 1000")
            }
            limit = number
        }
        var bodies: [SessionBody] = []
        for session in try await sessions.activeSessions(limit: limit) {
            bodies.append(try await body(of: session, messageLimit: Self.messageLimitInLists))
        }
        return .json(Success(data: bodies, count: bodies.count))
    }

    private func delete(_ request: Request) async throws -> Response {
        guard let text = request.uri.queryParameters["id"] else { throw APIError.badRequest("Missing session ID") }
        guard let id = Int64(text), id > 0 else { throw APIError.badRequest("Invalid session ID") }
        // Cleared first: that ends the answer that is being made, its preview in the chat and its model call.
        if let outcome = try await sessions.clearMessages(SessionID(id)) { carryOut(outcome) }
        guard try await sessions.delete(SessionID(id)) else {
            throw APIError.notFound("Session not found or already deleted")
        }
        return .json(["success": true])
    }

    private func answer(_ session: Session?) async throws -> Response {
        guard let session else { throw APIError.notFound("Session not found") }
        return .json(Success(data: try await body(of: session)))
    }

    private func body(of session: Session, messageLimit: Int = Self.messageLimit) async throws -> SessionBody {
        try await SessionBody.read(session, from: sessions, messageLimit: messageLimit)
    }
}

extension SessionBody {
    /// Reads what belongs to a session.
    static func read(
        _ session: Session, from sessions: SessionManager, messageLimit: Int = SessionsController.messageLimit
    ) async throws -> SessionBody {
        SessionBody(
            session, messages: try await sessions.messages(of: session.id, limit: messageLimit),
            summary: try await sessions.checkpoint(of: session))
    }
}
