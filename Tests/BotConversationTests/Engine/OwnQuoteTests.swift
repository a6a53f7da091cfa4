import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// What a reply to one of the bot's own messages carries of it.
@Suite(.timeLimit(.minutes(5)))
struct OwnQuoteTests {
    private static let question = "why this?"

    /// Says something, and lets what comes of it stand in the chat as the message with the text's number.
    private static func say(_ event: InboundEvent, _ number: Int, _ f: EngineFixture) async throws {
        try await f.engine.accept([event], cursor: nil)
        await f.delivery.waitForTexts(number)
        let row = try #require(f.store.allRows.last?.row)
        try await f.store.delivered(row.id, as: "\(number)", at: f.time.now)
    }

    /// Replies to a message of the bot's; returns what the model was shown of the question.
    private static func reply(
        to message: String, quoting text: String, after texts: Int, id: String = "reply", _ f: EngineFixture
    ) async throws -> String {
        let quote = InboundEvent.Quote(speaker: "Bot", text: text, ownMessage: message)
        try await say(.message(question, quoted: quote, id: id), texts + 1, f)
        return try #require(f.model.requests.last).words
    }

    @Test(
        "A reply to the bot quotes what it replies to, if that is not the last answer",
        arguments: [
            ("the newest answer", false), ("an older one", true), ("before a reset", true),
            ("out of the window", true), ("taken back", true), ("a failure", true), ("a command's answer", true),
            ("unknown", true),
            ("shown in part", false), ("as another one", true),
        ])
    func quotes(_ which: String, quotes: Bool) async throws {
        try await EngineFixture().run { f in
            let long = String(repeating: "word ", count: 2_000)
            switch which {
            case "a failure": f.model.script { _ in .fail(.badRequest("no")) }
            case "shown in part": f.model.script { _ in .say([long]) }
            default: break
            }
            try await Self.say(which == "a command's answer" ? .command("status") : .message("one"), 1, f)
            let first = try #require(f.delivery.texts.first)
            f.model.script { _ in .say(["re: one"]) }
            var texts = 1
            switch which {
            case "an older one": try await Self.say(.message("two"), 2, f)
            case "before a reset": try await Self.say(.command("reset"), 2, f)
            case "taken back": try await Self.say(.command("undo"), 2, f)
            case "out of the window":
                for number in 2...12 { try await Self.say(.message("\(number)"), number, f) }
            case "as another one":
                // What was said before the reset is said again after it: they are two messages all the same.
                try await Self.say(.command("reset"), 2, f)
                try await Self.say(.message("one again"), 3, f)
            default: break
            }
            texts = f.delivery.texts.count
            let shown = try await Self.reply(
                to: which == "unknown" ? "99" : "1", quoting: String(first.prefix(40)), after: texts, f)
            let block = "<quoted from=\"Bot\">\n\(first.prefix(40))\n</quoted>\n\n"
            #expect(shown.hasSuffix(Self.question))
            #expect(shown.contains(block) == quotes)
            #expect(shown.contains("<quoted") == quotes)
        }
    }

    @Test("What was decided stays: a question says later what it said first")
    func staysDecided() async throws {
        try await EngineFixture().run { f in
            try await Self.say(.message("one"), 1, f)
            let shown = try await Self.reply(to: "1", quoting: "re: one", after: 1, f)
            #expect(shown == Self.question)
            try await Self.say(.command("reset"), 3, f)
            try await Self.say(.command("undo"), 4, f)
            try await Self.say(.message("three"), 5, f)
            #expect(f.model.requests.last?.allWords.contains(Self.question) == true)
        }
    }

    @Test(
        "An edit of a reply is no edit while its words are the same, whether it quotes or not",
        arguments: [false, true]
    )
    func editsChangeWordsOnly(isCleared: Bool) async throws {
        try await EngineFixture().run { f in
            try await Self.say(.message("one"), 1, f)
            if isCleared { try await Self.say(.command("reset"), 2, f) }
            let texts = f.delivery.texts.count
            var message = InboundMessage(
                id: "50", text: Self.question, quoted: .init(speaker: "Bot", text: "re: one", ownMessage: "1"))
            try await Self.say(.test(.message(message), id: "a"), texts + 1, f)
            try await f.engine.accept([.test(.edited(message), id: "b")], cursor: nil)
            while try await !f.store.unfinished(after: nil, limit: 9).isEmpty { await Task.yield() }
            #expect(f.model.requests.count == 2)
            message.text = "why that?"
            try await Self.say(.test(.edited(message), id: "c"), texts + 2, f)
            let shown = try #require(f.model.requests.last).words
            #expect(shown.hasSuffix("why that?"))
            #expect(shown.contains("<quoted") == isCleared)
        }
    }

    @Test(
        "A code is masked where it is to be sent or opened, and no long word is",
        arguments: [
            ("/start abcdefghijklmnopqrstuvwxyz", "/start …"),
            ("https://t.me/bot?start=abcdefghijklm234567nopqrst.", "https://t.me/bot?start=…."),
            ("rechtsschutzversicherungen", "rechtsschutzversicherungen"),
            ("start donaudampfschifffahrtsgesellschaft", "start donaudampfschifffahrtsgesellschaft"),
        ])
    func masksCodesAlone(_ text: String, masked: String) {
        #expect(PairingCode.masked(in: text) == masked)
    }

    @Test("The code of an invite goes to no model, whoever replies to it")
    func masksInvites() async throws {
        try await EngineFixture(admins: ["telegram:42"]).run { f in
            try await Self.say(.command("invite"), 1, f)
            let invite = try #require(f.delivery.texts.first)
            let code = try #require(invite.firstMatch(of: /start=([a-z2-7]{26})/)).1
            let shown = try await Self.reply(to: "1", quoting: invite, after: 1, f)
            #expect(shown.contains("Pass this on"))
            #expect(!shown.contains(code))
        }
    }
}
