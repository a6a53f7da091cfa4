import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `RetentionStore`.
    package static let retention: [Behaviour] = [
        Behaviour("finds the sessions that show what is older", findsOutdated),
        Behaviour("takes away what is older, and the rest goes on", takesAway),
        Behaviour("takes all away", takesAllAway),
        Behaviour("leaves what a turn still answers", leavesUnanswered),
        Behaviour("leaves of the summary what it is given", leavesSummary),
        Behaviour("does nothing where something has moved", doesNothingLate),
        Behaviour("takes back nothing that is gone", takesBackNothing),
    ]

    private static func outdated(_ seconds: Int, in store: any Store) async throws -> [OutdatedSession] {
        try await store.outdated(before: StoreSamples.at(seconds), after: nil, limit: 9)
    }

    @Sendable private static func findsOutdated(_ store: any Store) async throws {
        let first = try await StoreSamples.turn("1", in: store, at: 1)
        let second = try await StoreSamples.turn("2", in: store, chat: StoreSamples.otherChat, at: 20)
        _ = try await StoreSamples.turn("3", in: store, at: 30)
        #expect(try await outdated(1, in: store).isEmpty)
        #expect(try await outdated(2, in: store).map(\.session.id) == [first.id])
        #expect(try await outdated(2, in: store).map(\.through) == [2])
        #expect(try await outdated(40, in: store).map(\.through) == [4, 2])
        #expect(
            try await store.outdated(before: StoreSamples.at(40), after: first.id, limit: 9).map(\.session.id)
                == [second.id])
        #expect(try await store.outdated(before: StoreSamples.at(40), after: nil, limit: 1).count == 1)
    }

    @Sendable private static func takesAway(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store, at: 1)
        let before = try await StoreSamples.turn("2", in: store, at: 30)
        let found = try #require(try await outdated(10, in: store).first)
        let after = try #require(try await store.takeAway(found, leaving: nil, at: StoreSamples.at(90)))
        #expect(after.messageCount == 2 && after.totalTokens == before.totalTokens / 2)
        #expect(after.coverage == Coverage(seq: 2, liveMessages: 2, liveTokens: 8))
        #expect(after.epoch == before.epoch && after.lastActiveAt == before.lastActiveAt)
        #expect(after.revision > before.revision)
        #expect(try await store.newestMessages(of: after.id, limit: 9).map(\.seq) == [3, 4])
        #expect(try await outdated(10, in: store).isEmpty)
        // Whatever the moment: what may not be kept waits for nothing.
        #expect(try await store.deleteCleared(before: StoreSamples.at(0), limit: 9) == 2)
        #expect(try await store.deleteCleared(before: StoreSamples.at(0), limit: 9) == 0)
        #expect(try await store.audit(limit: 9).isEmpty)
        let next = try await StoreSamples.turn("3", in: store, at: 91)
        #expect(next.headSeq == 6 && next.messageCount == 4)
    }

    @Sendable private static func takesAllAway(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store, at: 1)
        let found = try #require(try await outdated(10, in: store).first)
        let after = try #require(try await store.takeAway(found, leaving: nil, at: StoreSamples.at(90)))
        #expect(after.messageCount == 0 && after.floorSeq == after.headSeq)
        #expect(try await outdated(99, in: store).isEmpty)
        #expect(try await store.deleteCleared(before: StoreSamples.at(0), limit: 9) == 2)
        #expect(try await store.audit(limit: 9).isEmpty)
    }

    @Sendable private static func leavesUnanswered(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store, at: 1)
        let turn = try await StoreSamples.begin("2", in: store, at: 2)
        #expect(try await outdated(10, in: store).map(\.through) == [2])
        try await store.park(turn.id)
        #expect(try await outdated(10, in: store).map(\.through) == [2])
    }

    @Sendable private static func leavesSummary(_ store: any Store) async throws {
        for number in 1...3 { _ = try await StoreSamples.turn("\(number)", in: store, at: 10 * number) }
        let session = try #require(try await store.session(of: StoreSamples.chat))
        let (summarised, _) = try await StoreSamples.summarize(session, through: 4, in: store)
        let found = try #require(try await outdated(15, in: store).first)
        #expect(found.session == summarised && found.through == 2)
        let rest = CheckpointDraft(
            session: session.id, base: nil, fromSeq: 3, toSeq: 4, text: "less", tokens: 2, tokenizer: "o200k_base",
            replacedTokens: 8, author: .digest, round: 1, pause: 0)
        let after = try #require(try await store.takeAway(found, leaving: rest, at: StoreSamples.at(90)))
        #expect(after.messageCount == 4)
        #expect(after.coverage.seq == 4 && after.coverage.summaryTokens == 2)
        #expect(after.coverage.liveMessages == 2 && after.coverage.liveTokens == 8)
        let chain = try await store.checkpoints(of: session.id, limit: 9)
        #expect(chain.map(\.text) == ["less"] && chain.map(\.base) == [nil])
        _ = try await store.deleteCleared(before: StoreSamples.at(0), limit: 9)
        #expect(try await store.audit(limit: 9).isEmpty)
        // The older messages of it are all that a taking back shows again.
        let back = try await store.takeBackSummary(StoreSamples.request(after, at: 91), pause: 1) { _ in [] }
        #expect(back.session?.coverage.liveMessages == 4)
        #expect(try await store.newestMessages(of: session.id, limit: 9).map(\.seq) == [3, 4, 5, 6])
    }

    @Sendable private static func doesNothingLate(_ store: any Store) async throws {
        for number in 1...2 { _ = try await StoreSamples.turn("\(number)", in: store, at: 20 * number) }
        let found = try #require(try await outdated(30, in: store).first)
        _ = try await StoreSamples.reset(in: store, at: 50)
        #expect(try await store.takeAway(found, leaving: nil, at: StoreSamples.at(90)) == nil)
        #expect(try await StoreSamples.undo(in: store, at: 60).undone == .reset(messages: 4))
    }

    @Sendable private static func takesBackNothing(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store, at: 1)
        let found = try #require(try await outdated(10, in: store).first)
        _ = try await store.takeAway(found, leaving: nil, at: StoreSamples.at(90))
        #expect(try await StoreSamples.undo(in: store, at: 91).undone == .nothing)
    }
}
