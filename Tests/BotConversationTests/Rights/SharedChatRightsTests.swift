import BotConversation
import BotCore
import BotTestSupport
import Testing

/// Rights in shared chats, through the engine.
@Suite(.timeLimit(.minutes(5)))
struct SharedChatRightsTests {
    private static let group = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
    private static let (ana, ben) = (Speaker(id: "7", name: "Ana"), Speaker(id: "8", name: "Ben"))

    private func say(_ f: EngineFixture, _ name: String, _ arguments: String = "", by speaker: Speaker) async throws
        -> String
    {
        let before = f.delivery.texts.count
        try await f.engine.accept(
            [.command(name, arguments, chat: "-1", id: "\(name) \(before)", scope: Self.group, speaker: speaker)],
            cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    @Test(
        "an administrator of the chat may clear it, everybody else is told who may",
        arguments: ["reset", "undo", "forget"])
    func administrators(name: String) async throws {
        try await EngineFixture(allow: ["telegram:chat:-1"]).run { f async throws in
            try await f.engine.accept([.message("hi", chat: "-1", scope: Self.group, speaker: Self.ana)], cursor: nil)
            await f.delivery.waitForTexts(1)
            let words = name == "forget" ? "yes" : ""
            let refusal = try await say(f, name, words, by: Self.ana)
            #expect(refusal.hasPrefix("Others talk here too: only the administrators of this chat and my owner can"))
            #expect(try await f.log(in: "-1").count == 2)
            f.delivery.administrators.withLock { $0 = ["8"] }
            #expect(try await say(f, name, words, by: Self.ben).hasPrefix("Done."))
            // Ana was asked about once; Ben once.
            #expect(f.delivery.questions.withLock { $0 } == 2)
            _ = try await say(f, name, words, by: Self.ana)
            #expect(f.delivery.questions.withLock { $0 } == 2)
        }
    }

    @Test("a platform that does not say who administers the chat is nobody's right, and is asked again")
    func unclear() async throws {
        try await EngineFixture(allow: ["telegram:chat:-1"]).run { f async throws in
            f.delivery.administrators.withLock { $0 = nil }
            #expect(try await say(f, "reset", by: Self.ben).hasSuffix("please try again in a moment."))
            f.delivery.administrators.withLock { $0 = ["8"] }
            #expect(try await say(f, "reset", by: Self.ben).hasPrefix("There was nothing to forget"))
        }
    }

    @Test("what the owner has opened is open to all who are let in")
    func opened() async throws {
        let settings = ConversationSettings(rights: Rights(open: [.reset]), version: "1")
        try await EngineFixture(allow: ["telegram:chat:-1"], settings: settings).run { f async throws in
            #expect(try await say(f, "reset", by: Self.ana).hasPrefix("There was nothing to forget"))
            #expect(try await say(f, "undo", by: Self.ana).hasPrefix("Others talk here too"))
            #expect(f.delivery.questions.withLock { $0 } == 1)
        }
    }

    @Test("who asked may stop the answer, an administrator too, and nobody else", arguments: ["7", "9"])
    func stops(person: String) async throws {
        try await EngineFixture(allow: ["telegram:chat:-1"]).run { f async throws in
            f.delivery.administrators.withLock { $0 = ["9"] }
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("go", chat: "-1", scope: Self.group, speaker: Self.ana)], cursor: nil)
            await f.model.waitForRequests(1)
            #expect(
                try await say(f, "stop", by: Self.ben)
                    == "Only Ana, the administrators of this chat and my owner can stop this answer.")
            #expect(f.model.cancelledCalls == 0)
            try await f.engine.accept(
                [.command("stop", chat: "-1", id: "s", scope: Self.group, speaker: Speaker(id: person, name: "X"))],
                cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "Half\n\n(stopped)")
        }
    }

    @Test(
        "in private everybody who is let in has all rights over their own chat",
        arguments: ["reset", "undo", "forget", "model"])
    func privately(name: String) async throws {
        try await EngineFixture(allow: ["telegram:42"]).run { f async throws in
            try await f.engine.accept([.message("hi")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command(name, name == "forget" ? "yes" : "")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(!f.delivery.texts[1].contains("Others talk here too"))
            #expect(f.delivery.questions.withLock { $0 } == 0)
        }
    }
}
