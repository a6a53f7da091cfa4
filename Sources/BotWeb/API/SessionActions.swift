import BotCore
import BotSessions
import Hummingbird

/// The actions of `POST /api/sessions`.
struct SessionActions: Sendable {
    let sessions: SessionManager
    /// Ends what a reset over the API leaves running.
    let carryOut: @Sendable (ResetOutcome) -> Void

    /// Does what the body's `action` says.
    ///
    /// - Throws: `APIError` with what is missing or wrong.
    func perform(_ body: JSONBody) async throws -> Response {
        guard let action = try body.string("action") else { throw APIError.badRequest("Missing action") }
        switch action {
        case "create": return try await create(body)
        case "addMessage": return try await addMessage(body)
        case "clearMessages":
            let outcome = try await sessions.clearMessages(sessionID(body))
            if let outcome { carryOut(outcome) }
            return try await answer(outcome?.session)
        case "updateState": return try await updateState(body)
        case "deactivate":
            guard try await sessions.deactivate(sessionID(body)) else { throw APIError.notFound("Session not found") }
            return .json(["success": true])
        case "cleanup":
            try await sessions.cleanup()
            return .json(CleanupBody())
        case "buildContext": return try await buildContext(body)
        default:
            throw APIError.badRequest(
                "Unknown action; use create, addMessage, clearMessages, updateState, deactivate, cleanup or buildContext"
            )
        }
    }

    private struct CleanupBody: Encodable {
        let success = true
        let message = "Cleanup initiated"
        private enum CodingKeys: CodingKey { case success, message }
    }

    private func sessionID(_ body: JSONBody) throws -> SessionID {
        guard let id = try body.integer("sessionId", in: 1...Int64.max) else {
            throw APIError.badRequest("Missing sessionId")
        }
        return SessionID(id)
    }

    private func create(_ body: JSONBody) async throws -> Response {
        guard let number = try body.integer("conversationId", in: 1...Int64.max) else {
            throw APIError.badRequest("Missing conversationId")
        }
        let conversation = ConversationID(number)
        let data = try body.object("data")
        let interfaceType = try data?.string("interface_type") ?? "web"
        if let existing = try await sessions.session(of: conversation) {
            guard existing.interfaceType == interfaceType else {
                throw APIError.conflict("Conversation \(number) belongs to \(existing.interfaceType)")
            }
        } else if conversation >= .firstOfPlatforms {
            throw APIError.notFound("Conversation not found; numbers from 4294967296 belong to chats of platforms")
        }
        guard !["telegram", "discord", "terminal"].contains(interfaceType) || conversation >= .firstOfPlatforms else {
            throw APIError.conflict("Sessions of \(interfaceType) are made by its own chats")
        }
        let settings = sessions.settings
        let expiry = try data?.integer("expires_in_ms", in: 0...315_360_000_000) ?? 0
        let limit = try data?.integer("token_limit", in: 0...10_000_000) ?? 0
        let draft = SessionDraft(
            conversation: .number(conversation), interfaceType: interfaceType,
            externalUserID: try data?.string("external_user_id") ?? "admin",
            externalChatID: try data?.string("external_chat_id") ?? "admin",
            tokenLimit: limit == 0 ? settings.tokenLimit : Int(limit),
            expiresAfter: expiry == 0 ? settings.expiry : .milliseconds(expiry),
            state: try data?.object("state")?.members ?? [:], metadata: try data?.object("metadata")?.members ?? [:])
        return try await answer(sessions.getOrCreateSession(draft))
    }

    private func addMessage(_ body: JSONBody) async throws -> Response {
        guard let data = try body.object("data"), let roleText = try data.string("role"),
            let content = try data.string("content"), !content.isEmpty, body.members["sessionId"] != nil
        else { throw APIError.badRequest("Missing required fields: sessionId, data.role and data.content") }
        guard let role = Role(rawValue: roleText), role == .user || role == .assistant else {
            throw APIError.badRequest("data.role must be user or assistant")
        }
        let metadata = try data.object("metadata")?.members ?? [:]
        return try await answer(
            sessions.addMessage(to: sessionID(body), role: role, content: content, metadata: metadata))
    }

    private func updateState(_ body: JSONBody) async throws -> Response {
        guard body.members["sessionId"] != nil, let data = try body.object("data") else {
            throw APIError.badRequest("Missing sessionId or state data")
        }
        return try await answer(sessions.updateState(of: sessionID(body), with: data.members))
    }

    private func buildContext(_ body: JSONBody) async throws -> Response {
        let maxMessages = try body.object("data")?.integer("maxMessages", in: 0...1000) ?? 0
        guard
            let context = try await sessions.buildContext(
                sessionID(body), maxMessages: maxMessages == 0 ? nil : Int(maxMessages))
        else { throw APIError.notFound("Session not found") }
        return .json(Success(data: ContextBody(context)))
    }

    private func answer(_ session: Session?) async throws -> Response {
        guard let session else { throw APIError.notFound("Session not found") }
        return .json(Success(data: try await SessionBody.read(session, from: sessions)))
    }
}
