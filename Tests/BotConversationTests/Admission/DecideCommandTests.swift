import BotConversation
import BotCore
import BotTestSupport
import Foundation
import Testing

/// `/allow`, `/deny`, `/block`, `/people` and `/invite`, through the engine.
@Suite(.timeLimit(.minutes(5)))
struct DecideCommandTests {
    private static let group = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
    private static let owner = Speaker(id: "1", name: "Olga")

    private func ask(
        _ f: EngineFixture, _ name: String, _ arguments: String = "", by speaker: Speaker = owner,
        in scope: ChatScope = .direct, about references: [PersonReference] = [], on platform: Platform = .telegram
    ) async throws -> String {
        let (before, chat) = (f.delivery.texts.count, scope.isShared ? "-1" : speaker.id)
        let event = InboundEvent(
            externalID: "\(name) \(before)", conversation: .test(chat, on: platform), scope: scope, isAddressed: true,
            speaker: speaker, receivedAt: f.time.now, replyAddress: ReplyAddress(rawValue: "to \(chat)"),
            body: .command(name: name, arguments: arguments), references: references)
        try await f.engine.accept([event], cursor: nil)
        await f.delivery.waitForTexts(before + 1)
        return f.delivery.texts[before]
    }

    private func standing(_ f: EngineFixture, _ id: String, in scope: ChatScope = .direct) -> AccessStanding {
        f.access.standing(of: Speaker(id: id, name: ""), on: .telegram, in: scope)
    }

    private func owned(
        allow: [String] = [], block: [String] = [], _ body: @Sendable (EngineFixture) async throws -> Void
    ) async throws {
        try await EngineFixture(store: AdmissionTests.ownedStore(), allow: allow, block: block).run(body)
    }

    @Test func byReplyByEntryAndForTheGroup() async throws {
        try await owned { f async throws in
            let bob = PersonReference(entry: "telegram:8", name: "Bob\u{202E}")
            #expect(
                try await ask(f, "allow", in: Self.group, about: [bob])
                    == "Done. “Bob” (telegram:8) may talk to me now.")
            #expect(standing(f, "8") == .member)
            #expect(standing(f, "9", in: Self.group) == .stranger)
            #expect(try await ask(f, "allow", "telegram:9") == "Done. telegram:9 may talk to me now.")
            #expect(try await ask(f, "allow", "telegram:9") == "telegram:9 was let in already.")
            #expect(try await ask(f, "allow", in: Self.group) == "Done. I answer everybody here now.")
            #expect(standing(f, "10", in: Self.group) == .guest)
            #expect(try await ask(f, "deny", in: Self.group) == "Done. I answer only people here whom I know by name.")
            #expect(standing(f, "10", in: Self.group) == .stranger)
            #expect(standing(f, "9", in: Self.group) == .member)
            #expect(
                try await ask(f, "deny", about: [bob]).hasPrefix("Done. “Bob” (telegram:8) is not let in any more."))
            #expect(standing(f, "8") == .stranger)
            #expect(try await ask(f, "block", "telegram:9").hasPrefix("Done. I say nothing more to telegram:9"))
            #expect(standing(f, "9", in: Self.group) == .blocked)
            #expect(try await ask(f, "deny", "telegram:9") == "telegram:9 is blocked already; /allow lets them in.")
            #expect(try await ask(f, "allow", "telegram:9") == "Done. telegram:9 may talk to me now.")
            #expect(try await ask(f, "block", in: Self.group).hasPrefix("Done. I am silent here"))
            #expect(standing(f, "9", in: Self.group) == .blocked)
            let anonymous = PersonReference(entry: nil, name: "Channel")
            #expect(
                try await ask(f, "allow", in: Self.group, about: [anonymous]).hasPrefix("I cannot tell who that is."))
            #expect(try await ask(f, "allow").hasPrefix("Send /allow in the group or server"))
            #expect(try await ask(f, "deny").hasPrefix("Send /deny as a reply"))
        }
    }

    @Test func theConfigurationStandsAbove() async throws {
        try await owned(allow: ["telegram:5", "telegram:chat:-1"], block: ["telegram:6"]) { f async throws in
            for name in ["deny", "block"] {
                #expect(
                    try await ask(f, name, "telegram:5").hasPrefix(
                        "telegram:5 stands in access.allow of my configuration"))
                #expect(try await ask(f, name, in: Self.group).hasPrefix("telegram:chat:-1 stands in access.allow"))
            }
            #expect(try await ask(f, "allow", "telegram:6").hasPrefix("telegram:6 stands in access.block"))
            #expect(
                try await ask(f, "allow", "telegram:5")
                    == "telegram:5 is let in already, by access.allow of my configuration.")
            #expect(
                try await ask(f, "block", "telegram:6")
                    == "telegram:6 is blocked already, by access.block of my configuration.")
            #expect(try await f.store.grants().count == 1)
        }
    }

    @Test func adminsDecideButNotAboutAdmins() async throws {
        try await owned { f async throws in
            #expect(try await ask(f, "allow", "admin telegram:2") == "Done. telegram:2 is my admin now.")
            #expect(try await ask(f, "allow", "admin telegram:3") == "Done. telegram:3 is my admin now.")
            let admin = Speaker(id: "2", name: "Adi")
            #expect(try await ask(f, "allow", "telegram:8", by: admin) == "Done. telegram:8 may talk to me now.")
            for words in [
                ("allow", "admin telegram:8"), ("deny", "telegram:3"), ("block", "telegram:3"), ("deny", "telegram:2"),
            ] {
                #expect(try await ask(f, words.0, words.1, by: admin) == "Only my owner can do this.")
            }
            for name in ["deny", "block"] {
                #expect(
                    try await ask(f, name, "telegram:1", by: admin)
                        == "telegram:1 is my owner: that cannot be changed here.")
            }
            #expect(try await ask(f, "allow", "admin telegram:chat:-1").hasPrefix("Only people can be made admins"))
            #expect(try await ask(f, "allow", "telegram:2") == "telegram:2 was let in already.")
            #expect(standing(f, "2") == .admin)
            #expect(try await ask(f, "deny", "telegram:2").hasPrefix("Done. telegram:2 is not let in any more."))
            #expect(
                try await ask(f, "allow", "telegram:9", by: Speaker(id: "8", name: "Bo"))
                    == "Only my owner and my admins can do this.")
        }
    }

    @Test func allowAnswersWhoHasAsked() async throws {
        try await owned { f async throws in
            try await f.engine.accept([.message("what is a heron?", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.command("allow", "telegram:66", chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(4)
            #expect(
                f.delivery.texts(in: "1").last
                    == "Done. “Ada” (telegram:66) may talk to me now. I answer what they have asked.")
            #expect(f.delivery.texts(in: "66").last == "re: what is a heron?")
        }
    }

    @Test func peopleListsEverybodyAndNothingInGroups() async throws {
        try await owned(allow: ["telegram:5", "*"], block: ["telegram:6"]) { f async throws in
            _ = try await ask(f, "allow", "telegram:8")
            _ = try await ask(f, "block", "telegram:9")
            let day = f.time.now.day
            #expect(
                try await ask(f, "people") == """
                    Owners:
                    - “Olga” (telegram:1), since \(Timestamp(rawValue: 1_790_000_000_000).day), by the start code

                    Let in:
                    - telegram:5, by access.allow of the configuration
                    - everyone, by access.allow of the configuration
                    - telegram:8, since \(day), by “Olga” (telegram:1)

                    Blocked:
                    - telegram:6, by access.block of the configuration
                    - telegram:9, since \(day), by “Olga” (telegram:1)
                    """)
            for name in ["people", "invite"] {
                #expect(
                    try await ask(f, name, in: Self.group)
                        == "Please ask me that in private: others would read it here.")
            }
        }
    }

    @Test func anInviteLetsInAsManyAsItSays() async throws {
        try await owned { f async throws in
            try await f.engine.accept([.message("what is a heron?", chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(2)
            let text = try await ask(f, "invite")
            #expect(text.hasPrefix("Pass this on: it lets in one person, within 7 days."))
            let code = try #require(text.components(separatedBy: "https://t.me/bot?start=").last)
            #expect(code.count == 26)
            try await f.engine.accept([.command("start", code, chat: "66")], cursor: nil)
            await f.delivery.waitForTexts(5)
            #expect(Set(f.delivery.texts(in: "66").dropFirst()).contains("re: what is a heron?"))
            #expect(f.delivery.texts(in: "66").contains { $0.hasPrefix("You are let in now.") })
            #expect(standing(f, "66") == .member)
            try await f.engine.accept([.command("start", code, chat: "67")], cursor: nil)
            await f.delivery.waitForTexts(7)
            #expect(standing(f, "67") == .stranger)
            let several = try await ask(f, "invite", "2")
            #expect(several.contains("lets in 2 people"))
            for wrong in ["0", "101", "x", "1 2"] {
                #expect(try await ask(f, "invite", wrong).hasPrefix("Send /invite"))
            }
            let second = try #require(several.components(separatedBy: "start=").last)
            for person in ["71", "72", "73"] {
                let before = f.delivery.texts.count
                try await f.engine.accept([.command("start", second, chat: person)], cursor: nil)
                await f.delivery.waitForTexts(before + 1)
            }
            #expect(["71", "72", "73"].map { standing(f, $0) } == [.member, .member, .stranger])
            #expect(!f.store.allRows.isEmpty)
        }
    }

    @Test func onDiscordAnInviteIsACode() async throws {
        try await EngineFixture(store: InMemoryStore(), allow: [], admins: ["discord:1"]).run { f async throws in
            let text = try await ask(f, "invite", on: .discord)
            #expect(text.contains("They send me this in private:\n\n/start "))
        }
    }
}
