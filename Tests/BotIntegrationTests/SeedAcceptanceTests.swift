import BotCore
import BotSessions
import BotTestSupport
import Foundation
import Testing

@testable import BotApp

/// The list of the guide that this project began with: what it says must be seen working.
///
/// Line by line: "bots answer" is `ConversationTests.remembers`, "/reset clears" is `ResetTests.forgetsAndRemembers`, "long
/// chats work" is `staysWithinTheLimit`, "the API returns data" and "stats show active sessions" are `showsTheSameSessions`,
/// "the log shows activity" is `logsTheSessionManager`, "the database is there and grows" is `growsTheDatabase`, "memory stays
/// reasonable" is `boundsTheCache`, and its three snippets are `takesFivePairs`, `staysWithinTheLimit` and `cleansUp`.
@Suite(.timeLimit(.minutes(5)))
struct SeedAcceptanceTests {
    @Test("the API shows the chats' sessions; stats count them; health and page answer")
    func showsTheSameSessions() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let (here, there) = (TestChat(kind: .telegram, world: world), TestChat(kind: .discord, world: world))
                try await here.converse("hello from Telegram", answer: "Hello, Telegram.")
                try await there.converse("hello from Discord", answer: "Hello, Discord.")

                let list = try await app.ask("/api/sessions")
                #expect(list.status == 200)
                #expect(try list.json["success"] == true)
                #expect(try list.json["count"] == 2)
                let sessions = try list.data.items
                #expect(Set(sessions.map { $0["interface_type"].text }) == ["telegram", "discord"])
                let session = try #require(sessions.first { $0["interface_type"] == "telegram" })
                #expect(session["messages"].items.map { $0["role"].text } == ["user", "assistant"])
                #expect(
                    session["messages"].items.map { $0["content"].text } == ["hello from Telegram", "Hello, Telegram."])
                #expect(session["external_chat_id"] == "42")
                #expect(session["is_active"] == 1)
                let id = try #require(session["id"].number)
                #expect(try await app.ask("/api/sessions?id=\(id)").data["message_count"] == 2)
                let conversation = try #require(session["conversation_id"].number)
                #expect(try await app.ask("/api/sessions?conversationId=\(conversation)").data["id"] == .integer(id))
                let context = try await app.act("buildContext", ["sessionId": .integer(id)]).data
                #expect(context["messages"].items.map { $0["content"].text }.first == "hello from Telegram")

                let stats = try await app.ask("/api/sessions?stats=true").data
                #expect(stats["active_sessions"] == 2)
                #expect(stats["total_messages"] == 4)
                #expect(stats["sessions_by_interface"]["discord"] == 1)

                let health = try await app.ask("/api/health")
                #expect(health.status == 200)
                #expect(try health.json["links"]["telegram"]["state"] == "connected")
                #expect(try health.json["links"]["discord"]["state"] == "connected")
                let page = try await app.ask("/")
                #expect(page.status == 200)
                #expect(page.text.lowercased().contains("<!doctype html>"))
            }
        }
    }

    @Test("logs/mybot.log shows what the session manager does, at info and without any text")
    func logsTheSessionManager() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: .telegram, world: world)
                try await chat.converse("my word is ibis", answer: "Kept.")
                chat.command("reset")
                try await chat.reply(holding: "forgotten")
            }
            for action in ["session created", "message added", "reset"] {
                #expect(!world.logLines("[session-manager]", action, "INFO").isEmpty, "\(action)")
            }
            #expect(world.logLines("[session-manager]", "message added").count == 2)
            #expect(!world.log.contains("ibis"))
        }
    }

    @Test("data/mybot.db is there and grows")
    func growsTheDatabase() async throws {
        try await AppWorld.with { world in
            func size() throws -> Int {
                let path = world.directory.file("data/mybot.db")
                return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            }
            try await world.running { _ in }
            let before = try size()
            try await world.running { app in
                let id = try await app.act("create", ["conversationId": 1]).data["id"]
                let long = JSONValue.string(String(repeating: "a long message ", count: 4000))
                for _ in 0..<5 {
                    let added = try await app.act(
                        "addMessage", ["sessionId": id, "data": .object(["role": "user", "content": long])])
                    #expect(added.status == 200, "\(added.text.prefix(300))")
                }
            }
            #expect(try size() > before)
        }
    }

    @Test("snippet 1: a session is created on demand and takes five pairs")
    func takesFivePairs() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let id = try await app.act("create", ["conversationId": 999]).data["id"]
                for number in 1...5 {
                    for (role, text) in [("user", "question \(number)"), ("assistant", "answer \(number)")] {
                        let added = try await app.act(
                            "addMessage",
                            ["sessionId": id, "data": .object(["role": .string(role), "content": .string(text)])])
                        #expect(added.status == 200)
                    }
                }
                let session = try await app.ask("/api/sessions?conversationId=999").data
                #expect(session["message_count"] == 10)
                #expect(session["messages"].items.count == 10)
                let context = try await app.act("buildContext", ["sessionId": id]).data
                #expect(context["messages"].items.last?["content"] == "answer 5")
            }
        }
    }

    @Test(
        "snippet 2 and long chats: fifty long messages are summarised, stay within the token limit, and the chat goes on"
    )
    func staysWithinTheLimit() async throws {
        try await AppWorld.with { world in
            SummarisingModel.serve(world.model) { "Read: \($0.question ?? "")" }
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                chat.say("my first message")
                try await chat.reply(holding: "Read: my first message")
                let id = try await app.session()["id"]
                let long = String(repeating: "This is a long message with many words. ", count: 20)
                for number in 1...50 {
                    let role = number.isMultiple(of: 2) ? "assistant" : "user"
                    let content = JSONValue.string("\(number): \(long)")
                    _ = try await app.act(
                        "addMessage", ["sessionId": id, "data": .object(["role": .string(role), "content": content])])
                }
                chat.say("and the last")
                try await chat.reply(holding: "Read: and the last")
                try await app.until { app.app.sessions.compaction.isIdle }
                let session = try await app.session()
                #expect(session["message_count"] == 54)
                #expect(session["summaries"].items.count >= 1)
                #expect(session["messages"].items.count < 54)
                let summary = session["summaries"][0]
                #expect(try #require(summary["tokens"].number) <= 500)
                let covered = Int(try #require(summary["messages_summarized"].number))
                #expect(covered + session["messages"].items.count == 54)
                let context = try await app.act("buildContext", ["sessionId": id]).data
                #expect(context["hasSummaries"] == true)
                let (tokens, limit) = (try #require(context["totalTokens"].number), session["token_limit"].number)
                #expect(tokens <= limit ?? 0)
                // A token is rarely more than five bytes of English: what was sent is within the limit, too.
                let sent = try #require(SummarisingModel.replies(world.model.calls).last).messages
                #expect(sent.filter { $0.role != .system }.map(\.content.utf8.count).reduce(0, +) <= 6 * 4000)
                #expect(sent.last?.words == "and the last")
            }
        }
    }

    @Test("snippet 3: cleanup answers, and loses nothing")
    func cleansUp() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .discord, world: world)
                try await chat.converse("my colour is teal", answer: "Noted.")
                #expect(try await app.act("cleanup").json["success"] == true)
                try await chat.converse("what is it?", answer: "Teal.")
                #expect(world.model.calls[1].messages.contains { $0.content.contains("teal") })
            }
        }
    }

    @Test("memory stays reasonable: the cache is bounded by its setting")
    func boundsTheCache() async throws {
        try await AppWorld.with { world in
            try await world.running(["sessions.cacheMaxSessions": "5"]) { app in
                for number in 1...12 {
                    let id = try await app.act("create", ["conversationId": .integer(Int64(number))]).data["id"]
                    _ = try await app.act("buildContext", ["sessionId": id])
                }
                let stats = try await app.ask("/api/sessions?stats=true").data
                #expect(stats["active_sessions"] == 12)
                #expect(try #require(stats["cacheSize"].number) <= 5)
            }
        }
    }

    @Test("the API asks for its token when one is set")
    func asksForTheToken() async throws {
        try await AppWorld.with { world in
            try await world.running(["http.token": "a-token-of-the-api"]) { app in
                var statuses: [Int] = []
                for token in [nil, "another", "a-token-of-the-api"] {
                    statuses.append(try await app.ask("/api/sessions", token: token).status)
                }
                #expect(statuses == [401, 401, 200])
            }
        }
    }
}
