import BotConversation
import BotCore
import BotSessions
import BotTestSupport
import Testing

/// Words that a person's client has made a file of, because they were too long for a message.
@Suite(.timeLimit(.minutes(5)))
struct PasteTests {
    private static func paste(_ text: String = "", bytes: Int? = nil, id: String = "m") -> InboundEvent {
        let file = Attachment(
            kind: .file, reference: .init(rawValue: "p"), fileName: "message.txt", mediaType: "text/plain",
            byteCount: bytes, isPaste: true)
        return MediaTests.sent([file], text, id: id)
    }

    @Test("D33: a paste is the person's words: in the log, in later contexts, found by a search")
    func isWords() async throws {
        let (fixture, source) = MediaTests.fixture(["p": .bytes(Array("the word is heron".utf8))])
        try await fixture.run { f in
            try await f.engine.accept([Self.paste(bytes: 17)], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let log = try await f.log(in: "42")
            #expect(log.first == "user: the word is heron")
        }
        let requests = fixture.model.requests
        #expect(requests[0].messages.map(\.content).first?.hasPrefix("the word is heron\n") == true)
        #expect(requests[1].messages.map(\.content).first == "the word is heron")
        #expect(source.loaded == ["p"])
    }

    @Test("D33: the rest of a cut message may be a paste")
    func isJoined() async throws {
        let (fixture, _) = MediaTests.fixture(["p": .bytes(Array("the word is heron".utf8))])
        let beginning = String(repeating: "a", count: 1990)
        try await fixture.run { f in
            try await f.engine.accept(
                [.test(.message(InboundMessage(text: beginning, isCut: true)), id: "a")], cursor: nil)
            await f.time.waitForSleepers()
            try await f.engine.accept([Self.paste(id: "b")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let log = try await f.log(in: "42")
            #expect(log.first == "user: \(beginning)\nthe word is heron")
        }
        #expect(fixture.model.requests.count == 1)
    }

    @Test("D33: what fills the session's limit, is no text or is not there stays a file")
    func staysAFile() async throws {
        for kept: KeptAttachments.Kept in [
            .bytes(Array(String(repeating: "word ", count: 10_000).utf8)), .bytes([0, 1, 2]), .error(.gone),
        ] {
            let (fixture, _) = MediaTests.fixture(["p": kept])
            try await fixture.run { f in
                try await f.engine.accept([Self.paste()], cursor: nil)
                await f.delivery.waitForTexts(1)
                let log = try await f.log(in: "42")
                #expect(log.first == "user: [file message.txt]")
            }
        }
    }

    @Test("D33: words beside it make it a file that comes with them")
    func withWords() async throws {
        let (fixture, _) = MediaTests.fixture(["p": .bytes(Array("the word is heron".utf8))])
        _ = try await MediaTests.answer(Self.paste("sum it up"), fixture) { f in
            let log = try await f.log(in: "42")
            #expect(log.first == "user: [file message.txt]\nsum it up")
        }
    }

    @Test("D33: a paste that does not come holds up neither /stop nor, for long, its answer")
    func doesNotHang() async throws {
        let (fixture, source) = MediaTests.fixture(["p": .hang])
        try await fixture.run { f in
            try await f.engine.accept([Self.paste()], cursor: nil)
            while source.loaded.isEmpty { await Task.yield() }
            await f.time.waitForSleepers()
            f.time.advance(by: .seconds(10))
            // The turn has begun and asks once more.
            while source.loaded.count < 2 { await Task.yield() }
            try await f.engine.accept([.command("stop", id: "s")], cursor: nil)
            await f.delivery.waitForTexts(1)
        }
        #expect(fixture.model.requests.isEmpty)
    }
}
