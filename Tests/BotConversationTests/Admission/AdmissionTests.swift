import BotConversation
import BotCore
import BotTestSupport
import Foundation
import Testing

/// How strangers get in, through the engine.
@Suite(.timeLimit(.minutes(5)))
struct AdmissionTests {
    /// A store with an owner, telegram:1, who has a private chat.
    static func ownedStore() async throws -> InMemoryStore {
        let store = InMemoryStore()
        try await store.grant(
            AccessGrant(
                entry: "telegram:1", role: .owner, name: "Olga", grantedBy: "pairing",
                grantedAt: Timestamp(rawValue: 1_790_000_000_000)))
        try await store.notePrivateChat(.test("1"), of: "telegram:1")
        return store
    }

    static func press(
        _ label: String, _ f: EngineFixture, text: Int = 1, by person: String = "1", id: String = "p"
    ) throws -> InboundEvent {
        let button = try #require(f.delivery.buttons(of: text).first { $0.label == label })
        return .test(
            .buttonPressed(ButtonPress(code: button.action.rawValue, id: "q\(id)", message: "m1")), chat: person,
            id: "press-\(id)")
    }

    static func settled(_ f: EngineFixture) async throws {
        while try await !f.store.unfinished(after: nil, limit: 1).isEmpty { await Task.yield() }
    }

    @Test("a stranger is asked about, and answered as soon as Allow is pressed")
    func allows() async throws {
        try await EngineFixture(store: Self.ownedStore(), allow: []).run { f in
            try await f.engine.accept([.message("what is a heron?", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts(in: "66").count == 1)
            #expect(f.delivery.texts(in: "66")[0].contains("I have asked my owner"))
            #expect(f.delivery.texts(in: "1").count == 1)
            #expect(f.delivery.texts(in: "1")[0].contains("Words: “what is a heron?”"))
            #expect(f.delivery.buttons(of: 1).map(\.label) == ["Allow", "Deny", "Block"])
            #expect(f.model.requests.isEmpty)
            let press = try Self.press("Allow", f)
            try await f.engine.accept([press], cursor: nil)
            await f.delivery.waitForTexts(4)
            try await Self.settled(f)
            #expect(f.delivery.texts(in: "66").last == "re: what is a heron?")
            #expect(
                f.delivery.texts(in: "1").last
                    == "Done. “Ada” (telegram:66) may talk to me now. I answer what they have asked.")
            await f.delivery.wait { $0.contains(.removedButtons("m1")) }
            #expect(f.delivery.answers.map(\.notice) == [nil])
            try await f.engine.accept([.message("thank you", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(5)
            #expect(f.delivery.texts(in: "66").last == "re: thank you")
            #expect(f.model.requests.count == 2)
        }
    }

    @Test("a request is decided about while the chat of who decides is busy")
    func goesAround() async throws {
        try await EngineFixture(store: Self.ownedStore(), allow: []).run { f in
            try await f.engine.accept([.message("hi", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            f.model.script { $0.words == "long" ? .hang(["Half"]) : .say(["hello"]) }
            try await f.engine.accept([.message("long", chat: "1")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([Self.press("Allow", f)], cursor: nil)
            await f.delivery.wait { calls in
                calls.contains { if case .enqueued(let row) = $0 { row.payload?.text == "hello" } else { false } }
            }
        }
    }

    @Test("Deny says no once; Block says nothing more", arguments: ["Deny", "Block"])
    func refuses(label: String) async throws {
        try await EngineFixture(store: Self.ownedStore(), allow: []).run { f in
            try await f.engine.accept([.message("hi", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([Self.press(label, f)], cursor: nil)
            let isDenied = label == "Deny"
            await f.delivery.waitForTexts(isDenied ? 4 : 3)
            #expect(f.delivery.texts(in: "66").count == (isDenied ? 2 : 1))
            if isDenied { #expect(f.delivery.texts(in: "66")[1].contains("my owner has not let you in")) }
            // Days later there is one line for who was denied, and none for who is blocked; the owner hears nothing.
            f.time.advance(by: .seconds(3 * 86_400))
            try await f.engine.accept([.message("please", chat: "66"), .command("start", chat: "66")], cursor: nil)
            try await Self.settled(f)
            #expect(f.delivery.texts(in: "66").count == (isDenied ? 3 : 1))
            #expect(f.delivery.texts(in: "1").count == 2)
            f.time.advance(by: .seconds(30 * 86_400))
            try await f.engine.accept([.message("please, please", chat: "66")], cursor: nil)
            try await Self.settled(f)
            if isDenied { await f.delivery.waitForTexts(7) }
            #expect(f.delivery.texts(in: "1").count == (isDenied ? 3 : 2))
            #expect(f.model.requests.isEmpty)
        }
    }

    @Test("what comes while somebody is being let in is answered, and asks nobody")
    func meanwhile() async throws {
        try await EngineFixture(store: Self.ownedStore(), allow: []).run { f in
            // As a decision is for a moment: stored, and its word has not come around.
            for person in ["66", "67"] {
                try await f.store.grant(
                    AccessGrant(
                        entry: "telegram:\(person)", role: .member, name: "Ada", grantedBy: "telegram:1",
                        grantedAt: f.time.now))
            }
            try await f.engine.accept([.message("hi", chat: "66"), .command("help", chat: "67")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await Self.settled(f)
            #expect(f.delivery.texts(in: "66") == ["re: hi"])
            #expect(f.delivery.texts(in: "67").first?.hasPrefix("Write to me, and I answer.") == true)
            #expect(f.delivery.texts(in: "1").isEmpty)
        }
    }

    @Test("pressing twice, or after somebody else, says so")
    func pressesTwice() async throws {
        let store = try await Self.ownedStore()
        try await store.notePrivateChat(.test("2"), of: "telegram:2")
        try await EngineFixture(store: store, allow: [], admins: ["telegram:2"]).run { f in
            try await f.engine.accept([.message("hi", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts(in: "1").count == 1)
            #expect(f.delivery.texts(in: "2").count == 1)
            try await f.engine.accept(
                [Self.press("Allow", f, by: "2", id: "2"), Self.press("Block", f, id: "1")], cursor: nil)
            await f.delivery.waitForAnswers(2)
            try await Self.settled(f)
            // Both chats go at once: who was first counts, and the other is told.
            let isAllowed = try await f.store.grants().first { $0.entry == "telegram:66" }?.role == .member
            let word = "That was decided already: telegram:66 was \(isAllowed ? "let in" : "blocked")."
            #expect(f.delivery.texts(in: isAllowed ? "2" : "1").last?.hasPrefix("Done.") == true)
            #expect(f.delivery.texts(in: isAllowed ? "1" : "2").last == word)
            #expect(f.model.requests.count == (isAllowed ? 1 : 0))
            try await f.engine.accept([Self.press("Deny", f, id: "3")], cursor: nil)
            await f.delivery.waitForAnswers(3)
            #expect(f.delivery.answers.last?.notice == word)
            await f.delivery.wait { $0.filter { $0 == .removedButtons("m1") }.count == 3 }
        }
    }

    @Test("S7: a stranger's and a member's presses decide nothing")
    func othersDecideNothing() async throws {
        try await EngineFixture(store: Self.ownedStore(), allow: ["telegram:5"]).run { f in
            try await f.engine.accept([.message("hi", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept(
                [Self.press("Allow", f, by: "66", id: "s"), Self.press("Allow", f, by: "5", id: "m")], cursor: nil)
            await f.delivery.waitForAnswers(2)
            try await Self.settled(f)
            #expect(
                Set(f.delivery.answers.map(\.notice)) == [
                    "Only people whom my owner has let in can use this.", "Only my owner and my admins can do this.",
                ])
            #expect(try await f.store.grants().count == 1)
            #expect(try await f.store.openAdmissions(AdmissionRules(), at: f.time.now).count == 1)
            #expect(!f.delivery.calls.contains(.removedButtons("m1")))
        }
    }

    @Test("S10: a flood of strangers is a few messages and a few rows")
    func flood() async throws {
        try await EngineFixture(store: Self.ownedStore(), allow: []).run { f in
            for person in 1000..<1100 {
                for text in ["hi", "hello"] {
                    try await f.engine.accept([.message(text, chat: "\(person)")], cursor: nil)
                }
            }
            try await Self.settled(f)
            await f.delivery.wait { calls in
                calls.filter { if case .enqueued(let row) = $0 { row.conversation.chat == "1" } else { false } }
                    .count >= 10
            }
            #expect(f.delivery.texts(in: "1").count == 10)
            #expect(try await f.store.openAdmissions(AdmissionRules(), at: f.time.now).count == 50)
            let lines = (1000..<1100).map { f.delivery.texts(in: "\($0)").count }
            #expect(lines.allSatisfy { $0 == 1 })
            let full = f.delivery.texts.filter { $0.contains("your entry is") }
            #expect(full.count == 50)
            // The owner sees all of them, and an hour later is told of the next.
            try await f.engine.accept([.command("people", chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(111)
            let list = try #require(f.delivery.texts(in: "1").last)
            #expect(list.components(separatedBy: ": /allow telegram:").count == 51)
            f.time.advance(by: .seconds(3601))
            try await f.engine.accept([.command("allow", "telegram:1000", chat: "1")], cursor: nil)
            // Only then is there room for one more.
            try await Self.settled(f)
            try await f.engine.accept([.message("me too", chat: "2000")], cursor: nil)
            try await Self.settled(f)
            await f.delivery.wait { calls in
                calls.filter { if case .enqueued(let row) = $0 { row.conversation.chat == "1" } else { false } }
                    .count >= 22
            }
            #expect(f.model.requests.count == 1)
        }
    }

    @Test("requests of before are told when the owner can first be written to")
    func tellsLater() async throws {
        let store = InMemoryStore()
        try await EngineFixture(store: store, allow: []).run { f in
            let code = try await f.access.makePairingCode()
            try await f.engine.accept([.message("hi", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(1)
            // Nobody can be asked yet.
            #expect(f.delivery.texts[0].hasSuffix("your entry is telegram:66"))
            try await f.engine.accept([.command("start", code, chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(2)
            f.time.advance(by: .seconds(86_400))
            try await f.engine.accept([.message("hi again", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(f.delivery.texts(in: "1").last?.contains("Somebody wants to talk to me.") == true)
        }
        let configured = InMemoryStore()
        try await EngineFixture(store: configured, allow: [], admins: ["telegram:2"]).run { f in
            try await f.engine.accept([.message("hi", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("help", chat: "2")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(f.delivery.texts(in: "2").contains { $0.contains("Somebody wants to talk to me.") })
        }
    }

    @Test("killed at any moment, a press of Allow answers once", arguments: 0..<30)
    func survivesKills(moment: Int) async throws {
        let store = try await Self.ownedStore()
        try await EngineFixture(store: store, allow: []).run { f in
            try await f.engine.accept([.message("what is a heron?", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let press = try Self.press("Allow", f)
            try await f.engine.accept([press], cursor: nil)
            for _ in 0..<(moment * 4) { await Task.yield() }
            store.fail(with: .cancelled)
        }
        store.fail(with: nil)
        try await EngineFixture(store: store, allow: []).run { f in
            try await Self.settled(f)
            let session = try #require(try await f.session(in: "66"))
            #expect(
                store.log(of: session.id).map { "\($0.role.rawValue): \($0.text)" } == [
                    "user: what is a heron?", "assistant: re: what is a heron?",
                ])
        }
        let texts = store.allRows.compactMap { $0.row.payload?.text }
        #expect(texts.filter { $0 == "re: what is a heron?" }.count == 1)
        #expect(texts.filter { $0.contains("may talk to me now") }.count == 1)
    }
}
