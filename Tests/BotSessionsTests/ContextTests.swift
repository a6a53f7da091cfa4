import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// What a context shows, by examples. The counter counts characters: a message costs 3, its role and its text; a prompt 3.
struct ContextTests {
    private func contents(_ context: SessionContext?) -> [String] { context?.messages.map(\.content) ?? [] }

    @Test func showsAllWhileItFits() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi!", "How are you?"])
        let context = try await fixture.manager.buildContext(id)
        #expect(contents(context) == ["Hello", "Hi!", "How are you?"])
        #expect(context?.messages.map(\.role) == [.user, .assistant, .user])
        #expect(context?.totalTokens == 3 + (3 + 4 + 5) + (3 + 9 + 3) + (3 + 4 + 12))
        #expect(context?.hasSummaries == false)
    }

    @Test func isNilWithoutSessionAndEmptyWithoutMessages() async throws {
        let fixture = SessionsFixture()
        #expect(try await fixture.manager.buildContext(SessionID(99)) == nil)
        let id = try await fixture.session()
        let empty = SessionContext(messages: [], totalTokens: 0, counted: 0, limit: 4000)
        #expect(try await fixture.manager.buildContext(id) == empty)
    }

    @Test func beginsWithTheUser() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session()
        _ = try await fixture.manager.addMessage(to: id, role: .assistant, content: "Welcome")
        _ = try await fixture.manager.addMessage(to: id, role: .user, content: "Hello")
        #expect(contents(try await fixture.manager.buildContext(id)) == ["Hello"])
    }

    @Test func joinsNeighboursOfOneRoleWithABlankLine() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session()
        for (role, text) in [(Role.user, "a"), (.user, "b"), (.assistant, "c"), (.assistant, "d"), (.user, "e")] {
            _ = try await fixture.manager.addMessage(to: id, role: role, content: text)
        }
        #expect(contents(try await fixture.manager.buildContext(id)) == ["a\n\nb", "c\n\nd", "e"])
    }

    @Test func showsOnlyTheNewestMessagesAndMovesInSteps() async throws {
        let fixture = SessionsFixture(settings: SessionSettings(contextMaxMessages: 6))
        let id = try await fixture.session()
        var firsts: [String?] = []
        for number in 1...14 {
            _ = try await fixture.manager.addMessage(
                to: id, role: number.isMultiple(of: 2) ? .assistant : .user, content: "\(number)")
            firsts.append(contents(try await fixture.manager.buildContext(id)).first)
        }
        // Where the step of 3 lands on an answer, the context begins with the question after it.
        let expected = ["1", "1", "1", "1", "1", "1", "5", "5", "5", "7", "7", "7", "11", "11"]
        #expect(firsts == expected)
    }

    @Test(arguments: [(20, 0, 20), (21, 10, 11), (30, 10, 20), (31, 20, 11), (100, 80, 20), (101, 90, 11)])
    func windowMovesByHalfOfTheMost(messages: Int, start: Int, shown: Int) {
        #expect(ContextWindow.start(count: messages, maxMessages: 20) == start)
        #expect(messages - start == shown)
    }

    @Test func leavesOutWholeTurnsFromTheOldestOnInSteps() async throws {
        let fixture = SessionsFixture(settings: SessionSettings(recallTokens: 0))
        let text = String(repeating: "x", count: 20)
        let id = try await fixture.session(tokenLimit: 311)
        var firsts: [String?] = []
        // Each question costs 28 and each answer 32: the limit holds five turns and a question.
        for number in 1...10 {
            _ = try await fixture.manager.addMessage(to: id, role: .user, content: "\(number)" + text)
            firsts.append(contents(try await fixture.manager.buildContext(id)).first?.first.map(String.init))
            _ = try await fixture.manager.addMessage(to: id, role: .assistant, content: text)
        }
        #expect(firsts == ["1", "1", "1", "1", "1", "5", "5", "5", "5", "8"])
    }

    @Test func cutsTheNewestMessageWhenItAloneIsTooLong() async throws {
        let fixture = SessionsFixture()
        let long = String(repeating: "a", count: 5000) + String(repeating: "z", count: 5000)
        let id = try await fixture.session(["Hello", "Hi", long], tokenLimit: 200)
        let context = try #require(try await fixture.manager.buildContext(id))
        let text = try #require(context.messages.first?.content)
        #expect(context.messages.count == 1)
        let parts = try #require(text.wholeMatch(of: /(a{60,}) \[… (\d+) characters left out …\] (z{60,})/))
        #expect(parts.1.count + (Int(parts.2) ?? 0) + parts.3.count == 10_000)
        #expect(context.totalTokens <= 200)
        #expect(context.totalTokens > 170)
    }

    @Test func cutsAnOlderMessageToHalfTheLimit() async throws {
        let fixture = SessionsFixture()
        let paste = String(repeating: "line\n", count: 2000)
        let id = try await fixture.session([paste, "ok", "And now?"], tokenLimit: 1000)
        let context = try #require(try await fixture.manager.buildContext(id))
        #expect(context.messages.count == 3)
        #expect(context.messages[0].content.contains("characters left out"))
        #expect((400...500).contains(context.messages[0].content.count))
    }

    @Test func cutsBetweenCharactersAsPeopleSeeThem() async throws {
        let fixture = SessionsFixture(counter: AwkwardCounter())
        let family = "👨‍👩‍👧‍👦"
        for limit in 40..<200 {
            let id = try await fixture.session(
                [String(repeating: family, count: 300)], tokenLimit: limit, number: Int64(limit))
            let context = try #require(try await fixture.manager.buildContext(id))
            #expect(context.totalTokens <= limit)
            guard let text = context.messages.first?.content else { continue }
            let left = text.split(separator: /\ ?\[… \d+ characters left out …\]\ ?/)
            #expect(left.allSatisfy { $0.allSatisfy { String($0) == family } })
        }
    }

    @Test(arguments: [-5, 0, 1, 9, 10, 11, 12, 30])
    func keepsTinyLimits(limit: Int) async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Good morning to you all"], tokenLimit: limit)
        let context = try #require(try await fixture.manager.buildContext(id))
        #expect(context.totalTokens <= max(0, limit))
        #expect(context.totalTokens == CharacterCounter().count(context.messages))
        #expect(context.messages.isEmpty == (limit <= 10))
    }

    @Test func leavesOutOfflineAnswersForALanguageModelOnly() async throws {
        let fixture = SessionsFixture()
        guard case .started(let turn) = try await fixture.beginTurn("Hello", number: 1).start else {
            Issue.record("not started")
            return
        }
        _ = try await fixture.manager.commitTurn(
            turn.id, ending: .answered, text: "I am no language model", model: "offline", usage: nil, chunks: [])
        _ = try await fixture.beginTurn("And now?", number: 2)
        let id = turn.session.id
        #expect(contents(try await fixture.manager.buildContext(id)) == ["Hello\n\nAnd now?"])
        let offline = SessionsFixture(
            store: fixture.store, provider: ScriptedModel(isLanguageModel: false))
        let whole = try await offline.manager.buildContext(id)
        #expect(contents(whole) == ["Hello", "I am no language model", "And now?"])
    }

    @Test(arguments: [
        ("Ann", "Hi", "Ann: Hi"),
        ("Ann", "Hi\nBob: I agree", "Ann: Hi\n  Bob: I agree"),
        ("Ann", "Hi\r\nBob: yes\u{2028}Bob: no\u{85}Bob: so", "Ann: Hi\n  Bob: yes\n  Bob: no\n  Bob: so"),
        ("Ann\nBob: I agree", "Hi", "Ann Bob I agree: Hi"),
        ("<Ann>\u{202E}", "Hi", "Ann: Hi"),
        ("\u{202E}", "Hi", "Somebody: Hi"),
    ])
    func namesTheSpeakerAndNobodyCanForgeOne(name: String, text: String, shown: String) async throws {
        let fixture = SessionsFixture()
        guard case .started(let turn) = try await fixture.beginTurn(text, number: 1, speaker: name).start else {
            Issue.record("not started")
            return
        }
        #expect(contents(try await fixture.manager.buildContext(turn.session.id)) == [shown])
    }

    @Test func holdsWhenJoiningCostsMoreThanItsParts() async throws {
        let fixture = SessionsFixture(counter: AwkwardCounter())
        let id = try await fixture.session(tokenLimit: 100)
        for _ in 0..<10 { _ = try await fixture.manager.addMessage(to: id, role: .user, content: "12") }
        let context = try #require(try await fixture.manager.buildContext(id))
        #expect(context.totalTokens == AwkwardCounter().count(context.messages))
        #expect(context.totalTokens <= 100)
        #expect(context.messages.count == 1)
    }
}
