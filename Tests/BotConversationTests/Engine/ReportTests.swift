import BotConversation
import BotCore
import BotSessions
import BotTestSupport
import Testing

/// `/search`, `/context` and `/summary`.
@Suite(.timeLimit(.minutes(5)))
struct ReportTests {
    private let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")

    /// Sends a command and returns its answer.
    private func ask(_ f: EngineFixture, _ name: String, _ arguments: String = "", id: String? = nil) async throws
        -> String
    {
        let before = f.delivery.texts.count
        try await f.engine.accept([.command(name, arguments, id: id)], cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    private func say(_ f: EngineFixture, _ texts: String...) async throws {
        let before = f.delivery.texts.count
        try await f.engine.accept(texts.map { .message($0) }, cursor: nil)
        await f.delivery.waitForTexts(before + texts.count)
    }

    /// Makes a summary of all messages so far, as the compactor does.
    private func summarise(_ f: EngineFixture, _ text: String, author: SummaryAuthor = .model("scripted/small"))
        async throws
    {
        let session = try #require(try await f.session(in: "42"))
        let draft = CheckpointDraft(
            session: session.id, base: session.coverage.checkpoint, fromSeq: session.coverage.seq + 1,
            toSeq: session.headSeq, text: text, tokens: 7, tokenizer: "letters",
            replacedTokens: session.coverage.liveTokens, author: author, round: 0, pause: 10)
        let commit = try await f.store.commit(draft, ifRevision: session.revision, at: f.time.now)
        guard case .committed = commit else { throw StoreError.failed("outdated") }
    }

    // MARK: - Search

    @Test func searchShowsWhenWhoAndWhat() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .say(["Noted *well*."]) }
            try await say(f, "my sister is Ana")
            let day = f.time.now.day
            f.time.advance(by: .seconds(86_400))
            try await say(f, "and my brother is Ben")
            #expect(try await ask(f, "search", "sister") == "\(day) you: my sister is Ana")
            #expect(try await ask(f, "search", "well").contains("I: Noted \\*well\\*."))
        }
    }

    @Test(arguments: ["", "   ", "!!", "\"", "\u{0000}"])
    func searchWithoutWordsSaysHowToUseIt(words: String) async throws {
        try await EngineFixture().run { f in
            let answer = try await ask(f, "search", words)
            #expect(answer.hasPrefix("Send /search and the words to look for"))
        }
    }

    @Test(arguments: ["elephant", "Tom OR 1=1", "NEAR(a b)", "b* AND -c", "'; DROP TABLE message; --"])
    func whatIsNotThereIsNotFound(words: String) async throws {
        try await EngineFixture().run { f in
            #expect(try await ask(f, "search", words) == "I have found nothing in this conversation.")
            try await say(f, "hello")
            #expect(try await ask(f, "search", words, id: "2") == "I have found nothing in this conversation.")
        }
    }

    @Test("No chat ever finds another's text")
    func searchStaysInItsChat() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("the word is heron", chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await say(f, "good morning")
            #expect(try await ask(f, "search", "heron") == "I have found nothing in this conversation.")
        }
    }

    @Test func searchFindsNothingOfWhatWasClearedOrTakenBack() async throws {
        try await EngineFixture().run { f in
            try await say(f, "the word is heron")
            _ = try await ask(f, "undo")
            #expect(try await ask(f, "search", "heron") == "I have found nothing in this conversation.")
            try await say(f, "the word is stork")
            _ = try await ask(f, "reset")
            #expect(try await ask(f, "search", "stork") == "I have found nothing in this conversation.")
        }
    }

    @Test func inSharedChatsSearchNamesTheSpeaker() async throws {
        try await EngineFixture().run { f in
            let speaker = Speaker(id: "7", name: "A_da\n<x>")
            try await f.engine.accept(
                [.message("lunch at noon", chat: "-1", scope: shared, speaker: speaker)], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("search", "noon", chat: "-1", scope: shared)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1].contains(#" A\_da x: lunch at noon"#))
        }
    }

    // MARK: - Context

    @Test func contextSaysWhatTheModelIsShown() async throws {
        try await EngineFixture().run { f in
            #expect(
                try await ask(f, "context")
                    == "Nothing of this conversation is shown to the model yet: there is no message.")
            let start = f.time.now
            try await say(f, "one", "two")
            let text = try await ask(f, "context", id: "2")
            #expect(text.hasPrefix("The model (scripted) is shown "))
            #expect(text.contains(" of at most 4000 tokens of this conversation (counted exactly):"))
            #expect(text.contains("- Summary: none yet"))
            #expect(text.contains("- Recalled for the newest question: nothing"))
            #expect(text.contains("- As they were written: the newest 4 of 4 messages, since \(start.minute) UTC"))
        }
    }

    @Test func contextCountsTheSummary() async throws {
        try await EngineFixture().run { f in
            try await say(f, "one", "two")
            try await summarise(f, "PEOPLE & FACTS\n- They count [#1-3]")
            try await say(f, "three")
            let text = try await ask(f, "context")
            #expect(text.contains(" tokens for the oldest 4 messages; /summary shows it"))
            #expect(text.contains("the newest 2 of 6 messages"))
        }
    }

    // MARK: - Summary

    @Test func withoutASummaryItSaysWhenOneIsMade() async throws {
        try await EngineFixture().run { f in
            let expected = """
                There is no summary of this conversation. I write one when the messages take more than 70 % of the \
                4000 tokens that the model is shown, and are at least 10. The messages themselves stay as they are.
                """
            let (shown, takenBack) = (try await ask(f, "summary"), try await ask(f, "summary", "undo"))
            #expect(shown == expected)
            #expect(takenBack == expected)
        }
    }

    @Test func theSummaryIsShownWithItsSources() async throws {
        try await EngineFixture().run { f in
            let first = f.time.now
            try await say(f, "my sister is Ana")
            f.time.advance(by: .seconds(86_400))
            try await say(f, "my_file is here")
            try await summarise(f, "PEOPLE & FACTS\n- The sister is Ana [#1]\n\nTOPICS\n- my_file [#2-3]")
            #expect(
                try await ask(f, "summary") == """
                    PEOPLE & FACTS
                    - The sister is Ana (#1, \(first.day))

                    TOPICS
                    - my\\_file (#2-3, \(first.day) to \(f.time.now.day))

                    scripted/small wrote this at \(f.time.now.minute) UTC. It stands for 4 messages: 7 tokens instead \
                    of 18. The messages themselves are all kept; /search finds them, and /summary undo takes the \
                    summary back.
                    """)
        }
    }

    @Test func aSummaryCanBeTakenBack() async throws {
        try await EngineFixture().run { f in
            try await say(f, "my sister is Ana")
            try await summarise(f, "PEOPLE & FACTS\n- The sister is Eve [#1]")
            try await say(f, "who is my sister?")
            #expect(f.model.requests.last?.messages.contains { $0.content.contains("Eve") } == true)
            #expect(try await ask(f, "summary", "undo").hasPrefix("Done. I have taken back the summary of "))
            try await say(f, "and now?")
            let shown = try #require(f.model.requests.last).messages.map(\.content).joined()
            #expect(!shown.contains("Eve"))
            #expect(shown.contains("Ana"))
            #expect(try await ask(f, "summary", id: "2").hasPrefix("There is no summary"))
        }
    }

    @Test func takingBackThatIsRepeatedAfterACrashTakesOneBack() async throws {
        let store = InMemoryStore()
        try await EngineFixture(store: store).run { f in
            try await say(f, "one")
            try await summarise(f, "TOPICS\n- First [#1]")
            try await say(f, "two")
            try await summarise(f, "TOPICS\n- Second [#3]", author: .digest)
            #expect(try await ask(f, "summary", "undo", id: "u").contains("what it had added to the one before"))
        }
        try await EngineFixture(store: store).run { f in
            try await f.engine.accept([.command("summary", "undo", id: "u"), .command("summary")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].hasPrefix("TOPICS\n- First (#1"))
        }
    }
}
