import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct CommandTests {
    private let shared = ChatScope.shared(space: "telegram:chat:-1", title: "The\nCrew")

    @Test("T22: names and summaries fit both platforms' menus")
    func descriptionsFitTheMenus() {
        let commands = ConversationEngine.commands
        #expect(
            commands.map(\.name) == [
                "start", "help", "reset", "undo", "retry", "stop", "search", "summary", "context", "model", "usage",
                "status", "forget", "export", "privacy", "allow", "deny", "block", "invite", "people",
            ])
        for command in commands {
            #expect(command.name.wholeMatch(of: /[a-z0-9_]{1,32}/) != nil)
            #expect((1...100).contains(command.summary.count))
            #expect((command.argument?.count ?? 1) <= 100)
        }
    }

    @Test(arguments: [
        ("start", "Hello!"), ("help", "Write to me, and I answer."), ("undo", "There is nothing to take back."),
        ("status", "mybot 1.2, up 0 s"), ("foo", "I do not know /foo."),
        ("allow", "Only my owner and my admins can do this."), ("deny", "Only my owner and my admins"),
        ("block", "Only my owner and my admins"), ("invite", "Only my owner and my admins"),
        ("people", "Only my owner and my admins"), ("retry", "There is no message"), ("search", "Send /search and"),
        ("summary", "There is no summary"), ("context", "Nothing of this"), ("forget", "There is nothing to erase"),
        ("model", "scripted answers in this chat: the default."),
        ("usage", "This conversation has cost no tokens yet."), ("export", "There is nothing to export"),
        ("privacy", "**What I keep:** what you write to me"),
    ])
    func answersInPrivate(name: String, start: String) async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.command(name)], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].hasPrefix(start))
            #expect(f.model.requests.isEmpty)
            #expect(try await f.store.unfinished(after: nil, limit: 10).isEmpty)
        }
    }

    @Test func helpNamesAllCommands() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.command("help")], cursor: nil)
            await f.delivery.waitForTexts(1)
            for command in ConversationEngine.commands { #expect(f.delivery.texts[0].contains("/\(command.name) - ")) }
        }
    }

    @Test func unknownCommandsAreIgnoredInGroups() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept(
                [.command("foo", chat: "-1", scope: shared), .command("help", chat: "-1", scope: shared)], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].hasPrefix("Mention me"))
        }
    }

    @Test func statusShowsLinksWithAges() async throws {
        try await EngineFixture().run { f in
            f.links.set("discord", to: .failed, problem: "/secret/path is wrong")
            f.links.seen("telegram")
            try await f.engine.accept([.message("hello")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.time.advance(by: .seconds(75))
            try await f.engine.accept([.command("status")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let text = f.delivery.texts[1]
            #expect(text.contains("up 1 min 15 s"))
            #expect(text.contains("Model: scripted/test"))
            #expect(text.contains("This conversation: 2 messages, "))
            #expect(text.contains("telegram: connected, seen 1 min 15 s ago"))
            #expect(text.contains("discord: failed"))
            #expect(!text.contains("secret"))
        }
    }

    @Test("S7: strangers are told once a day in private, and nothing in groups")
    func strangersAreToldOnce() async throws {
        try await EngineFixture(allow: ["telegram:1"]).run { f in
            for number in 1...3 { try await f.engine.accept([.message("\(number)", chat: "42")], cursor: nil) }
            for name in ConversationEngine.commands.map(\.name) + ["foo"] {
                try await f.engine.accept([.command(name, chat: "42")], cursor: nil)
            }
            try await f.engine.accept([.message("hi", chat: "-1", scope: shared)], cursor: nil)
            try await f.engine.accept([.message("mine", chat: "1")], cursor: nil)
            while try await !f.store.unfinished(after: nil, limit: 10).isEmpty { await Task.yield() }
            #expect(f.delivery.texts(in: "42").count == 1)
            #expect(f.delivery.texts(in: "42")[0].hasSuffix("telegram:42"))
            #expect(f.delivery.texts(in: "-1") == [])
            #expect(f.model.requests.count == 1)
            #expect(try await f.session(in: "42") == nil)
            f.time.advance(by: .seconds(86_400))
            let before = f.delivery.texts.count
            try await f.engine.accept([.message("4", chat: "42")], cursor: nil)
            await f.delivery.waitForTexts(before + 1)
            #expect(f.delivery.texts(in: "42").count == 2)
        }
    }

    @Test("The owner lets a group in with /allow; others cannot")
    func allowLetsAGroupIn() async throws {
        try await owned { f in
            let (owner, other) = (Speaker(id: "1", name: "Owner"), Speaker(id: "8", name: "Bob"))
            try await f.engine.accept(
                [
                    .command("allow", chat: "-1", id: "1", scope: shared, speaker: other),
                    .message("before", chat: "-1", scope: shared, speaker: other),
                    .command("allow", chat: "-1", id: "2", scope: shared, speaker: owner),
                    .message("after", chat: "-1", scope: shared, speaker: other),
                ], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[0] == "Done. I answer everybody here now.")
            #expect(f.model.requests.count == 1)
            let grant = try await f.store.grants().first { $0.entry == "telegram:chat:-1" }
            #expect(grant?.role == .member)
            #expect(grant?.name == "The Crew")
            #expect(grant?.grantedBy == "telegram:1")
        }
    }

    @Test(arguments: [("1", true), ("8", false)])
    func onlyAnOwnerWhoBringsTheBotLetsTheGroupIn(person: String, isLetIn: Bool) async throws {
        try await owned { f in
            let event = InboundEvent.test(
                .broughtIn, chat: "-1", id: "b", scope: shared, isAddressed: false,
                speaker: Speaker(id: person, name: "Someone"))
            try await f.engine.accept([event], cursor: nil)
            while try await !f.store.unfinished(after: nil, limit: 10).isEmpty { await Task.yield() }
            #expect(f.delivery.texts.count == (isLetIn ? 1 : 0))
            #expect(f.access.standing(of: Speaker(id: "99", name: ""), on: .telegram, in: shared).isLetIn == isLetIn)
        }
    }

    @Test func theTerminalIsTheOwners() async throws {
        try await EngineFixture(allow: []).run { f in
            try await f.engine.accept([.command("allow", platform: .terminal)], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].hasPrefix("Send /allow in the group"))
        }
    }

    private func owned(_ body: @Sendable (EngineFixture) async throws -> Void) async throws {
        let store = InMemoryStore()
        try await store.grant(
            AccessGrant(
                entry: "telegram:1", role: .owner, name: "Owner", grantedBy: "pairing",
                grantedAt: Timestamp(rawValue: 1)))
        try await EngineFixture(store: store, allow: []).run(body)
    }
}
