import BotConversation
import BotCore
import BotStore
import BotTestSupport
import Foundation
import Testing

@testable import BotApp

/// The commands that show and change what is remembered, as people meet them.
@Suite(.timeLimit(.minutes(5)))
struct SessionCommandTests {
    @Test("/undo takes the last exchange back", arguments: TestChat.Kind.allCases)
    func undo(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("the first word is heron", answer: "Heron, yes.")
                try await chat.converse("the second word is stork", answer: "Stork, yes.")
                chat.command("undo")
                try await chat.reply(holding: "“the second word is stork” on")
                try await chat.converse("which words?", answer: "One.")
                let shown = try #require(world.model.calls.last).messages.map(\.content).joined(separator: "\n")
                #expect(shown.contains("heron"))
                #expect(!shown.contains("stork") && !shown.contains("Stork"))
            }
        }
    }

    @Test("/retry answers the same message once more, and the new answer counts", arguments: TestChat.Kind.allCases)
    func retry(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                chat.command("retry")
                try await chat.reply(holding: "There is no message that I could answer again.")
                try await chat.converse("say something", answer: "A weak answer.")
                world.model.script(ModelAnswer("A better answer."))
                chat.command("retry")
                try await chat.reply(holding: "A better answer.")
                #expect(world.model.calls[1].question?.contains("say something") == true)
                #expect(!world.model.calls[1].messages.contains { $0.content.contains("weak") })
                try await chat.converse("go on", answer: "Gladly.")
                let shown = try #require(world.model.calls.last).messages.map(\.content)
                #expect(shown.contains("A better answer."))
                #expect(!shown.contains("A weak answer."))
                #expect(try await app.session()["message_count"] == 4)
            }
        }
    }

    @Test("/search finds what was said here, and nothing of another chat", arguments: TestChat.Kind.allCases)
    func search(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                let other = TestChat(kind: kind.isTelegram ? .discord : .telegram, world: world)
                try await other.converse("a secret about herons", answer: "Kept.")
                chat.command("search", "heron")
                try await chat.reply(holding: "I have found nothing")
                try await chat.converse("my sister likes herons", answer: "How nice.")
                chat.command("search", "heron")
                try await chat.reply(holding: ": my sister likes herons")
                #expect(!chat.texts.contains { $0.contains("secret") })
                chat.command("search")
                try await chat.reply(holding: "Send /search and the words")
            }
        }
    }

    @Test("/context says what the model is shown", arguments: TestChat.Kind.allCases)
    func context(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("hello", answer: "Hello!")
                chat.command("context")
                try await chat.reply(holding: " of at most 4000 tokens")
                #expect(chat.texts.last?.contains("the newest 2 of 2 messages") == true)
            }
        }
    }

    // MARK: - Forgetting

    @Test(
        "a half-written answer that stands in the chat ends with what clears the chat",
        arguments: [TestChat.Kind.telegramGroup, .discord, .discordServer], ["reset", "forget", "DELETE"])
    func endsWhatStandsHalfWritten(_ kind: TestChat.Kind, by command: String) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                if kind.isShared { try await makeOwner(of: app, kind) }
                let tale = String(repeating: "once upon a time there was a stork, ", count: 20)
                world.model.script(ModelAnswer(tale, ending: .stalled(after: 60)))
                chat.say("tell me a tale")
                try await chat.reply(holding: "stork")
                if command == "DELETE" {
                    let id = try await app.ask("/api/sessions").data[0]["id"]
                    #expect(try await app.ask("/api/sessions?id=\(id.number ?? 0)", method: "DELETE").status == 200)
                } else {
                    chat.command(command, command == "forget" ? "yes" : nil)
                    try await chat.reply(holding: "Done. I have")
                }
                try await chat.until { texts in
                    !texts.contains { $0.contains("stork") } && texts.contains { $0.lowercased().hasPrefix("(stopped") }
                }
                await world.model.waitUntilAbandoned(0)
            }
        }
    }

    private static let canary = "Canarybird"

    @Test(
        "/forget says what it would erase, and once confirmed leaves nothing in any file",
        arguments: TestChat.Kind.allCases)
    func forget(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                let other = TestChat(kind: kind.isTelegram ? .discord : .telegram, world: world)
                SummarisingModel.serve(world.model) { _ in "I keep \(Self.canary)." }
                if kind.isShared { try await makeOwner(of: app, kind) }
                chat.say("my bird is \(Self.canary)")
                try await chat.reply(holding: Self.canary)
                // A summary that names it, and messages that were cleared by a reset and not deleted yet.
                try await summarise(app, "PEOPLE & FACTS\n- The bird is \(Self.canary) [#1]")
                #expect(try await app.session()["summaries"][0]["text"].text.contains(Self.canary))
                // What is on its way would be stopped by the reset.
                try await app.untilAllIsDelivered()
                chat.command("reset")
                try await chat.reply(holding: "I have forgotten")
                chat.say("my bird is \(Self.canary) again")
                try await chat.until { $0.filter { $0.contains(Self.canary) }.count == 2 }
                other.say("my fish is a trout")
                try await other.reply(holding: "I keep")

                chat.command("forget")
                try await chat.reply(holding: "To erase it, send /forget yes")
                #expect(chat.texts.last?.contains("4 messages and 1 summary") == true, "\(chat.texts.last ?? "")")
                #expect(try Self.files(of: world).contains { $0.value })
                chat.command("forget", "yes")
                try await chat.reply(
                    holding: "Done. I have erased 4 messages and 1 summary of this conversation for good")
                // The other chat was answered with the word, too.
                let others = try #require(try await app.ask("/api/sessions").data.items.first)
                #expect(others["messages"].items.count == 2)
                let deleted = try await app.ask("/api/sessions?id=\(others["id"].number ?? 0)", method: "DELETE")
                #expect(deleted.status == 200)
                try await app.until { try Self.files(of: world).allSatisfy { !$0.value } }
                #expect(try await app.ask("/api/sessions?stats=true").data["total_messages"] == 0)

                chat.say("what is my bird?")
                try await chat.until { $0.filter { $0.contains(Self.canary) }.count == 3 }
                let asked = try #require(SummarisingModel.replies(world.model.calls).last)
                #expect(!asked.messages.contains { $0.content.contains(Self.canary) })
            }
        }
    }

    @Test("/forget stops the answer that is being written")
    func forgetStops() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                world.model.script(.silence)
                chat.say("my bird is \(Self.canary)")
                await world.model.waitForCalls(1)
                chat.command("forget", "yes")
                try await chat.reply(holding: "I have erased 1 message")
                await world.model.waitUntilAbandoned(0)
                try await app.until { try Self.files(of: world).allSatisfy { !$0.value } }
            }
            #expect(try Self.files(of: world).allSatisfy { !$0.value })
        }
    }

    /// Stores a summary of the only session, as the compactor does.
    private func summarise(_ app: RunningApp, _ text: String) async throws {
        let id = try #require(try await app.session()["id"].number)
        let session = try #require(try await app.app.store.session(SessionID(id)))
        let draft = CheckpointDraft(
            session: session.id, base: nil, fromSeq: 1, toSeq: session.headSeq, text: text, tokens: 9,
            tokenizer: "o200k_base", replacedTokens: session.totalTokens, author: .digest, round: 0, pause: 10)
        _ = try await app.app.store.commit(draft, ifRevision: session.revision, at: app.app.time.now)
    }

    /// Whether each of the bot's files holds the canary.
    private static func files(of world: AppWorld) throws -> [String: Bool] {
        var files: [String: Bool] = [:]
        for folder in ["data", "logs"] {
            let path = world.directory.file(folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: path) where !file.hasSuffix(".sock") {
                guard let bytes = FileManager.default.contents(atPath: "\(path)/\(file)") else { continue }
                files[file] =
                    [canary, canary.lowercased()].contains { bytes.range(of: Data($0.utf8)) != nil }
            }
        }
        return files
    }

    private func makeOwner(of app: RunningApp, _ kind: TestChat.Kind) async throws {
        let person =
            kind.isTelegram ? "telegram:\(AppWorld.people[0])" : "discord:\(AppWorld.snowflake(AppWorld.people[0]))"
        try await app.app.store.grant(
            AccessGrant(
                entry: person, role: .owner, name: "Owner", grantedBy: "test", grantedAt: app.app.time.now))
        try await app.app.access.load()
    }
}
