import BotConversation
import BotCore
import BotTestSupport
import FoundationEssentials
import Testing

/// `/export` and `/privacy`.
@Suite(.timeLimit(.minutes(5)))
struct PrivacyTests {
    private static let group = ChatScope.shared(space: "telegram:chat:-9", title: "The house")

    private static func files(_ f: EngineFixture) -> [ReplyFile] {
        f.delivery.calls.compactMap { if case .enqueued(let row) = $0 { row.payload?.file } else { nil } }
    }

    @Test func aConversationIsGivenAsAFile() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("before")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.message("my cat is Tom")], cursor: nil)
            await f.delivery.waitForTexts(3)
            try await f.engine.accept([.command("export")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts[3] == "Here is this conversation: 2 messages.")
            let file = try #require(Self.files(f).first)
            #expect(file.name == "conversation-\(f.time.now.day).md")
            #expect(
                file.content.hasSuffix(
                    """
                    ## Messages

                    **You**, \(f.time.now.minute) UTC:

                    my cat is Tom

                    **mybot (scripted/test)**, \(f.time.now.minute) UTC:

                    re: my cat is Tom

                    """))
            #expect(!file.content.contains("before"))
        }
    }

    @Test func programsGetItAsJSON() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("say \"hi\"")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("export", "JSON")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let file = try #require(Self.files(f).first)
            #expect(file.mediaType == "application/json")
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(file.content.utf8))
            guard case .object(let members) = value, case .array(let messages)? = members["messages"],
                case .object(let first)? = messages.first
            else {
                Issue.record("not the document: \(file.content)")
                return
            }
            #expect(first["text"] == .string("say \"hi\"") && first["role"] == .string("user"))
            #expect(messages.count == 2 && members["conversation"] == .string("telegram/1/42"))
        }
    }

    @Test func oneFileAMinuteIsEnough() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            for number in 1...2 {
                try await f.engine.accept([.command("export", id: "e\(number)")], cursor: nil)
                await f.delivery.waitForTexts(1 + number)
            }
            #expect(f.delivery.texts[2] == "I have given you this conversation just now. Please ask again in a minute.")
            f.time.advance(by: .seconds(60))
            try await f.engine.accept([.command("export", id: "e3")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(Self.files(f).count == 2)
        }
    }

    @Test func whereOthersTalkTooNotEverybodyMayTakeIt() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("hello", chat: "-9", scope: Self.group)], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("export", chat: "-9", scope: Self.group)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(Self.files(f).isEmpty)
            #expect(f.delivery.texts[1].contains("only my owner") == true)
        }
    }

    @Test func thereMayBeNothingToExport() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.command("export")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["There is nothing to export: I keep no message of this conversation."])
        }
    }

    @Test func whatStaysOnTheMachineIsNobodysElse() async throws {
        let settings = ConversationSettings(modelHosts: ["scripted": nil], version: "1")
        try await EngineFixture(settings: settings).run { f in
            try await f.engine.accept([.command("privacy", platform: .terminal)], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].contains("scripted on my own machine.\n\n"))
        }
    }

    @Test func itSaysWhoSeesWhatIsSaid() async throws {
        let settings = ConversationSettings(
            modelHosts: ["scripted": "models.example.org", "ollama": nil], otherModels: ["ollama/small"], version: "1")
        try await EngineFixture(settings: settings).run { f in
            try await f.engine.accept([.command("privacy")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let text = f.delivery.texts[0]
            #expect(text.contains("scripted at models.example.org"))
            #expect(text.contains("ollama/small on my own machine"))
            #expect(text.contains("I keep it until somebody deletes it."))
            #expect(text.contains("What they keep is for them to say. And Telegram has this chat"))
        }
    }
}
