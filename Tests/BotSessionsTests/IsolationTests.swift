import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// Invariant 12: no byte crosses sessions.
@Suite(.timeLimit(.minutes(5)))
struct IsolationTests {
    private static func canary(_ number: Int) -> String { "canary\(number)x" }

    @Test("Goal 23: of 1,000 sessions none shows another's word")
    func noSessionShowsAnothersWord() async throws {
        let sessions = 1000
        let settings = SessionSettings(contextMaxMessages: 4, cacheMaxSessions: 300)
        let fixture = SessionsFixture(counter: PieceCounter(), settings: settings)
        var ids: [SessionID] = []
        for number in 0..<sessions {
            let word = Self.canary(number)
            var texts = ["My secret password is \(word)", "I keep \(word)"]
            for line in 0..<4 { texts += ["the weather \(line)", "mild"] }
            let id = try await fixture.session(texts, number: Int64(number + 1))
            ids.append(id)
            if number.isMultiple(of: 2) { try await summarise(id, word, in: fixture) }
            _ = try await fixture.manager.addMessage(to: id, role: .user, content: "What is my secret password?")
        }
        var (leaks, own) = (0, 0)
        for (number, id) in ids.enumerated() {
            var shown = try await fixture.manager.buildContext(id)?.messages.map(\.content) ?? []
            shown += try await fixture.manager.messages(of: id, limit: 100).map(\.text)
            let hits = try await fixture.store.search(for: ["secret", "password"], in: id, range: 1..<100, limit: 10)
            shown += try await fixture.store.messages(of: id, seqs: hits.map(\.seq)).map(\.text)
            let text = shown.joined(separator: "\n")
            let words = Set(text.split { !$0.isLetter && !$0.isNumber }.filter { $0.hasPrefix("canary") })
            if words.contains(Self.canary(number)[...]) { own += 1 }
            leaks += words.subtracting([Self.canary(number)[...]]).count
        }
        #expect(leaks == 0)
        // The test sees something: each session recalls or sums up its own word.
        #expect(own == sessions)
    }

    private func summarise(_ id: SessionID, _ word: String, in fixture: SessionsFixture) async throws {
        let session = try #require(try await fixture.store.session(id))
        let draft = CheckpointDraft(
            session: id, base: nil, fromSeq: 1, toSeq: 6, text: "- the password is \(word) [#1]", tokens: 9,
            tokenizer: "pieces", replacedTokens: 99, author: .digest, round: 0, pause: 10)
        let commit = try await fixture.store.commit(draft, ifRevision: session.revision, at: fixture.time.now)
        guard case .committed(let after, _) = commit else {
            Issue.record("not committed")
            return
        }
        fixture.manager.cache.note(after)
    }
}
