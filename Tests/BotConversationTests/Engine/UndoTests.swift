import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct UndoTests {
    @Test func undoTakesAResetBack() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("my cat is Tom")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("reset"), .command("undo"), .message("what is my cat?")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts[2] == "Done. I remember 2 messages again.")
            #expect(f.model.requests.last?.messages.first?.content == "my cat is Tom")
        }
    }

    @Test func undoTakesTheLastExchangeBack() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("my cat is Tom"), .message("my dog is *Rex*")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.command("undo"), .message("who do I have?")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(
                f.delivery.texts[2] == """
                    Done. I have taken back 2 messages, from “my dog is \\*Rex\\*” on: I am not shown them any more. \
                    /undo once more takes back what came before.
                    """)
            let shown = f.model.requests.last?.messages.map(\.content).joined(separator: "\n") ?? ""
            #expect(shown.contains("Tom"))
            #expect(!shown.contains("Rex"))
            // Nothing was destroyed.
            #expect(try await f.log(in: "42").contains("user: my dog is *Rex*"))
        }
    }

    @Test func undoGoesBackStepByStepAndThenSaysSo() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one"), .message("two")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept(
                [.command("undo", id: "1"), .command("undo", id: "2"), .command("undo", id: "3")], cursor: nil)
            await f.delivery.waitForTexts(5)
            #expect(f.delivery.texts[2].contains("“two”"))
            #expect(f.delivery.texts[3].contains("“one”"))
            #expect(f.delivery.texts[4] == "There is nothing to take back.")
        }
    }

    @Test func aResetOfTheDayBeforeStands() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            f.time.advance(by: .seconds(86_401))
            try await f.engine.accept([.command("undo")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts[2] == "There is nothing to take back.")
        }
    }

    @Test func undoWaitsForTheAnswerThatIsBeingWritten() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["done"]) }
            try await f.engine.accept([.message("question"), .command("undo")], cursor: nil)
            await f.model.waitForRequests(1)
            f.model.release()
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[0] == "done")
            #expect(f.delivery.texts[1].contains("2 messages, from “question” on"))
            #expect(f.model.cancelledCalls == 0)
        }
    }

    /// The commit ends the event, so that the same `/undo` takes nothing else back after a crash.
    @Test func anUndoThatIsRepeatedAfterACrashTakesOneExchangeBack() async throws {
        let store = InMemoryStore()
        try await EngineFixture(store: store).run { f in
            try await f.engine.accept([.message("one"), .message("two"), .command("undo", id: "u")], cursor: nil)
            await f.delivery.waitForTexts(3)
        }
        try await EngineFixture(store: store).run { f in
            try await f.engine.accept([.command("undo", id: "u"), .command("status")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].contains("This conversation: 2 messages"))
        }
    }
}
