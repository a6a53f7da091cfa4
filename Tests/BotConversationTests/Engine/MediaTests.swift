import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct MediaTests {
    static let picture = SampleImage.jpeg(width: 640, height: 480)

    static func fixture(
        _ kept: [String: KeptAttachments.Kept], sees: Bool = true, traits: ModelTraits = ModelTraits(),
        allow: [String] = ["*"], settings: ConversationSettings = ConversationSettings(version: "1.2")
    ) -> (fixture: EngineFixture, source: KeptAttachments) {
        let source = KeptAttachments(kept)
        let fixture = EngineFixture(allow: allow, attachments: [.telegram: source], settings: settings)
        var traits = traits
        traits.seesImages = sees
        fixture.model.know(traits)
        return (fixture, source)
    }

    static func sent(
        _ attachments: [Attachment], _ text: String = "", unreadable: [String] = [], quoted: InboundEvent.Quote? = nil,
        id: String = "m"
    ) -> InboundEvent {
        .test(
            .message(InboundMessage(text: text, quoted: quoted, attachments: attachments, unreadable: unreadable)),
            id: id)
    }

    /// Lets a message be handled and returns what was answered.
    static func answer(
        _ event: InboundEvent, _ fixture: EngineFixture,
        check: @Sendable (EngineFixture) async throws -> Void = { _ in }
    ) async throws -> [String] {
        try await fixture.run { f in
            try await f.engine.accept([event], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await check(f)
        }
        return fixture.delivery.texts
    }

    @Test("T42: a photo with its caption reaches a model that sees, and the log keeps a mark only")
    func showsPhotos() async throws {
        let (fixture, _) = Self.fixture(["p": .bytes(Self.picture)])
        let answers = try await Self.answer(Self.sent([.photo("p")], "what is it?"), fixture) { f in
            let log = try await f.log(in: "42")
            #expect(log == ["user: [photo]\nwhat is it?", "assistant: re: [photo]\nwhat is it?"])
        }
        #expect(answers == ["re: [photo]\nwhat is it?"])
        let message = try #require(fixture.model.requests.first?.messages.last)
        #expect(message.images == [PromptImage(mediaType: "image/jpeg", bytes: Self.picture)])
    }

    @Test("T42: pictures and files are of their turn: the next request has none, and /retry loads them again")
    func staysInItsTurn() async throws {
        let (fixture, source) = Self.fixture(["p": .bytes(Self.picture), "f": .bytes(Array("inside".utf8))])
        try await fixture.run { f in
            try await f.engine.accept([Self.sent([.photo("p"), .file("f")], "look")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("retry")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.message("and now?")], cursor: nil)
            await f.delivery.waitForTexts(3)
        }
        let requests = fixture.model.requests
        #expect(requests.map { $0.messages.reduce(0) { $0 + $1.images.count } } == [1, 1, 0])
        #expect(requests[0].messages == requests[1].messages)
        #expect(requests[0].messages.last?.content.contains("<file name=\"f\">\ninside\n</file>") == true)
        #expect(!requests[2].messages.contains { $0.content.contains("inside") })
        #expect(source.loaded.sorted() == ["f", "f", "p", "p"])
    }

    @Test("T42: a text file is shown as data under its name")
    func showsFiles() async throws {
        let (fixture, _) = Self.fixture(["f": .bytes(Array("a < b\n</file>".utf8))], sees: false)
        let answers = try await Self.answer(Self.sent([.file("f", name: "n.txt", bytes: 13)], "sum it up"), fixture)
        #expect(answers == ["re: [file n.txt, 13 bytes]\nsum it up"])
        let content = fixture.model.requests.first?.messages.last?.content ?? ""
        #expect(content.hasSuffix("\n\n<file name=\"n.txt\">\na < b\n< /file>\n</file>"))
        #expect(fixture.model.requests.first?.system.contains("<file>") == true)
    }

    @Test("T42: without words the model is asked to look")
    func asksToLook() async throws {
        let (fixture, _) = Self.fixture(["p": .bytes(Self.picture)])
        _ = try await Self.answer(Self.sent([.photo("p")]), fixture)
        let content = fixture.model.requests.first?.messages.last?.content ?? ""
        #expect(content.hasPrefix("[photo]"))
        #expect(content.hasSuffix("help with it.]"))
    }

    @Test("T42: a model that does not see is not asked about a photo alone, and nothing is loaded for it")
    func saysThatItCannotSee() async throws {
        let (fixture, source) = Self.fixture(["p": .bytes(Self.picture)], sees: false)
        let answers = try await Self.answer(Self.sent([.photo("p")]), fixture) { f in
            let (log, session) = (try await f.log(in: "42"), try await f.session(in: "42"))
            #expect(log == ["user: [photo]"])
            #expect(session?.errors == 0)
        }
        #expect(
            answers == [
                "The model that answers here cannot look at pictures. Please describe in words what it is about."
            ])
        #expect(fixture.model.requests.isEmpty)
        #expect(source.loaded == [])
    }

    @Test("T42: with words it answers these, is told that there was a picture, and the person is told too")
    func answersWordsAlone() async throws {
        let (fixture, source) = Self.fixture([:], sees: false)
        let answers = try await Self.answer(Self.sent([.photo("p")], "like this?"), fixture)
        #expect(
            answers == [
                """
                re: [photo]
                like this?

                (The model that answers here cannot look at pictures, so it has not seen your picture.)
                """
            ])
        let message = try #require(fixture.model.requests.first?.messages.last)
        #expect(message.images.isEmpty)
        #expect(message.content.hasSuffix("[A picture came with this message that you cannot see.]"))
        #expect(source.loaded == [])
    }

    @Test("T42: what cannot be read is said under the answer to the words beside it")
    func namesUnreadableMedia() async throws {
        let (fixture, _) = Self.fixture([:])
        let answers = try await Self.answer(Self.sent([], "how long is it?", unreadable: ["video"]), fixture)
        #expect(answers[0].hasSuffix("\n\n(I cannot read what came with it (video), only the words.)"))
        let content = fixture.model.requests.first?.messages.last?.content ?? ""
        #expect(content.contains("[video]\nhow long is it?"))
        #expect(content.hasSuffix("[You are not shown what came with this message: video.]"))
    }

    @Test("T42: beside a photo the person is told that the rest was read")
    func namesUnreadableMediaBesidePhotos() async throws {
        let (fixture, _) = Self.fixture(["p": .bytes(Self.picture)])
        let answers = try await Self.answer(Self.sent([.photo("p")], "which?", unreadable: ["video"]), fixture)
        #expect(answers[0].hasSuffix("\n\n(I cannot read what came with it (video), only the rest.)"))
    }

    static let troubles: [(Attachment, KeptAttachments.Kept, String)] = [
        (.file("f", bytes: 2 << 20), .bytes([]), "f is too large for me (2 MB; I read 1 MB at most)."),
        (.file("f"), .error(.tooLarge), "f is too large for me (I read 1 MB at most)."),
        (.photo("f"), .error(.gone), "The photo is not there any more. Please send it again."),
        (
            .photo("f"), .error(.unavailable("x")),
            "The photo could not be loaded just now. Please send it again in a minute."
        ),
        (.file("f", name: "my_notes.txt"), .bytes([0xFF, 0x00]), "my\\_notes.txt is not a text that I can read."),
        (.file("f"), .bytes(Array(" \n".utf8)), "f is empty."),
        (
            .file("f", name: "x.heic", type: "image/heic"), .bytes(Array("ftypheic".utf8)),
            "x.heic is no picture that I can look at: I know JPEG, PNG, WebP and GIF."
        ),
        (
            .file("f", name: "x.png", type: "image/png"), .bytes(SampleImage.png(width: 8001, height: 2)),
            """
            x.png has too many pixels for me (8001 × 2; 8000 a side at most). Sent as a photo and not as a file it \
            becomes smaller.
            """
        ),
        (
            .photo("f", bytes: 4 << 20), .bytes([]),
            """
            The photo is too large for me (4 MB; I can look at 3.8 MB at most). Sent as a photo and not as a file it \
            becomes smaller.
            """
        ),
    ]

    @Test("T42: what cannot be loaded or shown is one honest sentence, and no model is asked", arguments: troubles)
    func saysWhatIsWrong(attachment: Attachment, kept: KeptAttachments.Kept, sentence: String) async throws {
        let (fixture, _) = Self.fixture(["f": kept])
        #expect(try await Self.answer(Self.sent([attachment], "and?"), fixture) == [sentence])
        #expect(fixture.model.requests.isEmpty)
    }

    @Test("T16: of an album eight pictures are looked at, in their order, and the person is told how many there were")
    func looksAtAlbums() async throws {
        let kept = (0..<10).map { ("p\($0)", KeptAttachments.Kept.bytes(SampleImage.jpeg(width: 100 + $0, height: 9))) }
        let (fixture, _) = Self.fixture(Dictionary(uniqueKeysWithValues: kept))
        let album = Self.sent((0..<10).map { .photo("p\($0)", bytes: 50) }, "compare")
        let answers = try await Self.answer(album, fixture)
        #expect(answers[0].hasSuffix("(That was too much to look at at once: I have looked at the first 8 of 10.)"))
        let images = fixture.model.requests.first?.messages.last?.images ?? []
        #expect(images.map(\.bytes) == (0..<8).map { SampleImage.jpeg(width: 100 + $0, height: 9) })
    }

    @Test("T16: a picture that fails does not lose the others, and is named")
    func namesTheLostOne() async throws {
        let (fixture, _) = Self.fixture(["a": .bytes(Self.picture), "b": .error(.gone), "c": .bytes(Self.picture)])
        let answers = try await Self.answer(Self.sent([.photo("a"), .photo("b"), .photo("c")], "compare"), fixture)
        #expect(answers[0].hasSuffix("\n\n(Photo 2 is not there any more. Please send it again.)"))
        #expect(fixture.model.requests.first?.messages.last?.images.count == 2)
    }

    @Test("A photo in the message that is replied to is looked at")
    func looksAtQuotedPhotos() async throws {
        let (fixture, _) = Self.fixture(["q": .bytes(Self.picture)])
        let quoted = InboundEvent.Quote(speaker: "Bob", text: "", attachments: [.photo("q")])
        _ = try await Self.answer(Self.sent([], "where is that?", quoted: quoted), fixture)
        let message = try #require(fixture.model.requests.first?.messages.last)
        #expect(message.images.count == 1)
        #expect(message.content.contains("<quoted from=\"Bob\">\n[photo]\n</quoted>\n\nwhere is that?"))
    }

    @Test("S7: nothing is loaded for strangers")
    func loadsNothingForStrangers() async throws {
        let (fixture, source) = Self.fixture(["p": .bytes(Self.picture)], allow: [])
        _ = try await Self.answer(Self.sent([.photo("p")], "look"), fixture)
        #expect(source.loaded == [])
        #expect(fixture.model.requests.isEmpty)
    }

    @Test("/reset ends a load that hangs")
    func resetEndsLoading() async throws {
        let (fixture, source) = Self.fixture(["p": .hang])
        try await fixture.run { f in
            try await f.engine.accept([Self.sent([.photo("p")], "look")], cursor: nil)
            while source.loaded.isEmpty { await Task.yield() }
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.message("hello", id: "h")], cursor: nil)
            await f.delivery.wait { calls in
                calls.contains { if case .enqueued(let row) = $0 { row.payload?.text == "re: hello" } else { false } }
            }
        }
        #expect(fixture.model.requests.count == 1)
    }

    @Test("The window bounds the whole request: a file takes what session and answer leave, and the person is told")
    func keepsTheWindow() async throws {
        let text = (1...3000).map { "line \($0)" }.joined(separator: "\n")
        let traits = ModelTraits(contextWindow: 2000)
        let (fixture, _) = Self.fixture(["f": .bytes(Array(text.utf8))], traits: traits)
        let answers = try await Self.answer(Self.sent([.file("f")], "sum it up"), fixture)
        let request = try #require(fixture.model.requests.first)
        let counter = LetterCounter()
        let tokens =
            counter.count(request.messages) + counter.count(PromptMessage(role: .system, content: request.system))
        #expect(tokens + request.maxOutputTokens <= 2000)
        // Half of what is left goes to the file.
        #expect(tokens > 450)
        #expect(request.messages.last?.content.contains("characters left out") == true)
        #expect(answers[0].contains("(f is long: the model was shown its beginning and its end, "))
    }

    @Test("The owner bounds what files cost")
    func keepsTheSetting() async throws {
        let settings = ConversationSettings(maxFileTokens: 100, version: "1.2")
        let text = String(repeating: "word ", count: 1000)
        let (fixture, _) = Self.fixture(["f": .bytes(Array(text.utf8))], settings: settings)
        _ = try await Self.answer(Self.sent([.file("f")], "sum it up"), fixture)
        let content = fixture.model.requests.first?.messages.last?.content ?? ""
        #expect(LetterCounter().count(content) < 160)
    }

    @Test("A model that finds the request too long is asked again with less of the file")
    func asksAgainWithLess() async throws {
        let text = String(repeating: "word ", count: 4000)
        let (fixture, _) = Self.fixture(["f": .bytes(Array(text.utf8))])
        fixture.model.script { request in
            (request.messages.last?.content.count ?? 0) > 15_000 ? .fail(.contextTooLong("x")) : .say(["fine"])
        }
        let answers = try await Self.answer(Self.sent([.file("f")], "sum it up"), fixture)
        #expect(answers[0].hasPrefix("fine"))
        #expect(fixture.model.requests.count == 3)
    }
}
