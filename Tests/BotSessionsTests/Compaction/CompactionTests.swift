import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotSessions

/// Summaries through the session manager, over a store in memory.
@Suite(.timeLimit(.minutes(5)))
struct CompactionTests {
    private static let limit = 1000

    private static func model(
        _ summary: @escaping @Sendable (CompletionRequest) -> ScriptedModel.Step = { .say([NoteTaker.honest($0)]) }
    ) -> ScriptedModel {
        let model = ScriptedModel()
        model.script(NoteTaker.script(summary))
        return model
    }

    private static func fixture(_ model: ScriptedModel, summarizer: ScriptedModel? = nil) -> SessionsFixture {
        SessionsFixture(settings: SessionSettings(tokenLimit: limit), provider: model, summarizer: summarizer)
    }

    /// Runs the manager while the body runs.
    private func running(_ fixture: SessionsFixture, _ body: () async throws -> Void) async throws {
        let manager = fixture.manager
        // It is cancelled and waited for when the body has ended.
        async let _: Void = manager.run()
        try await body()
    }

    private func say(
        _ count: Int, in id: SessionID, of fixture: SessionsFixture, from first: Int = 0, about topic: String = "boats"
    ) async throws {
        for number in first..<first + count {
            let text = "the talk number \(number) went on about \(topic) and rivers near the old town"
            _ = try await fixture.manager.addMessage(
                to: id, role: number.isMultiple(of: 2) ? .user : .assistant, content: text)
        }
    }

    private func settle(_ fixture: SessionsFixture) async {
        while fixture.manager.compaction.waiting + fixture.manager.compaction.running > 0 { await Task.yield() }
    }

    private func session(_ id: SessionID, in fixture: SessionsFixture) async throws -> Session {
        try #require(try await fixture.store.session(id))
    }

    // MARK: - Good summaries

    @Test func summarisesWhatIsOldAndKeepsWhatIsNew() async throws {
        let model = Self.model()
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            let session = try await session(id, in: fixture)
            #expect(session.summaries == 1)
            #expect(session.headSeq == 10 && session.messageCount == 10)
            let checkpoint = try #require(try await fixture.store.checkpoints(of: id, limit: 9).first)
            #expect(checkpoint.author == .model("scripted/test"))
            #expect(checkpoint.fromSeq == 1 && checkpoint.toSeq == session.coverage.seq)
            #expect(checkpoint.toSeq.isMultiple(of: 2))
            #expect(checkpoint.replacedTokens - checkpoint.tokens >= 210)
            #expect(checkpoint.text.contains("- the talk number 0 went on [#1]"))
            let cost = try await fixture.store.usage(of: id, askedBy: nil, at: fixture.time.now)
            #expect(cost.map(\.purpose) == [.summary])
            #expect(cost.first?.requests == model.requests.count)
            // The log is as it was, and the cache has learnt of the summary.
            #expect(fixture.store.log(of: id).count == 10)
            #expect(try await fixture.manager.getSession(id) == session)
        }
    }

    @Test func aSummaryIsChargedToItsChat() async throws {
        let model = Self.model()
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            let session = try await session(id, in: fixture)
            let billing = try #require(model.requests.last?.billing)
            #expect(billing.chat == session.key?.wholeChat)
            #expect(billing.person == session.payer)
            #expect(billing.promptTokens > 200)
            #expect(billing.turn == nil)
        }
    }

    /// The digest stands in until a new day or month, and no server is blamed.
    @Test func whatCannotBePaidIsDigested() async throws {
        let model = ScriptedModel()
        let cap = BudgetCap(.all, .day, limit: 1)
        model.script { _ in .fail(.overBudget(BudgetUse(cap: cap, used: 1), at: Timestamp(rawValue: 0))) }
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            #expect(try await session(id, in: fixture).summaries == 1)
            #expect(try await fixture.store.checkpoints(of: id, limit: 9).first?.author == .digest)
            #expect(fixture.manager.compaction.failedCalls == 0)
        }
    }

    @Test func tenMessagesComeBetweenSummaries() async throws {
        let model = Self.model()
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            var last: Int64 = 0
            for number in 0..<200 {
                try await say(1, in: id, of: fixture, from: number)
                await settle(fixture)
                let session = try await session(id, in: fixture)
                guard session.coverage.seq != last else { continue }
                #expect(session.coverage.seq >= last + 2)
                #expect(session.coverage.nextSummaryAt == session.headSeq + 10)
                last = session.coverage.seq
            }
            let summaries = try await session(id, in: fixture).summaries
            #expect(summaries >= 10 && summaries <= 20)
            #expect(model.requests.count == summaries)
            #expect(fixture.manager.compaction.rejections.isEmpty)
        }
    }

    @Test func aLongStretchIsSummarisedPieceByPiece() async throws {
        let model = Self.model()
        let quiet = SessionsFixture(settings: SessionSettings(tokenLimit: 1000), provider: model)
        let id = try await quiet.session(tokenLimit: 1000)
        // Nothing runs yet; then all of it is found at once.
        try await say(600, in: id, of: quiet)
        try await running(quiet) {
            await settle(quiet)
            let chain = try await quiet.store.checkpoints(of: id, limit: 100)
            #expect(chain.count > 5)
            for (checkpoint, before) in zip(chain, chain.dropFirst()) {
                #expect(checkpoint.fromSeq == before.toSeq + 1 && checkpoint.base == before.id)
            }
            #expect(chain.map(\.round).max() ?? 0 <= 8)
            // No prompt is larger than a job may read: 6,000 tokens of lines, the notes, and what we write.
            #expect(model.requests.allSatisfy { ($0.messages.last?.content.count ?? 0) < 12_000 })
            #expect(try await session(id, in: quiet).coverage.liveMessages < 20)
        }
    }

    // MARK: - Bad summarisers

    @Test(.serialized, arguments: NoteTaker.bad.indices)
    func aBadSummariserIsAskedSeldomAndADigestStandsIn(index: Int) async throws {
        let model = Self.model(NoteTaker.bad[index].step)
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            for number in 0..<80 {
                let text =
                    "my dog is Rex and the talk number \(number) went on about boats and rivers near the old town"
                _ = try await fixture.manager.addMessage(
                    to: id, role: number.isMultiple(of: 2) ? .user : .assistant, content: text)
                await settle(fixture)
                let context = try #require(try await fixture.manager.buildContext(id))
                #expect(context.totalTokens <= Self.limit)
            }
            #expect(model.requests.count <= 3, "\(NoteTaker.bad[index].name)")
            let session = try await session(id, in: fixture)
            #expect(session.summaries > 1)
            let chain = try await fixture.store.checkpoints(of: id, limit: 100)
            #expect(chain.allSatisfy { $0.author == .digest && $0.replacedTokens - $0.tokens >= 210 })
            #expect(chain.first?.text.contains("my dog is Rex") == true)
            #expect(chain.allSatisfy { !$0.text.contains("Carlos") && !$0.text.contains("987654") })
            // When the time is over it is asked again, and what it then makes replaces the digest.
            model.script(NoteTaker.script { .say([NoteTaker.honest($0)]) })
            fixture.time.advance(by: .seconds(301))
            try await say(30, in: id, of: fixture, from: 80)
            await settle(fixture)
            let newest = try #require(try await fixture.store.checkpoints(of: id, limit: 1).first)
            #expect(newest.author == .model("scripted/test"))
        }
    }

    @Test func noReplyWaitsForASummariserThatHangs() async throws {
        let model = Self.model { _ in .hang([]) }
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await model.waitForRequests(1)
            // No time passes here at all, and all of this gets through.
            try await say(50, in: id, of: fixture, from: 10)
            #expect(try await fixture.manager.buildContext(id)?.totalTokens ?? .max <= Self.limit)
            guard case .started(let turn) = try await fixture.beginTurn("Hello", number: 1).start else {
                Issue.record("not started")
                return
            }
            _ = try await fixture.manager.commitTurn(
                turn.id, ending: .answered, text: "Hi", model: "m", usage: nil, chunks: [])
            #expect(model.requests.count == 1)
            #expect(fixture.time.uptime == .zero)
            // Each call has its deadline, and then the digest comes.
            await fixture.time.waitForSleepers(2)
            fixture.time.advance(by: .seconds(60))
            await settle(fixture)
            #expect(model.cancelledCalls == 1)
            #expect(try await fixture.store.checkpoints(of: id, limit: 9).last?.author == .digest)
        }
    }

    @Test func aCheaperModelIsAskedFirstAndTheChatsModelNext() async throws {
        let cheap = Self.model { _ in .say(["I'm sorry, I cannot."]) }
        let model = Self.model()
        let fixture = Self.fixture(model, summarizer: cheap)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            #expect(cheap.requests.count == 2)
            #expect(cheap.requests.last?.system.contains("could not be used") == true)
            #expect(model.requests.count == 1)
            #expect(try await session(id, in: fixture).summaries == 1)
        }
    }

    @Test func whatIsNoLanguageModelIsNotAsked() async throws {
        let offline = ScriptedModel(name: "offline", isLanguageModel: false)
        let fixture = SessionsFixture(settings: SessionSettings(tokenLimit: Self.limit), provider: offline)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            #expect(offline.requests.isEmpty)
            #expect(try await fixture.store.checkpoints(of: id, limit: 9).map(\.author) == [.digest])
            #expect(fixture.manager.compaction.digests == 1)
        }
    }

    @Test func aModelThatFailsForManyIsLeftAloneForAWhile() async throws {
        let model = Self.model { _ in .fail(.unavailable(retryAfter: nil, "503")) }
        let fixture = Self.fixture(model)
        try await running(fixture) {
            for number in 1...20 {
                let id = try await fixture.session(tokenLimit: Self.limit, number: Int64(number))
                try await say(10, in: id, of: fixture)
                await settle(fixture)
            }
            #expect(model.requests.count == 3)
            #expect(fixture.manager.compaction.digests == 20)
        }
    }

    @Test func theDigestIsReplacedFromTheMessages() async throws {
        let model = Self.model { _ in .fail(.network("down")) }
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            #expect(try await fixture.store.checkpoints(of: id, limit: 9).map(\.author) == [.digest])
            model.script(NoteTaker.script { .say([NoteTaker.honest($0)]) })
            try await say(20, in: id, of: fixture, from: 10)
            await settle(fixture)
            let request = try #require(model.requests.dropFirst().first)
            #expect(NoteTaker.lines(of: request).first?.seq == 1)
            #expect(NoteTaker.oldNotes(of: request).isEmpty)
        }
    }

    // MARK: - Races

    enum Change: CaseIterable {
        case reset, resetAndBack, undo, takeBack, erase
    }

    @Test(arguments: Change.allCases)
    func whatWasMadeFromAnOldStateIsThrownAway(change: Change) async throws {
        let model = Self.model()
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await settle(fixture)
            #expect(try await session(id, in: fixture).summaries == 1)
            model.script(NoteTaker.script { _ in .hang(["- old talk about boats [#1]"]) })
            try await say(10, in: id, of: fixture, from: 10)
            await model.waitForRequests(2)
            let request = CommandRequest(
                conversation: .number(ConversationID(1)), event: nil, at: fixture.time.now)
            switch change {
            case .reset: _ = try await fixture.manager.clearMessages(id)
            case .resetAndBack:
                _ = try await fixture.manager.clearMessages(id)
                _ = try await fixture.manager.undo(request, confirmation: { _ in [] })
            case .undo: _ = try await fixture.manager.undo(request, confirmation: { _ in [] })
            case .takeBack: _ = try await fixture.store.takeBackSummary(request, pause: 30, confirmation: { _ in [] })
            case .erase: _ = try await fixture.manager.delete(id)
            }
            // A second try, where there is one, must not be mistaken for the first.
            model.script(NoteTaker.script { _ in .hang([]) })
            let before = try await fixture.store.session(id)
            model.release()
            while fixture.manager.compaction.outdated == 0 { await Task.yield() }
            #expect(try await fixture.store.session(id) == before)
        }
        #expect(fixture.manager.compaction.outdated == 1)
        #expect(fixture.manager.compaction.summaries == 1)
    }

    @Test func whatComesMeanwhileIsNoReasonToThrowItAway() async throws {
        let model = Self.model { _ in .hang(["- the talk number 0 went on about boats [#1]"]) }
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await model.waitForRequests(1)
            try await say(3, in: id, of: fixture, from: 10)
            model.release()
            await settle(fixture)
            let session = try await session(id, in: fixture)
            #expect(session.summaries == 1 && session.headSeq == 13)
            #expect(session.coverage.liveMessages == 13 - Int(session.coverage.seq))
        }
    }

    @Test func oneJobASessionAndTwoInAll() async throws {
        let model = Self.model { _ in .hang([]) }
        let fixture = Self.fixture(model)
        try await running(fixture) {
            var ids: [SessionID] = []
            for number in 1...5 { ids.append(try await fixture.session(tokenLimit: Self.limit, number: Int64(number))) }
            await withTaskGroup(of: Void.self) { group in
                for id in ids {
                    for part in 0..<4 {
                        group.addTask {
                            do {
                                try await say(10, in: id, of: fixture, from: part * 10, about: "boats \(id)")
                            } catch {
                                Issue.record(error)
                            }
                        }
                    }
                }
            }
            await model.waitForRequests(2)
            #expect(fixture.manager.compaction.running == 2)
            #expect(fixture.manager.compaction.waiting == 3)
            #expect(model.requests.count == 2)
            #expect(Set(model.requests.map { $0.messages.last?.content }).count == 2)
        }
        // What was under way has left nothing behind.
        #expect(model.cancelledCalls == 2)
        for session in try await fixture.store.activeSessions(limit: 9) {
            #expect(session.summaries == 0 && session.revision == 0)
        }
    }

    @Test func aFailingStoreLosesNothing() async throws {
        let model = Self.model { _ in .hang(["- the talk number 0 went on about boats [#1]"]) }
        let fixture = Self.fixture(model)
        let id = try await fixture.session(tokenLimit: Self.limit)
        try await running(fixture) {
            try await say(10, in: id, of: fixture)
            await model.waitForRequests(1)
            fixture.store.fail(with: .full)
            model.release()
            await settle(fixture)
            fixture.store.fail(with: nil)
            #expect(try await session(id, in: fixture).summaries == 0)
            model.script(NoteTaker.script { .say([NoteTaker.honest($0)]) })
            try await say(1, in: id, of: fixture, from: 10)
            await settle(fixture)
            #expect(try await session(id, in: fixture).summaries == 1)
        }
    }
}
