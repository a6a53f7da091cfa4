import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// Invariant 11: evicting or restarting changes no result, whatever is done to a session.
@Suite(.timeLimit(.minutes(5)))
struct CachePurityTests {
    @Test(arguments: 1...6)
    func everyHistoryGivesTheSameContextsWithAndWithoutACache(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let settings = SessionSettings(
            contextMaxMessages: [20, 6][seed % 2], recallTokens: 200, cacheMaxSessions: seed % 3 == 0 ? 2 : 100)
        let counter = PieceCounter()
        let cached = SessionsFixture(counter: counter, settings: settings)
        let plain = SessionsFixture(
            store: cached.store, time: cached.time, counter: counter,
            settings: SessionSettings(
                contextMaxMessages: settings.contextMaxMessages, recallTokens: 200, cacheMaxSessions: 0))
        var ids: [SessionID] = []
        for number in 1...4 { ids.append(try await cached.session(tokenLimit: number * 150, number: Int64(number))) }
        for step in 0..<220 {
            let place = Int.random(in: 0..<ids.count, using: &random)
            let id = ids[place]
            let request = CommandRequest(
                conversation: .number(ConversationID(Int64(place + 1))), event: nil, at: cached.time.now)
            switch Int.random(in: 0..<24, using: &random) {
            case 0: _ = try await cached.manager.clearMessages(id)
            case 1, 2: _ = try await cached.manager.undo(request) { _ in [] }
            case 3: try await summarise(id, keeping: Int64.random(in: 0...6, using: &random), in: cached)
            case 4:
                let outcome = try await cached.store.takeBackSummary(request, pause: 3) { _ in [] }
                if let session = outcome.session { cached.manager.cache.note(session) }
            case 5: try await cached.manager.recordError(in: id)
            case 6: _ = try await cached.manager.deactivate(id)
            default:
                let role: Role = Bool.random(using: &random) ? .user : .assistant
                let size = Int.random(in: 1...([3, 30, 200].randomElement(using: &random) ?? 3), using: &random)
                let words = (0..<size).map { _ in
                    ["cat", "dog", "漢字", "and\n", "42"].randomElement(using: &random) ?? ""
                }
                _ = try await cached.manager.addMessage(
                    to: id, role: role, content: words.joined(separator: " ") + " \(step)")
            }
            var asked = ContextRequest(session: id)
            asked.maxMessages = [nil, nil, nil, 3, 50].randomElement(using: &random) ?? nil
            asked.share = [1, 1, 0.5].randomElement(using: &random) ?? 1
            let context = try await cached.manager.buildContext(asked)
            let same = try await plain.manager.buildContext(asked)
            #expect(same == context, "step \(step), \(asked)")
            #expect(try await plain.manager.getSession(id) == cached.manager.getSession(id))
            if step.isMultiple(of: 20) {
                let restarted = SessionsFixture(
                    store: cached.store, time: cached.time, counter: counter, settings: settings)
                #expect(try await restarted.manager.buildContext(asked) == context)
            }
        }
        #expect(try await plain.manager.getStats().cacheHits == 0)
        if seed % 3 != 0 { #expect(try await cached.manager.getStats().cacheHits > 200) }
    }

    private func summarise(_ id: SessionID, keeping kept: Int64, in fixture: SessionsFixture) async throws {
        guard let session = try await fixture.store.session(id), session.headSeq - kept > session.coverage.seq else {
            return
        }
        let text = "- until \(session.headSeq - kept) [#\(session.headSeq - kept)]"
        let draft = CheckpointDraft(
            session: id, base: session.coverage.checkpoint, fromSeq: session.coverage.seq + 1,
            toSeq: session.headSeq - kept, text: text, tokens: 9, tokenizer: "pieces", replacedTokens: 99,
            author: .digest, round: 0, pause: 3)
        let commit = try await fixture.store.commit(draft, ifRevision: session.revision, at: fixture.time.now)
        if case .committed(let after, _) = commit { fixture.manager.cache.note(after) }
    }

    /// Goal 8. Each session's messages fill the window, and the cache keeps a little more.
    @Test("Goal 8: the cost of a session with a full window of 4,000 tokens is at most 32 KiB")
    func aFullWindowIsSmall() async throws {
        let fixture = SessionsFixture(counter: PieceCounter())
        let id = try await fixture.session()
        // Four letters a token, as in English: twenty messages of 200 tokens.
        for number in 0..<60 {
            let text = String(repeating: "abc ", count: 100) + "\(number)"
            _ = try await fixture.manager.addMessage(
                to: id, role: number.isMultiple(of: 2) ? .user : .assistant, content: text + text)
            _ = try await fixture.manager.buildContext(id)
        }
        let held = try #require(fixture.manager.cache.held(id))
        #expect(held.cost <= 32 << 10)
        #expect((held.messages ?? []).count >= 10)
        #expect(try await fixture.manager.getStats().cacheMisses == 1)
    }
}
