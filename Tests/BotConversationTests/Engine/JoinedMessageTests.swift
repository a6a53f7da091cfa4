import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct JoinedMessageTests {
    private static func part(
        _ text: String, _ id: String, album: String? = nil, forward: String? = nil, isCut: Bool = false
    )
        -> InboundEvent
    {
        .test(.message(InboundMessage(text: text, forwardedFrom: forward, album: album, isCut: isCut)), id: id)
    }

    @Test("T16: an album becomes one turn, although its parts come one by one")
    func albumIsOneTurn() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([Self.part("look", "1", album: "9")], cursor: nil)
            await f.time.waitForSleepers()
            #expect(f.model.requests.isEmpty)
            try await f.engine.accept([.test(.unreadable(kind: "video", album: "9"), id: "2")], cursor: nil)
            try await f.engine.accept([Self.part("closer", "3", album: "9")], cursor: nil)
            await f.pass(MessageJoinPause.album, untilTexts: 1)
            #expect(f.model.requests.count == 1)
            #expect(
                try await f.log(in: "42").first == "user: look\ncloser\n\n[video, which could not be read]")
            while try await !f.store.unfinished(after: nil, limit: 10).isEmpty { await Task.yield() }
            #expect(f.delivery.texts.count == 1)
        }
    }

    private static func photo(_ number: Int, _ text: String = "") -> InboundEvent {
        .test(
            .message(InboundMessage(text: text, attachments: [.photo("p\(number)")], album: "9")), id: "\(number)")
    }

    @Test("T16: the photos of an album come into one turn in their order, and what cannot be read is named")
    func albumOfPhotosIsOneTurn() async throws {
        let pictures = (1...3).map { SampleImage.jpeg(width: 10 * $0, height: 9) }
        let (fixture, source) = MediaTests.fixture([
            "p1": .bytes(pictures[0]), "p2": .bytes(pictures[1]), "p3": .bytes(pictures[2]),
        ])
        try await fixture.run { f in
            try await f.engine.accept([Self.photo(1, "which is best?")], cursor: nil)
            await f.time.waitForSleepers()
            try await f.engine.accept([Self.photo(2)], cursor: nil)
            try await f.engine.accept([.test(.unreadable(kind: "video", album: "9"), id: "v")], cursor: nil)
            try await f.engine.accept([Self.photo(3)], cursor: nil)
            await f.pass(MessageJoinPause.album, untilTexts: 1)
            let question = "[3 photos]\nwhich is best?\n\n[video, which could not be read]"
            #expect(f.delivery.texts == ["re: " + question])
            #expect(try await f.log(in: "42").first == "user: " + question)
            #expect(f.model.requests.count == 1)
            #expect(f.model.requests.first?.messages.last?.images.map(\.bytes) == pictures)
            #expect(source.loaded.sorted() == ["p1", "p2", "p3"])
        }
    }

    @Test("T16: a photo that is forwarded after its comment is looked at as well")
    func forwardedPhotosJoinTheirComment() async throws {
        let (fixture, _) = MediaTests.fixture(["p": .bytes(MediaTests.picture)])
        try await fixture.run { f in
            f.model.script { $0.words == "what is this?" ? .hang(["It"]) : .say(["a heron"]) }
            try await f.engine.accept([Self.part("what is this?", "1")], cursor: nil)
            await f.model.waitForRequests(1)
            let photo = InboundMessage(text: "", forwardedFrom: "Eve", attachments: [.photo("p")])
            try await f.engine.accept([.test(.message(photo), id: "2")], cursor: nil)
            await f.pass(MessageJoinPause.forward, untilTexts: 1)
            #expect(f.delivery.texts == ["a heron"])
            let message = try #require(f.model.requests.last?.messages.last)
            #expect(message.images.count == 1)
            #expect(message.words == "<forwarded from=\"Eve\">\n[photo]\n</forwarded>\n\nwhat is this?")
        }
    }

    @Test("T16: an album that nobody can read is answered once")
    func unreadableAlbumIsAnsweredOnce() async throws {
        try await EngineFixture().run { f in
            let events = (1...3).map { InboundEvent.test(.unreadable(kind: "video", album: "9"), id: "\($0)") }
            try await f.engine.accept(events, cursor: nil)
            await f.pass(MessageJoinPause.album, untilTexts: 1)
            while try await !f.store.unfinished(after: nil, limit: 10).isEmpty { await Task.yield() }
            #expect(f.delivery.texts == ["I cannot read this kind of message (video). Please write it as text."])
        }
    }

    @Test("T16: a long text that the client has cut is one question")
    func cutTextIsOneTurn() async throws {
        try await EngineFixture().run { f in
            let long = String(repeating: "a", count: 4096)
            try await f.engine.accept([Self.part(long, "1", isCut: true)], cursor: nil)
            await f.time.waitForSleepers()
            try await f.engine.accept([Self.part("bc", "2")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(try await f.log(in: "42").first == "user: \(long)bc")
            #expect(f.model.requests.count == 1)
        }
    }

    @Test("T16: forwards are joined to the comment whose turn has begun already, which is not delayed")
    func forwardsJoinTheirComment() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "what is this?" ? .hang(["It"]) : .say(["both"]) }
            try await f.engine.accept([Self.part("what is this?", "1")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([Self.part("psst", "2", forward: "Eve <x>")], cursor: nil)
            while f.time.nextWake != MessageJoinPause.forward { await Task.yield() }
            try await f.engine.accept([Self.part("more", "3", forward: "")], cursor: nil)
            await f.pass(MessageJoinPause.forward, untilTexts: 1)
            let question = """
                <forwarded from="Eve x">
                psst
                </forwarded>

                <forwarded from="unknown">
                more
                </forwarded>

                what is this?
                """
            #expect(try await f.session(in: "42").map { $0.messageCount } == 2)
            let session = try #require(try await f.session(in: "42"))
            #expect(
                try await f.store.newestMessages(of: session.id, limit: 9).map(\.text) == [question, "both"])
            #expect(f.delivery.texts == ["both"])
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test("T16: after a restart the parts that lie in the inbox are joined as well")
    func joinsAfterARestart() async throws {
        let store = InMemoryStore()
        _ = try await store.accept([Self.part("a", "1", album: "9"), Self.part("b", "2", album: "9")], cursor: nil)
        try await EngineFixture(store: store).run { f in
            await f.pass(MessageJoinPause.album, untilTexts: 1)
            let log = try await f.log(in: "42")
            #expect(log.first == "user: a\nb")
        }
    }

    @Test("T16: a reset takes the parts that came before it, and those after it are answered alone")
    func resetTakesWhatCameBefore() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([Self.part("old", "1", album: "9")], cursor: nil)
            await f.time.waitForSleepers()
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([Self.part("new", "3", album: "9")], cursor: nil)
            await f.pass(MessageJoinPause.album, untilTexts: 2)
            let session = try #require(try await f.session(in: "42"))
            #expect(try await f.store.newestMessages(of: session.id, limit: 9).map(\.text) == ["new", "re: new"])
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test("T16: a single message is answered at once")
    func singleMessagesDoNotWait() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts == ["re: hello"])
        }
    }

    @Test("T16: in a group the other parts of an album belong to the one with the mention")
    func groupAlbumsAreTakenWhole() async throws {
        let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
        try await EngineFixture().run { f in
            let events = [("x", false), ("@bot look", true), ("y", false)].enumerated().map { index, part in
                InboundEvent.test(
                    .message(InboundMessage(text: part.0, album: "9")), chat: "-1", id: "\(index)", scope: shared,
                    isAddressed: part.1)
            }
            let other = InboundEvent.test(
                .message(InboundMessage(text: "z", album: "10")), chat: "-1", id: "9", scope: shared, isAddressed: false
            )
            try await f.engine.accept(events + [other], cursor: nil)
            await f.pass(MessageJoinPause.album, untilTexts: 1)
            #expect(try await f.log(in: "-1").first == "user: x\n@bot look\ny")
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }
}

/// The pauses that parts are waited for.
private enum MessageJoinPause {
    static let album = Duration.seconds(1)
    static let forward = Duration.seconds(1)
}

extension EngineFixture {
    /// Lets each pause pass that somebody waits for, until so many texts are delivered. Each part that comes begins the pause anew.
    fileprivate func pass(_ pause: Duration, untilTexts count: Int) async {
        while delivery.texts.count < count {
            if time.nextWake == pause { time.advance(by: pause) }
            await Task.yield()
        }
    }
}
