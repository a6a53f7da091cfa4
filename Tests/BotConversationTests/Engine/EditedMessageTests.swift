import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct EditedMessageTests {
    private static func message(_ text: String, _ id: String, update: String) -> InboundEvent {
        .test(.message(InboundMessage(id: id, text: text)), id: update)
    }

    private static func edit(_ text: String, _ id: String, update: String) -> InboundEvent {
        .test(.edited(InboundMessage(id: id, text: text)), id: update)
    }

    /// What the model is shown of the chat.
    private static func shown(_ f: EngineFixture) async throws -> [String] {
        let session = try #require(try await f.session(in: "42"))
        return try await f.store.newestMessages(of: session.id, limit: 9).map(\.text)
    }

    private static func letTimePass(_ f: EngineFixture, untilTexts count: Int) async {
        while f.delivery.texts.count < count {
            if let wait = f.time.nextWake { f.time.advance(by: wait) }
            await Task.yield()
        }
    }

    @Test("T17: a message that waits gets its new text")
    func waitingMessageIsReplaced() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "first" ? .hang(["one"]) : .say(["re: ", $0.words]) }
            try await f.engine.accept(
                [Self.message("first", "1", update: "1"), Self.message("secnd", "2", update: "2")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([Self.edit("second", "2", update: "3")], cursor: nil)
            while try await f.store.unfinished(after: nil, limit: 9).count > 2 { await Task.yield() }
            f.model.release()
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["one", "re: second"])
            #expect(try await Self.shown(f) == ["first", "one", "second", "re: second"])
            #expect(f.model.cancelledCalls == 0)
        }
    }

    @Test("A message that is deleted while it waits is not answered, and one that is being answered is")
    func deletedMessages() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "first" ? .hang(["one"]) : .say(["re: ", $0.words]) }
            let messages = ["first", "second", "third"].enumerated().map { number, text in
                Self.message(text, "\(number + 1)", update: "\(number + 1)")
            }
            try await f.engine.accept(messages, cursor: nil)
            await f.model.waitForRequests(1)
            // By somebody whom the bot does not know, as moderators may be.
            try await f.engine.accept(
                [.test(.deleted(message: "2"), id: "4"), .test(.deleted(message: "1"), id: "5")], cursor: nil)
            while try await f.store.unfinished(after: nil, limit: 9).count > 3 { await Task.yield() }
            f.model.release()
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == ["one", "re: third"])
            #expect(try await Self.shown(f) == ["first", "one", "third", "re: third"])
            #expect(f.model.cancelledCalls == 0)
        }
    }

    @Test("T17: an answer that is being written is begun again, in the same message")
    func runningAnswerIsBegunAgain() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "waht?" ? .hang(["Half"]) : .say(["whole"]) }
            try await f.engine.accept([Self.message("waht?", "1", update: "1")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([Self.edit("what?", "1", update: "2")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["whole"])
            #expect(f.model.cancelledCalls == 1)
            #expect(try await Self.shown(f) == ["what?", "whole"])
            let begun = f.delivery.calls.compactMap { if case .begins(let turn) = $0 { turn } else { nil } }
            #expect(begun.count == 2)
            #expect(Set(begun).count == 1)
            while try await !f.store.unfinished(after: nil, limit: 9).isEmpty { await Task.yield() }
        }
    }

    @Test("T17: the newest answer follows the edit, in the messages of the old one")
    func newestAnswerFollows() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([Self.message("capital of Frnace?", "1", update: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let row = try #require(f.store.allRows.first?.row)
            try await f.store.delivered(row.id, as: "77", at: f.time.now)
            try await f.engine.accept([Self.edit("capital of France?", "1", update: "2")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(try await Self.shown(f) == ["capital of France?", "re: capital of France?"])
            #expect(f.store.allRows.last?.row.messageID == "77")
            // An edit that does not change the words is none, and a second one is followed as well.
            let second = try #require(f.store.allRows.last?.row)
            try await f.store.delivered(second.id, as: nil, at: f.time.now)
            try await f.engine.accept(
                [Self.edit("capital of France?", "1", update: "3"), Self.edit("of Spain?", "1", update: "4")],
                cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(try await Self.shown(f) == ["of Spain?", "re: of Spain?"])
            #expect(f.model.requests.count == 3)
        }
    }

    @Test("T17: an edit that comes while the answer is being delivered is followed once that stands")
    func editWaitsForDelivery() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([Self.message("capital of Frnace?", "1", update: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([Self.edit("capital of France?", "1", update: "2")], cursor: nil)
            while f.time.nextWake == nil { await Task.yield() }
            let row = try #require(f.store.allRows.first?.row)
            try await f.store.delivered(row.id, as: "77", at: f.time.now)
            await Self.letTimePass(f, untilTexts: 2)
            #expect(try await Self.shown(f) == ["capital of France?", "re: capital of France?"])
            #expect(f.store.allRows.last?.row.messageID == "77")
        }
    }

    @Test("T17: an edit does not wait for ever for an answer that cannot be delivered")
    func editGivesUp() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([Self.message("one", "1", update: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept(
                [Self.edit("won", "1", update: "2"), Self.message("two", "2", update: "3")], cursor: nil)
            await Self.letTimePass(f, untilTexts: 2)
            #expect(f.time.uptime >= .seconds(30))
            #expect(try await Self.shown(f) == ["one", "re: one", "two", "re: two"])
            #expect(f.model.requests.count == 2)
        }
    }

    @Test(
        "T17: an edit of anything else changes nothing, in silence", arguments: ["older", "late", "unknown", "reset"])
    func otherEditsAreIgnored(_ kind: String) async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([Self.message("one", "1", update: "1")], cursor: nil)
            await f.delivery.waitForTexts(1)
            for stored in f.store.allRows { try await f.store.delivered(stored.row.id, as: "77", at: f.time.now) }
            var texts = 1
            switch kind {
            case "older":
                try await f.engine.accept([Self.message("two", "2", update: "2")], cursor: nil)
                texts = 2
            case "reset":
                try await f.engine.accept([.command("reset")], cursor: nil)
                texts = 2
            case "late": f.time.advance(by: .seconds(901))
            default: break
            }
            await f.delivery.waitForTexts(texts)
            let before = f.model.requests.count
            try await f.engine.accept([Self.edit("won", kind == "unknown" ? "5" : "1", update: "3")], cursor: nil)
            while try await !f.store.unfinished(after: nil, limit: 9).isEmpty { await Task.yield() }
            #expect(f.model.requests.count == before)
            #expect(f.delivery.texts.count == texts)
        }
    }

    @Test("T17: an edit that a crash cut off is carried out by the next start")
    func editsSurviveACrash() async throws {
        let store = InMemoryStore()
        let entries = try await store.accept(
            [Self.message("waht?", "1", update: "1"), Self.edit("what?", "1", update: "2")], cursor: nil)
        #expect(entries.count == 2)
        try await EngineFixture(store: store).run { f in
            while try await !f.store.unfinished(after: nil, limit: 9).isEmpty { await Task.yield() }
            #expect(try await Self.shown(f) == ["what?", "re: what?"])
        }
    }
}
