import BotConversation
import BotCore
import BotTestSupport
import Testing

/// `sessions.groupScope`.
@Suite(.timeLimit(.minutes(5)))
struct GroupScopeTests {
    private static let group = ChatScope.shared(space: "telegram:chat:-9", title: "The house")
    private static let (ada, bob) = (Speaker(id: "7", name: "Ada"), Speaker(id: "8", name: "Bob"))

    private static func fixture(_ scope: GroupScope) -> EngineFixture {
        EngineFixture(settings: ConversationSettings(groupScope: scope, version: "1"))
    }

    private static func says(_ text: String, _ speaker: Speaker) -> InboundEvent {
        .message(text, chat: "-9", scope: group, speaker: speaker)
    }

    @Test("A shared chat has one session, or one for each person in it", arguments: GroupScope.allCases)
    func whoseSession(_ scope: GroupScope) async throws {
        try await Self.fixture(scope).run { f in
            for (number, event) in [
                Self.says("mine is red", Self.ada), Self.says("mine is blue", Self.bob), Self.says("which?", Self.ada),
            ].enumerated() {
                try await f.engine.accept([event], cursor: nil)
                await f.delivery.waitForTexts(number + 1)
            }
            let shown = try #require(f.model.requests.last).messages.map(\.content).joined(separator: "\n")
            #expect(shown.contains("red"))
            #expect(shown.contains("blue") == (scope == .chat))
            #expect(
                try await f.store.session(of: .test("-9").of(person: "7"))?.externalUserID
                    == (scope == .chat ? nil : "7"))
            // A reset is one's own, too; of what is everybody's it takes an administrator.
            f.delivery.administrators.withLock { $0 = ["7"] }
            try await f.engine.accept(
                [.command("reset", chat: "-9", scope: Self.group, speaker: Self.ada)], cursor: nil)
            await f.delivery.waitForTexts(4)
            try await f.engine.accept([Self.says("and mine?", Self.bob)], cursor: nil)
            await f.delivery.waitForTexts(5)
            let his = try #require(f.model.requests.last).messages.map(\.content).joined(separator: "\n")
            #expect(his.contains("blue") == (scope == .person))
            #expect(!his.contains("red"))
        }
    }

    @Test("What one person waits for holds up no other, and what is deleted is found whoever has written it")
    func deletionsAreFound() async throws {
        try await Self.fixture(.person).run { f in
            f.model.script { $0.words.contains("first") ? .hang(["one"]) : .say(["re: ", $0.words]) }
            func message(_ id: String, _ text: String, _ speaker: Speaker) -> InboundEvent {
                .test(
                    .message(InboundMessage(id: id, text: text)), chat: "-9", id: id, scope: Self.group,
                    speaker: speaker)
            }
            try await f.engine.accept([message("1", "first", Self.ada), message("2", "second", Self.ada)], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([message("3", "meanwhile", Self.bob)], cursor: nil)
            await f.delivery.waitForTexts(1)
            // Nobody knows who has deleted it.
            let nobody = Speaker(id: "", name: "")
            try await f.engine.accept(
                [.test(.deleted(message: "2"), chat: "-9", id: "4", scope: Self.group, speaker: nobody)], cursor: nil)
            while try await f.store.unfinished(after: nil, limit: 9).count > 2 { await Task.yield() }
            f.model.release()
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts.contains("one") && !f.delivery.texts.contains { $0.contains("second") })
        }
    }

    @Test("Of 200 people in private and in shared chats, nobody's words cross", arguments: GroupScope.allCases)
    func nothingCrosses(_ scope: GroupScope) async throws {
        try await Self.fixture(scope).run { f in
            let people = 200
            func secret(_ person: Int) -> String { "secret\(person)x" }
            func remark(_ person: Int) -> String { "remark\(person)x" }
            for round in 0..<2 {
                for person in 0..<people {
                    let speaker = Speaker(id: "\(1000 + person)", name: "Person \(person)")
                    let group = "-\(1 + person % 20)"
                    let shared = ChatScope.shared(space: "telegram:chat:\(group)", title: "Group")
                    try await f.engine.accept(
                        [
                            .message(
                                "my password is \(secret(person)) \(round)", chat: "\(1000 + person)", speaker: speaker),
                            .message(
                                "what is my password? \(remark(person)) \(round)", chat: group, scope: shared,
                                speaker: speaker),
                        ], cursor: nil)
                }
                await f.delivery.waitForTexts(2 * people * (round + 1))
            }
            #expect(f.model.requests.count == 4 * people)
            var own = 0
            for request in f.model.requests {
                let text = request.messages.map(\.content).joined(separator: "\n")
                let words = Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
                let secrets = words.filter { $0.hasPrefix("secret") }
                let remarks = words.filter { $0.hasPrefix("remark") }
                // In private there are one's own secrets alone, in shared chats none at all, and nobody's remarks are in private.
                if secrets.isEmpty {
                    #expect(!remarks.isEmpty)
                    let groups = Set(remarks.compactMap { Int($0.filter(\.isNumber)).map { $0 % 20 } })
                    #expect(groups.count == 1 && (scope == .chat || remarks.count == 1))
                } else {
                    #expect(secrets.count == 1 && remarks.isEmpty)
                    own += 1
                }
            }
            #expect(own == 2 * people)
        }
    }
}
