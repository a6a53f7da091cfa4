import BotCore
import BotSessions
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SessionAPITests {
    private let create = #"{"action": "create", "conversationId": 999, "data": {"interface_type": "test"}}"#

    @Test func createMakesItsConversationAndIsGetOrCreate() async throws {
        try await WebFixture.with { web in
            let first = try await web.call("POST", "/api/sessions", body: create)
            #expect(first.status == 200)
            #expect(first.json["success"] == .bool(true))
            #expect(first.json.data["conversation_id"] == .integer(999))
            #expect(first.json.data["interface_type"] == .string("test"))
            #expect(first.json.data["external_user_id"] == .string("admin"))
            #expect(first.json.data["is_active"] == .integer(1))
            let again = try await web.call("POST", "/api/sessions", body: create)
            #expect(again.json.data["id"] == first.json.data["id"])
        }
    }

    @Test func aSessionHasTheGuidesFields() async throws {
        try await WebFixture.with { web in
            let session = try await web.call("POST", "/api/sessions", body: create).json.data
            let expected: Set = [
                "id", "session_id", "conversation_id", "interface_type", "external_user_id", "external_chat_id",
                "messages", "summaries", "state", "total_tokens", "input_tokens", "output_tokens", "token_limit",
                "last_active_at", "created_at", "expires_at", "is_active", "message_count", "tool_calls_count",
                "error_count", "metadata",
            ]
            #expect(Set(session.keys) == expected)
            #expect(session["created_at"] == .integer(web.time.now.rawValue))
        }
    }

    @Test("Where pictures of a message can be loaded from is not shown")
    func hidesMedia() async throws {
        try await WebFixture.with { web in
            _ = try await web.call("POST", "/api/sessions", body: create)
            let metadata: [String: JSONValue] = [SessionMessage.mediaKey: .string("file-1"), "mine": .string("kept")]
            _ = try await web.sessions.addMessage(
                to: SessionID(1), role: .user, content: "[photo]", metadata: metadata)
            let session = try await web.call("GET", "/api/sessions?id=1").json.data
            guard case .array(let messages) = session["messages"] else { throw CancellationError() }
            #expect(messages.first?.members?["metadata"] == .object(["mine": .string("kept")]))
        }
    }

    @Test func messagesAreAddedShownBuiltIntoAContextAndCleared() async throws {
        try await WebFixture.with { web in
            _ = try await web.call("POST", "/api/sessions", body: create)
            let add = #"{"action": "addMessage", "sessionId": 1, "data": {"role": "user", "content": "Hello world!"}}"#
            let added = try await web.call("POST", "/api/sessions", body: add)
            #expect(added.json.data["message_count"] == .integer(1))
            let context = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "buildContext", "sessionId": 1}"#)
            #expect(
                context.json.data["messages"]
                    == .array([.object(["role": .string("user"), "content": .string("Hello world!")])]))
            #expect(context.json.data["hasSummaries"] == .bool(false))
            let cleared = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "clearMessages", "sessionId": 1}"#)
            #expect(cleared.json.data["message_count"] == .integer(0))
            #expect(cleared.json.data["messages"] == .array([]))
        }
    }

    @Test func erasingASessionStopsTheAnswerThatIsBeingMade() async throws {
        try await WebFixture.with { web in
            let turn = try await StoreSamples.begin("1", in: web.store)
            let erased = try await web.call("DELETE", "/api/sessions?id=\(turn.session.id)")
            #expect(erased.status == 200)
            #expect(web.stopped.withLock { $0 } == [turn.id])
            let again = try await web.call("DELETE", "/api/sessions?id=\(turn.session.id)")
            #expect(again.status == 404)
        }
    }

    @Test func theSummaryIsShownAndTheMessagesThatItDoesNotCover() async throws {
        try await WebFixture.with { web in
            _ = try await web.call("POST", "/api/sessions", body: create)
            for number in 1...6 {
                let role = number.isMultiple(of: 2) ? "assistant" : "user"
                _ = try await web.call(
                    "POST", "/api/sessions",
                    body:
                        #"{"action": "addMessage", "sessionId": 1, "data": {"role": "\#(role)", "content": "m\#(number)"}}"#
                )
            }
            let session = try #require(try await web.store.session(SessionID(1)))
            let draft = CheckpointDraft(
                session: session.id, base: nil, fromSeq: 1, toSeq: 4, text: "TOPICS\n- Counting [#1-4]", tokens: 5,
                tokenizer: "words", replacedTokens: 4, author: .digest, round: 0, pause: 10)
            web.time.advance(by: .seconds(1))
            _ = try await web.store.commit(draft, ifRevision: session.revision, at: web.time.now)
            let summary: JSONValue = .object([
                "text": .string("TOPICS\n- Counting [#1-4]"), "messages_summarized": .integer(4),
                "created_at": .integer(web.time.now.rawValue), "tokens": .integer(5),
            ])
            for path in ["/api/sessions?conversationId=999", "/api/sessions"] {
                let json = try await web.call("GET", path).json
                let shown = json.list.first?.members ?? json.data
                #expect(shown["summaries"] == .array([summary]))
                #expect(shown["message_count"] == .integer(6))
                guard case .array(let messages)? = shown["messages"] else {
                    Issue.record("no messages")
                    continue
                }
                #expect(messages.compactMap { $0.members?["content"] } == [.string("m5"), .string("m6")])
            }
            let statistics = try await web.call("GET", "/api/sessions?stats=true").json.data
            #expect(statistics["summaries"] == .integer(1))
        }
    }

    @Test func statisticsHaveTheGuidesNamesAndTheCaches() async throws {
        try await WebFixture.with { web in
            let statistics = try await web.call("GET", "/api/sessions?stats=true").json.data
            let expected: Set = [
                "total_sessions", "active_sessions", "total_messages", "total_tokens", "average_session_length",
                "sessions_by_interface", "cacheSize", "cache_hits", "cache_misses", "summaries", "total_tool_calls",
                "total_errors",
            ]
            #expect(Set(statistics.keys) == expected)
        }
    }

    @Test func stateIsMergedAndSessionsEnd() async throws {
        try await WebFixture.with { web in
            _ = try await web.call("POST", "/api/sessions", body: create)
            _ = try await web.call(
                "POST", "/api/sessions",
                body: #"{"action": "updateState", "sessionId": 1, "data": {"variables": {"a": 1}}}"#)
            let patched = try await web.call(
                "POST", "/api/sessions",
                body: #"{"action": "updateState", "sessionId": 1, "data": {"preferences": {"b": true}}}"#)
            #expect(
                patched.json.data["state"]
                    == .object([
                        "variables": .object(["a": .integer(1)]), "preferences": .object(["b": .bool(true)]),
                    ]))
            let ended = try await web.call("POST", "/api/sessions", body: #"{"action": "deactivate", "sessionId": 1}"#)
            #expect(ended.json == ["success": .bool(true)])
            #expect(try await web.call("GET", "/api/sessions").json.list.isEmpty)
            #expect(try await web.call("DELETE", "/api/sessions?id=1").json == ["success": .bool(true)])
            #expect(try await web.call("DELETE", "/api/sessions?id=1").status == 404)
        }
    }

    @Test func theListCountsAndTheStatisticsAreTrue() async throws {
        try await WebFixture.with { web in
            for number in 1...3 {
                _ = try await web.call(
                    "POST", "/api/sessions", body: #"{"action": "create", "conversationId": \#(number)}"#)
            }
            _ = try await web.call(
                "POST", "/api/sessions",
                body: #"{"action": "addMessage", "sessionId": 1, "data": {"role": "user", "content": "one two"}}"#)
            let list = try await web.call("GET", "/api/sessions?limit=2")
            #expect(list.json["count"] == .integer(2))
            let statistics = try await web.call("GET", "/api/sessions?stats=true").json.data
            #expect(statistics["total_sessions"] == .integer(3))
            #expect(statistics["total_messages"] == .integer(1))
            #expect(statistics["sessions_by_interface"] == .object(["web": .integer(3)]))
            let byConversation = try await web.call("GET", "/api/sessions?conversationId=2")
            #expect(byConversation.json.data["conversation_id"] == .integer(2))
        }
    }

    @Test func anotherInterfacesConversationIsAConflict() async throws {
        try await WebFixture.with { web in
            _ = try await web.call("POST", "/api/sessions", body: create)
            let other = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "create", "conversationId": 999}"#)
            #expect(other.status == 409)
            let platform = try await web.call(
                "POST", "/api/sessions",
                body: #"{"action": "create", "conversationId": 5, "data": {"interface_type": "telegram"}}"#)
            #expect(platform.status == 409)
            let unknown = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "create", "conversationId": 4294967296}"#)
            #expect(unknown.status == 404)
        }
    }

    @Test(arguments: [
        ("GET", "/api/sessions?id=x", nil, 400, "session ID"),
        ("GET", "/api/sessions?id=0", nil, 400, "session ID"),
        ("GET", "/api/sessions?id=99999", nil, 404, "not found"),
        ("GET", "/api/sessions?conversationId=x", nil, 400, "conversation ID"),
        ("GET", "/api/sessions?limit=-1", nil, 400, "limit"),
        ("GET", "/api/nothing", nil, 404, "nothing"),
        ("DELETE", "/api/sessions", nil, 400, "Missing session ID"),
        ("POST", "/api/sessions", "{", 400, "JSON"),
        ("POST", "/api/sessions", "[]", 400, "object"),
        ("POST", "/api/sessions", "{}", 400, "action"),
        ("POST", "/api/sessions", #"{"action": "fly"}"#, 400, "Unknown action"),
        ("POST", "/api/sessions", #"{"action": "create"}"#, 400, "conversationId"),
        ("POST", "/api/sessions", #"{"action": "create", "conversationId": "x"}"#, 400, "conversationId"),
        ("POST", "/api/sessions", #"{"action": "create", "conversationId": 1, "data": 7}"#, 400, "data"),
        ("POST", "/api/sessions", #"{"action": "addMessage"}"#, 400, "sessionId"),
        (
            "POST", "/api/sessions",
            #"{"action": "addMessage", "sessionId": 1, "data": {"role": "pirate", "content": "x"}}"#, 400, "data.role"
        ),
        (
            "POST", "/api/sessions",
            #"{"action": "addMessage", "sessionId": 9, "data": {"role": "user", "content": "x"}}"#, 404, "not found"
        ),
        ("POST", "/api/sessions", #"{"action": "clearMessages"}"#, 400, "sessionId"),
        ("POST", "/api/sessions", #"{"action": "clearMessages", "sessionId": 9}"#, 404, "not found"),
        ("POST", "/api/sessions", #"{"action": "updateState", "sessionId": 9}"#, 400, "state"),
        ("POST", "/api/sessions", #"{"action": "deactivate", "sessionId": 9}"#, 404, "not found"),
        (
            "POST", "/api/sessions", #"{"action": "buildContext", "sessionId": 9, "data": {"maxMessages": -1}}"#, 400,
            "data.maxMessages"
        ),
    ])
    func badInputIsAnsweredWithWhatAndWhere(
        method: String, path: String, body: String?, status: Int, words: String
    ) async throws {
        try await WebFixture.with { web in
            let answer = try await web.call(method, path, body: body)
            #expect(answer.status == status)
            let error = try #require(answer.json.error)
            #expect(error.contains(words), "\(error)")
        }
    }

    @Test func aBodyThatIsTooLargeIsRefused() async throws {
        try await WebFixture.with { web in
            let text = String(repeating: "a", count: 1 << 21)
            let answer = try await web.call("POST", "/api/sessions", body: #"{"action": "\#(text)"}"#)
            #expect(answer.status == 413)
        }
    }
}
