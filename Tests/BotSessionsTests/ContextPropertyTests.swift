import BotCore
import BotSessions
import BotTestSupport
import Testing

/// What holds for every context, over random histories.
@Suite(.timeLimit(.minutes(5)))
struct ContextPropertyTests {
    private static func text(_ random: inout SeededRandom) -> String {
        let alphabet = ["a", "word ", "Zeile\n", "漢字", "👩🏽‍🚀", "é", "\r\n", "{\"k\":1}", " ", "e\u{301}"]
        let lengths = [0...2, 1...20, 1...20, 20...200, 200...3000]
        let length = Int.random(in: lengths.randomElement(using: &random) ?? 1...2, using: &random)
        return (0..<length).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
    }

    private func check(
        _ context: SessionContext, of session: Session, counter: any TokenCounter, log: [SessionMessage], most: Int
    ) {
        let messages = context.messages
        #expect(context.totalTokens == counter.count(messages))
        #expect(context.totalTokens <= max(0, session.tokenLimit))
        #expect(messages.first.map { $0.role == .user } ?? true)
        #expect(messages.count <= most)
        for (message, next) in zip(messages, messages.dropFirst()) { #expect(message.role != next.role) }
        #expect(messages.allSatisfy { !$0.content.isEmpty })
        // Nothing from before the floor is shown: the texts of the tests end with the number of their message.
        let cleared = log.filter { $0.seq <= session.floorSeq }.map { "#\($0.seq)." }
        #expect(!messages.contains { message in cleared.contains { message.content.hasSuffix($0) } })
        let window = log.filter { $0.seq > session.floorSeq }.suffix(most / 2 + 1)
        guard let newest = window.last(where: { $0.role == .user }), session.tokenLimit > 120 else { return }
        #expect(messages.contains { $0.role == .user && $0.content.contains("#\(newest.seq).") })
    }

    @Test(.serialized, arguments: 0..<8)
    func boundShapeAndRecountHold(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let counter: any TokenCounter = seed.isMultiple(of: 2) ? CharacterCounter() : AwkwardCounter()
        let most = [1, 2, 3, 7, 20][seed % 5]
        // The search of the store in memory takes long on long texts.
        let settings = SessionSettings(
            contextMaxMessages: most, recallTokens: seed % 8 == 1 ? 1200 : 0, cacheMaxSessions: seed % 3)
        let fixture = SessionsFixture(counter: counter, settings: settings)
        let fresh = SessionsFixture(store: fixture.store, time: fixture.time, counter: counter, settings: settings)
        let limit = [0, 15, 60, 150, 400, 4000][seed % 6]
        let id = try await fixture.session(tokenLimit: limit)
        for number in 1...60 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0: _ = try await fixture.manager.clearMessages(id)
            case 1 where try await fixture.store.session(id)?.messageCount == 0:
                _ = try await fixture.manager.undo(
                    CommandRequest(conversation: .number(ConversationID(1)), event: nil, at: fixture.time.now),
                    confirmation: { _ in [] })
            default:
                let role: Role = Int.random(in: 0..<10, using: &random) < 6 ? .user : .assistant
                let seq = try #require(try await fixture.store.session(id)).headSeq + 1
                _ = try await fixture.manager.addMessage(
                    to: id, role: role, content: Self.text(&random) + "#\(seq).")
            }
            let context = try #require(try await fixture.manager.buildContext(id))
            let session = try #require(try await fixture.store.session(id))
            check(context, of: session, counter: counter, log: fixture.store.log(of: id), most: most)
            // The cache changes nothing: a manager without any history gives the same.
            if number.isMultiple(of: 7) {
                let other = SessionsFixture(store: fixture.store, counter: counter, settings: settings)
                #expect(try await other.manager.buildContext(id) == context)
            }
            #expect(try await fresh.manager.messages(of: id, limit: 5).last?.seq ?? session.floorSeq == session.headSeq)
        }
    }

    @Test(arguments: [1, 3, 1000])
    func manySessionsAreTheSameWithEveryCacheSize(cacheSize: Int) async throws {
        var random = SeededRandom(seed: 5)
        let recallTokens = cacheSize == 3 ? 200 : 0
        let fixture = SessionsFixture(
            settings: SessionSettings(recallTokens: recallTokens, cacheMaxSessions: cacheSize))
        let plain = SessionsFixture(
            store: fixture.store, settings: SessionSettings(recallTokens: recallTokens, cacheMaxSessions: 0))
        var ids: [SessionID] = []
        for number in 1...8 { ids.append(try await fixture.session(tokenLimit: 300, number: Int64(number))) }
        for _ in 0..<400 {
            let id = try #require(ids.randomElement(using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0: _ = try await fixture.manager.clearMessages(id)
            case 1: _ = try await fixture.manager.updateState(of: id, with: ["n": .integer(1)])
            case 2: _ = try await fixture.manager.deactivate(id)
            case 3: try await fixture.manager.recordError(in: id)
            default:
                let role: Role = Bool.random(using: &random) ? .user : .assistant
                _ = try await fixture.manager.addMessage(to: id, role: role, content: Self.text(&random))
            }
            #expect(try await fixture.manager.getSession(id) == plain.manager.getSession(id))
            let most = [nil, 4, 50].randomElement(using: &random) ?? nil
            let context = try await fixture.manager.buildContext(id, maxMessages: most)
            #expect(try await plain.manager.buildContext(id, maxMessages: most) == context)
        }
        let statistics = try await fixture.manager.getStats()
        #expect(statistics.cachedSessions <= cacheSize)
        if cacheSize == 1000 { #expect(statistics.cacheHits > statistics.cacheMisses) }
    }

    @Test(arguments: [(400, 110), (1000, 40)])
    func consecutiveContextsMostlyBeginTheSame(limit: Int, most: Int) async throws {
        var random = SeededRandom(seed: UInt64(limit))
        let fixture = SessionsFixture(settings: SessionSettings(recallTokens: 0))
        let id = try await fixture.session(tokenLimit: limit)
        var last: [PromptMessage] = []
        var breaks = 0
        for turn in 0..<200 {
            for role in [Role.user, .assistant] {
                let text = String(repeating: "x", count: Int.random(in: 5...25, using: &random)) + "\(turn)"
                _ = try await fixture.manager.addMessage(to: id, role: role, content: text)
            }
            let messages = try #require(try await fixture.manager.buildContext(id)).messages
            if !messages.starts(with: last) { breaks += 1 }
            last = messages
        }
        // A window that moves with every message would break 190 times or more.
        #expect(breaks <= most)
    }
}
