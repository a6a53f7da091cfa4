import BotCore
import BotTestSupport
import Testing

@testable import BotSessions

/// The cache is true whatever order results and reads arrive in.
@Suite(.timeLimit(.minutes(5)))
struct SessionCacheTests {
    @Test func readsTheStoreOnceForATurn() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi"])
        _ = try await fixture.manager.buildContext(id)
        for _ in 0..<5 {
            _ = try await fixture.manager.addMessage(to: id, role: .user, content: "More")
            _ = try await fixture.manager.buildContext(id)
        }
        let statistics = try await fixture.manager.getStats()
        #expect(statistics.cacheMisses == 1)
        #expect(statistics.cacheHits == 5)
        #expect(statistics.cachedSessions == 1)
    }

    @Test func aReadThatAnAppendOvertookIsNotKept() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi"])
        fixture.store.afterNextRead {
            // The hook cannot throw; a failed append shows below.
            _ = try? await fixture.manager.addMessage(to: id, role: .user, content: "Meanwhile")
        }
        #expect(try await fixture.manager.buildContext(id)?.messages.count == 2)
        #expect(try await fixture.manager.getStats().cachedSessions == 0)
        #expect(try await fixture.manager.buildContext(id)?.messages.count == 3)
    }

    @Test func aReadThatAResetOvertookIsNotKept() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi"])
        fixture.store.afterNextRead {
            // The hook cannot throw; a failed reset shows below.
            _ = try? await fixture.manager.clearMessages(id)
        }
        _ = try await fixture.manager.buildContext(id)
        #expect(try await fixture.manager.buildContext(id)?.messages == [])
    }

    @Test func aResetBetweenTheReadsIsSeen() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["Hello", "Hi"])
        fixture.store.afterNextRead {
            // The hook cannot throw; a failed reset shows below.
            _ = try? await fixture.manager.clearMessages(id)
        }
        // What was read first belongs to no state of the session any more.
        #expect(try await fixture.manager.buildContext(id)?.messages == [])
    }

    @Test func messagesThatCameBetweenTheReadsAreLeftOut() {
        let messages = [Self.message(3), Self.message(4), Self.message(5)]
        let read = CachedSession(session: Self.session(head: 4), newest: messages, summary: nil)
        #expect(read.messages?.map(\.seq) == [3, 4])
    }

    @Test func anOlderRevisionChangesNothingAndANewerOneRemovesWhatIsHeld() {
        let cache = SessionCache(maxSessions: 10, maxMessages: 10)
        var newer = Self.session(head: 3)
        newer.revision = 7
        hold(CachedSession(session: newer, newest: [Self.message(3)], summary: nil), in: cache)
        cache.note(Self.session(head: 9))
        #expect(cache.session(Self.id)?.session.revision == 7)
        newer.revision = 8
        cache.note(newer)
        #expect(cache.session(Self.id) == nil)
    }

    @Test func aMessageOfAnotherRevisionIsNotApplied() {
        let cache = SessionCache(maxSessions: 10, maxMessages: 10)
        hold(CachedSession(session: Self.session(head: 3), newest: [Self.message(3)], summary: nil), in: cache)
        var next = Self.session(head: 4)
        next.revision = 1
        cache.note(next, appended: Self.message(4))
        #expect(cache.session(Self.id) == nil)
    }

    @Test func resultsThatOvertakeEachOtherDoNotStay() throws {
        let cache = SessionCache(maxSessions: 10, maxMessages: 10)
        hold(CachedSession(session: Self.session(head: 1), newest: [Self.message(1)], summary: nil), in: cache)
        // The third message's result arrives before the second's.
        cache.note(Self.session(head: 3), appended: Self.message(3))
        #expect(cache.session(Self.id) == nil)
        cache.note(Self.session(head: 2), appended: Self.message(2))
        #expect(cache.session(Self.id) == nil)
    }

    @Test func anOlderResultChangesNothing() throws {
        let cache = SessionCache(maxSessions: 10, maxMessages: 10)
        hold(CachedSession(session: Self.session(head: 3), newest: [Self.message(3)], summary: nil), in: cache)
        cache.note(Self.session(head: 2), appended: Self.message(2))
        #expect(cache.session(Self.id)?.session.headSeq == 3)
    }

    @Test(arguments: [
        (Int64(2), Int64(0), "the same head with other counters"), (2, 2, "a reset"), (5, 0, "a gap"),
    ])
    func anythingButTheNextMessageRemovesWhatIsHeld(head: Int64, floor: Int64, why: String) throws {
        let cache = SessionCache(maxSessions: 10, maxMessages: 10)
        hold(CachedSession(session: Self.session(head: 2), newest: [Self.message(2)], summary: nil), in: cache)
        var session = Self.session(head: head, floor: floor)
        session.errors = 1
        cache.note(session)
        #expect(cache.session(Self.id) == nil)
    }

    @Test func holdsNoMoreThanItsBounds() throws {
        let cache = SessionCache(maxSessions: 10, maxMessages: 4)
        let messages = (1...9).map { Self.message(Int64($0)) }
        hold(CachedSession(session: Self.session(head: 9), newest: messages, summary: nil), in: cache)
        #expect(cache.session(Self.id)?.messages?.map(\.seq) == [6, 7, 8, 9])
        cache.note(Self.session(head: 10), appended: Self.message(10))
        #expect(cache.session(Self.id)?.messages?.map(\.seq) == [7, 8, 9, 10])
        let huge = Self.message(11, text: String(repeating: "x", count: 1 << 20))
        cache.note(Self.session(head: 11), appended: huge)
        #expect(cache.session(Self.id)?.messages == nil)
        #expect(cache.session(Self.id)?.session.headSeq == 11)
    }

    @Test func hugeMessagesAreShownTheSameWithoutBeingHeld() async throws {
        let fixture = SessionsFixture()
        let huge = String(repeating: "x", count: 1 << 20)
        let id = try await fixture.session(["Hello", "Hi", huge])
        let first = try await fixture.manager.buildContext(id)
        #expect(first?.messages.last?.content.contains("characters left out") == true)
        #expect(try await fixture.manager.buildContext(id) == first)
    }

    @Test func concurrentTurnsOfOneSessionLeaveTheCacheTrue() async throws {
        let fixture = SessionsFixture(settings: SessionSettings(contextMaxMessages: 500))
        let id = try await fixture.session(tokenLimit: 1_000_000)
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<50 {
                        // A failure shows in the comparison below.
                        _ = try? await fixture.manager.addMessage(to: id, role: .user, content: "\(task) \(number)")
                        _ = try? await fixture.manager.buildContext(id)
                    }
                }
            }
        }
        let plain = SessionsFixture(store: fixture.store, settings: fixture.manager.settings)
        #expect(try await fixture.manager.getSession(id)?.headSeq == 400)
        #expect(try await fixture.manager.buildContext(id) == plain.manager.buildContext(id))
    }

    // MARK: - Values

    private static let id = SessionID(1)

    private func hold(_ session: CachedSession, in cache: SessionCache) {
        cache.end(cache.beginFill(of: Self.id), with: session)
        #expect(cache.session(Self.id) != nil)
    }

    private static func session(head: Int64, floor: Int64 = 0) -> Session {
        Session(
            id: id, conversation: ConversationID(1), key: nil, interfaceType: "web", externalUserID: "a",
            externalChatID: "a", epoch: 1, headSeq: head, floorSeq: floor, messageCount: Int(head - floor),
            inputTokens: 0, outputTokens: 0, tokenLimit: 100, toolCalls: 0, errors: 0, isActive: true,
            createdAt: Timestamp(rawValue: 0), lastActiveAt: Timestamp(rawValue: 0), expiresAfter: .seconds(1),
            state: [:], metadata: [:])
    }

    private static func message(_ seq: Int64, text: String = "x") -> SessionMessage {
        SessionMessage(
            session: id, seq: seq, epoch: 1, role: .user, text: text, speaker: nil, tokens: 1,
            tokenizer: "characters", model: nil, createdAt: Timestamp(rawValue: 0), metadata: [:])
    }
}
