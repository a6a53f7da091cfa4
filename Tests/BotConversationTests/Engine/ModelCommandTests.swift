import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ModelCommandTests {
    private struct Directory: ModelDirectory {
        let standard: any ModelProvider
        let alternatives: [ScriptedModel]

        var choices: [String] { alternatives.map(\.name) }
        func provider(named name: String) -> (any ModelProvider)? { alternatives.first { $0.name == name } }
    }

    private let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
    private let list = """
        To choose from:
        1. openai/small
        2. openai/my\\_own
        3. anthropic/small

        """

    /// An engine with one default and three choices.
    private func fixture(
        _ store: InMemoryStore = InMemoryStore(),
        choices: [String] = ["openai/small", "openai/my_own", "anthropic/small"],
        allow: [String] = ["*"]
    ) -> (EngineFixture, [ScriptedModel]) {
        let standard = ScriptedModel()
        let alternatives = choices.map { ScriptedModel(name: $0) }
        let models = Directory(standard: standard, alternatives: alternatives)
        return (EngineFixture(store: store, model: standard, models: models, allow: allow), alternatives)
    }

    private func ask(
        _ f: EngineFixture, _ arguments: String = "", chat: String = "42", scope: ChatScope = .direct,
        by speaker: Speaker? = nil, name: String = "model"
    ) async throws -> String {
        let before = f.delivery.texts.count
        try await f.engine.accept(
            [.command(name, arguments, chat: chat, id: "\(f.time.now)/\(before)", scope: scope, speaker: speaker)],
            cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    private func say(_ f: EngineFixture, _ text: String, chat: String = "42") async throws {
        let before = f.delivery.texts.count
        try await f.engine.accept([.message(text, chat: chat)], cursor: nil)
        await f.delivery.waitForTexts(before + 1)
    }

    @Test func withoutChoicesItShowsTheModelAndHowTheOwnerAllowsMore() async throws {
        try await EngineFixture().run { f in
            let text = """
                scripted answers in this chat: the default.

                There is nothing to choose: my owner can allow more with the setting model.choices.
                """
            let (shown, refused) = (try await ask(f), try await ask(f, "1"))
            #expect(shown == text)
            #expect(refused == "I may not switch to that one.\n\n\(text)")
        }
    }

    @Test func aSwitchHoldsInItsChatAlone() async throws {
        let (f, models) = fixture()
        try await f.run { f in
            #expect(
                try await ask(f) == """
                    scripted answers in this chat: the default.

                    \(list)
                    /model and a number or a name switches, /model default goes back.
                    """)
            #expect(
                try await ask(f, "2")
                    == #"Done. openai/my\_own answers in this chat from now on. /model default goes back."#)
            try await say(f, "one")
            try await say(f, "two", chat: "43")
            #expect(models[1].requests.count == 1)
            #expect(f.model.requests.count == 1)
            #expect(try await ask(f).hasPrefix(#"openai/my\_own answers in this chat; the default is scripted."#))
            #expect(try await ask(f, chat: "43").hasPrefix("scripted answers in this chat: the default."))
            let messages = f.store.log(of: try #require(try await f.session(in: "42")).id)
            #expect(messages.last?.model == "openai/my_own/test")
            #expect(try await ask(f, name: "status").contains("Model: openai/my_own/test\n"))
            #expect(try await ask(f, name: "context").hasPrefix("The model (openai/my_own) is shown"))
            #expect(try await ask(f, name: "usage").contains("In all: 10 + 5 in 1 request"))
            #expect(try await ask(f, "default").hasPrefix("Done. The default, scripted, answers"))
            try await say(f, "three")
            #expect(f.model.requests.count == 2)
        }
    }

    @Test(arguments: [
        ("openai/small", "openai/small"), ("OpenAI/Small", "openai/small"), (" 3 ", "anthropic/small"),
        ("my_own", "openai/my_own"), ("small", nil), ("0", nil), ("4", nil), ("-1", nil), ("openai", nil),
        ("1 2", nil), ("99999999999999999999", nil),
    ])
    func namesAndNumbers(words: String, chosen: String?) async throws {
        let (f, _) = fixture()
        try await f.run { f in
            let answer = try await ask(f, words)
            #expect(answer.hasPrefix(chosen == nil ? "I may not switch to that one." : "Done."))
            #expect(try await f.session(in: "42")?.chosenModel == chosen)
        }
    }

    @Test func theChoiceOutlivesRestartsAndResetsAndDiesWithForget() async throws {
        let store = InMemoryStore()
        try await fixture(store).0.run { f in _ = try await ask(f, "1") }
        let (second, models) = fixture(store)
        try await second.run { f in
            f.time.advance(by: .seconds(1))
            _ = try await ask(f, name: "reset")
            try await say(f, "one")
            #expect(models[0].requests.count == 1)
            _ = try await ask(f, "yes", name: "forget")
            try await say(f, "two")
            #expect(models[0].requests.count == 1)
            #expect(f.model.requests.count == 1)
        }
    }

    @Test func aChoiceThatIsNoLongerAllowedGivesWayToTheDefault() async throws {
        let store = InMemoryStore()
        try await fixture(store).0.run { f in _ = try await ask(f, "1") }
        let (second, _) = fixture(store, choices: ["anthropic/small"])
        try await second.run { f in
            f.time.advance(by: .seconds(1))
            try await say(f, "one")
            #expect(f.model.requests.count == 1)
            let text = try await ask(f)
            #expect(
                text.hasPrefix(
                    """
                    scripted answers in this chat: the default. openai/small, which was chosen for it, may not be chosen any more.

                    To choose from:
                    1. anthropic/small

                    """))
        }
    }

    @Test func inSharedChatsOnlyTheOwnerSwitches() async throws {
        let store = InMemoryStore()
        try await store.grant(
            AccessGrant(
                entry: "telegram:1", role: .owner, name: "Owner", grantedBy: "pairing",
                grantedAt: Timestamp(rawValue: 1)))
        let (f, _) = fixture(store)
        try await f.run { f in
            let (owner, other) = (Speaker(id: "1", name: "Owner"), Speaker(id: "8", name: "Bob"))
            #expect(
                try await ask(f, chat: "-1", scope: shared, by: other).hasSuffix(
                    "Only the administrators of this chat and my owner can switch it here."))
            for wish in ["1", "default", "x"] {
                let answer = try await ask(f, wish, chat: "-1", scope: shared, by: other)
                #expect(
                    answer.hasPrefix(
                        "Others talk here too: only the administrators of this chat and my owner can switch"))
            }
            #expect(try await f.session(in: "-1")?.chosenModel == nil)
            #expect(try await ask(f, "1", chat: "-1", scope: shared, by: owner).hasPrefix("Done."))
            #expect(try await f.session(in: "-1")?.chosenModel == "openai/small")
        }
    }
}
