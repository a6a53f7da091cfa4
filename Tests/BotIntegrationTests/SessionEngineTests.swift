import BotCore
import BotSessions
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// What the session engine does for people over a long chat: summaries, their taking back, and recall.
@Suite(.timeLimit(.minutes(5)))
struct SessionEngineTests {
    @Test("a long chat gets a summary, which is shown, quoted to the model as data, and can be taken back")
    func summary() async throws {
        try await AppWorld.with { world in
            SummarisingModel.serve(world.model)
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                chat.say("my sister is Ana")
                try await chat.reply(holding: "Noted.")
                chat.command("summary")
                try await chat.reply(holding: "There is no summary")
                try await app.fill(app.session(), with: 40)
                try await app.until {
                    let isMade = try await !app.session()["summaries"].items.isEmpty
                    return isMade && app.app.sessions.compaction.isIdle
                }

                let session = try await app.session()
                let summary = session["summaries"][0]
                #expect(session["message_count"] == 42)
                #expect(summary["text"].text.contains("- my sister is Ana [#1]"))
                let covered = try #require(summary["messages_summarized"].number)
                #expect(Int(covered) + session["messages"].items.count == 42)
                #expect(try #require(summary["tokens"].number) <= 500)
                #expect(try #require(summary["created_at"].number) > 0)
                #expect(try await app.ask("/api/sessions?stats=true").data["summaries"].number ?? 0 >= 1)
                let context = try await app.act("buildContext", ["sessionId": session["id"]]).data
                #expect(context["hasSummaries"] == true)
                #expect(try #require(context["totalTokens"].number) <= 4000)

                chat.command("summary")
                try await chat.reply(holding: "my sister is Ana (#1, ")
                #expect(chat.texts.last?.contains("openai/fake-model wrote this at") == true)
                chat.say("and now?")
                try await app.until { SummarisingModel.replies(world.model.calls).count == 2 }
                let asked = try #require(SummarisingModel.replies(world.model.calls).last)
                #expect(asked.system?.contains("Ana") == false)
                #expect(asked.messages.contains { $0.role == .user && $0.content.contains("my sister is Ana") })

                try await app.untilAllIsHandled()
                try await app.until { app.app.sessions.compaction.isIdle }
                let before = try await app.session()["summaries"][0]["messages_summarized"].number ?? 0
                chat.command("summary", "undo")
                try await chat.reply(holding: "I have taken back the summary")
                let after = try await app.session()["summaries"][0]["messages_summarized"].number ?? 0
                #expect(after < before)
            }
        }
    }

    @Test("what was said long ago is recalled when a question needs it", arguments: TestChat.Kind.allCases)
    func recall(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            // It forgets everything, so only recall can bring the fact back.
            world.model.setFallback { call in
                ModelAnswer(SummarisingModel.isSummary(call) ? "TOPICS\n- filler talk [#5]" : "Noted.")
            }
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                chat.say("my dentist is called Doctor Quillfeather")
                try await chat.reply(holding: "Noted.")
                try await app.fill(app.session(), with: 60)
                chat.say("what is the name of my dentist?")
                try await app.until { SummarisingModel.replies(world.model.calls).count == 2 }
                let asked = try #require(SummarisingModel.replies(world.model.calls).last)
                let question = try #require(asked.messages.last { $0.role == .user }?.content)
                #expect(question.contains("what is the name of my dentist?"))
                #expect(question.contains("<recall>") && question.contains("Quillfeather"))
                try await app.untilAllIsHandled()
                chat.command("context")
                try await chat.reply(holding: "Recalled for the newest question: ")
            }
        }
    }

    @Test("without any model, summaries and recall are there to be seen")
    func offline() async throws {
        try await AppWorld.with { world in
            try await world.running(["model.provider": "offline"]) { app in
                let chat = TestChat(kind: .telegram, world: world)
                chat.say("my dentist is called Doctor Quillfeather")
                try await chat.reply(holding: "built-in responder")
                try await app.fill(app.session(), with: 40)
                try await app.until { try await !app.session()["summaries"].items.isEmpty }
                chat.command("summary")
                try await chat.reply(holding: "My built-in digest")
                chat.say("what is the name of my dentist?")
                try await chat.until { $0.filter { $0.contains("built-in responder") }.count == 2 }
                #expect(chat.texts.last?.contains("“what is the name of my dentist?”") == true, "\(chat.texts)")
                chat.command("context")
                try await chat.reply(holding: "Recalled for the newest question: ")
                #expect(world.model.calls.isEmpty)
            }
        }
    }
}
