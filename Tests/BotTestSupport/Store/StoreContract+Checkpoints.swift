import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `CheckpointStore`.
    package static let checkpoints: [Behaviour] = [
        Behaviour("stores a summary and counts what it does not cover", commitsCheckpoint),
        Behaviour("keeps every field of a checkpoint, and of its digest", keepsCheckpoint),
        Behaviour("continues a summary and lists the chain, newest first", continuesCheckpoint),
        Behaviour("stores no summary once something moved underneath", refusesOutdated),
        Behaviour("stores a summary though messages were added meanwhile", commitsAfterAppend),
        Behaviour("stores no summary of what was taken back meanwhile", refusesTakenBack),
        Behaviour("takes summaries back one by one", takesBackSummary),
        Behaviour("leaves the summary behind at a reset and brings it back", resetsCoverage),
        Behaviour("leaves a summary behind that was made after the reset which is taken back", leavesNewerSummary),
        Behaviour("goes back to the newest checkpoint that does not cover what is taken back", stepsBack),
        Behaviour("reads messages after a number, by count and bytes", readsAfter),
        Behaviour("reads single messages that are shown", readsSome),
        Behaviour("keeps tool calls and their results", keepsTools),
        Behaviour("deletes the summaries of what was cleared or taken back", deletesSummaries),
    ]

    @Sendable private static func commitsCheckpoint(_ store: any Store) async throws {
        let before = try await StoreSamples.exchanges(4, in: store)
        #expect(before.coverage == Coverage(seq: 0, liveMessages: 8, liveTokens: 32))
        let (after, checkpoint) = try await StoreSamples.summarize(before, through: 6, in: store)
        #expect(
            after.coverage
                == Coverage(
                    checkpoint: checkpoint.id, summaryTokens: 7, seq: 6, liveMessages: 2, liveTokens: 8,
                    nextSummaryAt: 18))
        #expect(after.revision == before.revision + 1)
        #expect(after.epoch == before.epoch)
        #expect(after.summaries == 1)
        #expect(after.messageCount == 8)
        #expect(after.totalTokens == 32)
        #expect(after.lastActiveAt == before.lastActiveAt, "making a summary is no activity")
        #expect(try await store.session(before.id) == after)
        #expect(try await store.newestMessages(of: before.id, limit: 10).map(\.text) == ["q4", "a4"])
        #expect(try await store.statistics().summaries == 1)
        let more = try await store.append(StoreSamples.message("q5"), to: before.id, at: StoreSamples.at(70))
        #expect(more?.session.coverage.liveMessages == 3)
        #expect(more?.session.coverage.liveTokens == 11)
        #expect(more?.session.revision == after.revision)
    }

    @Sendable private static func keepsCheckpoint(_ store: any Store) async throws {
        var session = try await StoreSamples.exchanges(2, in: store)
        let draft = CheckpointDraft(
            session: session.id, base: nil, fromSeq: 1, toSeq: 2, text: "[#1] é 日本", tokens: 9, tokenizer: "t",
            replacedTokens: 8, author: .digest, round: 0, pause: 3)
        guard
            case .committed(let after, let stored) = try await store.commit(
                draft, ifRevision: session.revision, at: StoreSamples.at(5))
        else {
            Issue.record("outdated")
            return
        }
        session = after
        #expect(
            stored
                == Checkpoint(
                    id: stored.id, session: session.id, base: nil, fromSeq: 1, toSeq: 2, text: "[#1] é 日本", tokens: 9,
                    tokenizer: "t", replacedTokens: 8, author: .digest, round: 0, createdAt: StoreSamples.at(5)))
        #expect(try await store.checkpoint(stored.id) == stored)
        #expect(try await store.checkpoint(CheckpointID(999)) == nil)
        let next = try await StoreSamples.summarize(session, through: 4, in: store).checkpoint
        #expect(next.author == .model("test/model"))
        #expect(next.round == 2)
        #expect(next.replacedTokens == 16)
        #expect(try await store.checkpoint(next.id) == next)
    }

    @Sendable private static func continuesCheckpoint(_ store: any Store) async throws {
        var session = try await StoreSamples.exchanges(4, in: store)
        #expect(try await store.checkpoints(of: session.id, limit: 10).isEmpty)
        var made: [Checkpoint] = []
        for seq in [2, 4, 6] as [Int64] {
            let (after, checkpoint) = try await StoreSamples.summarize(session, through: seq, in: store)
            #expect(checkpoint.base == made.last?.id)
            session = after
            made.append(checkpoint)
        }
        #expect(try await store.checkpoints(of: session.id, limit: 10) == made.reversed())
        #expect(try await store.checkpoints(of: session.id, limit: 2) == [made[2], made[1]])
        #expect(try await store.checkpoints(of: SessionID(999), limit: 2).isEmpty)
    }

    @Sendable private static func refusesOutdated(_ store: any Store) async throws {
        let old = try await StoreSamples.exchanges(4, in: store)
        let (session, first) = try await StoreSamples.summarize(old, through: 4, in: store)
        func commit(_ draft: CheckpointDraft, _ revision: Int64) async throws -> CheckpointCommit {
            try await store.commit(draft, ifRevision: revision, at: StoreSamples.at(90))
        }
        #expect(try await commit(StoreSamples.summary(of: old, through: 6), old.revision) == .outdated)
        #expect(try await commit(StoreSamples.summary(of: old, through: 6), session.revision) == .outdated)
        #expect(try await commit(StoreSamples.summary(of: session, through: 6), old.revision) == .outdated)
        #expect(try await commit(StoreSamples.summary(of: session, through: 9), session.revision) == .outdated)
        #expect(try await commit(StoreSamples.summary(of: session, through: 4), session.revision) == .outdated)
        #expect(try await store.session(session.id) == session)
        #expect(try await store.checkpoints(of: session.id, limit: 9) == [first])
        // A reset, an undo and the erasing of the session come first.
        let draft = StoreSamples.summary(of: session, through: 6)
        _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
        #expect(try await commit(draft, session.revision) == .outdated)
        _ = try await store.erase(session.id)
        #expect(try await commit(draft, session.revision) == .outdated)
    }

    @Sendable private static func commitsAfterAppend(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(3, in: store)
        let draft = StoreSamples.summary(of: session, through: 4)
        _ = try await StoreSamples.exchanges(1, in: store, at: 5)
        guard
            case .committed(let after, _) = try await store.commit(
                draft, ifRevision: session.revision, at: StoreSamples.at(9))
        else {
            Issue.record("outdated")
            return
        }
        #expect(after.coverage.liveMessages == 4)
        #expect(after.coverage.liveTokens == 16)
        #expect(after.coverage.nextSummaryAt == 18)
    }

    @Sendable private static func refusesTakenBack(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(4, in: store)
        // The summary under way holds messages 5 and 6. Neither what it continues nor its range shows that they are gone.
        let draft = StoreSamples.summary(of: session, through: 6)
        for second in 60...61 {
            _ = try await store.undo(
                StoreSamples.request(session, at: second), within: .seconds(1), confirmation: { _ in [] })
        }
        let outcome = try await store.commit(draft, ifRevision: session.revision, at: StoreSamples.at(70))
        #expect(outcome == .outdated)
        let after = try #require(try await store.session(session.id))
        #expect(after.coverage == Coverage(seq: 0, liveMessages: 4, liveTokens: 16))
        #expect(try await store.checkpoints(of: session.id, limit: 9).isEmpty)
    }

    @Sendable private static func takesBackSummary(_ store: any Store) async throws {
        let start = try await StoreSamples.exchanges(4, in: store)
        let (once, first) = try await StoreSamples.summarize(start, through: 2, in: store)
        let (twice, second) = try await StoreSamples.summarize(once, through: 6, in: store)
        let taken = Lock<[Checkpoint?]>([])
        func takeBack(_ seconds: Int) async throws -> CommandOutcome {
            try await store.takeBackSummary(StoreSamples.request(twice, at: seconds), pause: 4) { checkpoint in
                taken.withLock { $0.append(checkpoint) }
                return []
            }
        }
        let back = try #require(try await takeBack(70).session)
        #expect(
            back.coverage
                == Coverage(
                    checkpoint: first.id, summaryTokens: 7, seq: 2, liveMessages: 6, liveTokens: 24, nextSummaryAt: 12))
        #expect(back.revision == twice.revision + 1)
        #expect(back.summaries == 2)
        #expect(back.lastActiveAt == StoreSamples.at(70))
        #expect(try await store.newestMessages(of: start.id, limit: 10).map(\.seq) == Array(3...8))
        #expect(try await store.checkpoints(of: start.id, limit: 9) == [first])
        let none = try #require(try await takeBack(71).session)
        #expect(none.coverage == Coverage(seq: 0, liveMessages: 8, liveTokens: 32, nextSummaryAt: 12))
        let nothing = try await takeBack(72)
        #expect(nothing.session == none)
        #expect(taken.withLock { $0 } == [second, first, nil])
    }

    @Sendable private static func resetsCoverage(_ store: any Store) async throws {
        let start = try await StoreSamples.exchanges(4, in: store)
        let (before, _) = try await StoreSamples.summarize(start, through: 6, in: store)
        let reset = try await store.reset(
            StoreSamples.request(start, at: 60), stopped: StoreSamples.stopped, confirmation: { _ in [] })
        #expect(reset.session?.coverage == Coverage(seq: 8, liveMessages: 0, liveTokens: 0))
        #expect(reset.session?.revision == before.revision + 1)
        #expect(try await store.checkpoints(of: start.id, limit: 9).isEmpty)
        #expect(try await store.newestMessages(of: start.id, limit: 9).isEmpty)
        let undo = try await store.undo(
            StoreSamples.request(start, at: 61), within: .seconds(100), confirmation: { _ in [] })
        #expect(undo.session?.coverage == before.coverage)
        #expect(undo.session?.messageCount == 8)
        #expect(try await store.newestMessages(of: start.id, limit: 9).map(\.seq) == [7, 8])
    }

    @Sendable private static func leavesNewerSummary(_ store: any Store) async throws {
        let start = try await StoreSamples.exchanges(2, in: store)
        let (before, old) = try await StoreSamples.summarize(start, through: 2, in: store)
        let request = StoreSamples.request(start)
        _ = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
        let since = try await StoreSamples.exchanges(2, in: store, at: 61)
        #expect(since.coverage == Coverage(seq: 4, liveMessages: 4, liveTokens: 16))
        let (newer, _) = try await StoreSamples.summarize(since, through: 6, in: store)
        var session = newer
        for expected in [2, 0, 4] {
            session = try #require(
                try await store.undo(request, within: .seconds(100), confirmation: { _ in [] }).session)
            #expect(session.messageCount == expected)
        }
        #expect(session.coverage == before.coverage)
        #expect(try await store.checkpoints(of: start.id, limit: 9) == [old])
        #expect(try await store.newestMessages(of: start.id, limit: 9).map(\.seq) == [3, 4])
    }

    @Sendable private static func stepsBack(_ store: any Store) async throws {
        var session = try await StoreSamples.exchanges(4, in: store)
        var made: [Checkpoint] = []
        for seq in [2, 5, 7, 8] as [Int64] {
            let (after, checkpoint) = try await StoreSamples.summarize(session, through: seq, in: store)
            session = after
            made.append(checkpoint)
        }
        let undo = try await store.undo(
            StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
        let after = try #require(undo.session)
        // Message 7 and 8 are taken back; the newest summary that holds neither covers up to 5.
        #expect(after.coverage.checkpoint == made[1].id)
        #expect(after.coverage.seq == 5)
        #expect(after.coverage.summaryTokens == 7)
        #expect(after.coverage.liveMessages == 1)
        #expect(after.coverage.liveTokens == 5)
        #expect(after.messageCount == 6)
        #expect(try await store.newestMessages(of: session.id, limit: 9).map(\.seq) == [6])
        // The next summary may cover what was taken back, of which it holds nothing.
        let more = try await StoreSamples.exchanges(1, in: store, at: 80)
        let (next, _) = try await StoreSamples.summarize(more, through: 9, in: store)
        #expect(next.coverage.liveMessages == 1)
        #expect(next.coverage.liveTokens == 5)
    }

    @Sendable private static func readsAfter(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(5, in: store)
        _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
        func seqs(after: Int64, limit: Int = 100, maxBytes: Int = 1000) async throws -> [Int64] {
            try await store.messages(of: session.id, after: after, limit: limit, maxBytes: maxBytes).map(\.seq)
        }
        #expect(try await seqs(after: 0) == Array(1...8))
        #expect(try await seqs(after: 6) == [7, 8])
        #expect(try await seqs(after: 2, limit: 3) == [3, 4, 5])
        #expect(try await seqs(after: 2, maxBytes: 4) == [3, 4])
        #expect(try await seqs(after: 2, maxBytes: 5) == [3, 4])
        #expect(try await seqs(after: 2, maxBytes: 0) == [3], "at least one")
        #expect(try await seqs(after: 8).isEmpty)
        #expect(try await seqs(after: 0, limit: 0).isEmpty)
        _ = try await store.reset(
            StoreSamples.request(session), stopped: StoreSamples.stopped, confirmation: { _ in [] })
        #expect(try await seqs(after: 0).isEmpty)
    }

    @Sendable private static func readsSome(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(4, in: store)
        _ = try await StoreSamples.exchanges(4, in: store, number: 2)
        _ = try await store.undo(StoreSamples.request(session), within: .seconds(1), confirmation: { _ in [] })
        let some = try await store.messages(of: session.id, seqs: [6, 2, 2, 0, 99, 7, -1])
        #expect(some.map(\.seq) == [2, 6])
        #expect(some.map(\.text) == ["a1", "a3"])
        #expect(some.allSatisfy { $0.session == session.id })
        #expect(try await store.messages(of: session.id, seqs: []).isEmpty)
        _ = try await store.reset(
            StoreSamples.request(session), stopped: StoreSamples.stopped, confirmation: { _ in [] })
        #expect(try await store.messages(of: session.id, seqs: [2]).isEmpty)
    }

    @Sendable private static func keepsTools(_ store: any Store) async throws {
        let session = try await StoreSamples.exchanges(0, in: store)
        let calls = [
            ToolCall(id: "c1", name: "now", arguments: "{\"zone\": \"UTC\"}"),
            ToolCall(id: "c2", name: "now", arguments: "not json \" \u{1}"),
        ]
        let asks = MessageDraft(role: .assistant, text: "", tokens: 5, tokenizer: "t", toolCalls: calls)
        let result = MessageDraft(role: .tool, text: "noon", tokens: 1, tokenizer: "t", toolCallID: "c1")
        for draft in [asks, result] { _ = try await store.append(draft, to: session.id, at: StoreSamples.at(1)) }
        let stored = try await store.newestMessages(of: session.id, limit: 2)
        #expect(stored.first?.toolCalls == calls)
        #expect(stored.first?.toolCallID == nil)
        #expect(stored.last?.toolCalls == [])
        #expect(stored.last?.toolCallID == "c1")
    }

    @Sendable private static func deletesSummaries(_ store: any Store) async throws {
        let start = try await StoreSamples.exchanges(4, in: store)
        let (once, first) = try await StoreSamples.summarize(start, through: 2, in: store)
        let (_, second) = try await StoreSamples.summarize(once, through: 8, in: store)
        _ = try await store.undo(
            StoreSamples.request(start, at: 100), within: .seconds(1), confirmation: { _ in [] })
        #expect(try await store.checkpoint(second.id) == second)
        #expect(try await store.deleteCleared(before: StoreSamples.at(101), limit: 100) == 2)
        #expect(try await store.checkpoint(second.id) == nil, "it holds what was taken back")
        #expect(try await store.checkpoint(first.id) == first)
        #expect(try await store.session(start.id)?.coverage.checkpoint == first.id)
        _ = try await store.reset(
            StoreSamples.request(start, at: 110), stopped: StoreSamples.stopped, confirmation: { _ in [] })
        #expect(try await store.deleteCleared(before: StoreSamples.at(111), limit: 100) == 6)
        #expect(try await store.checkpoint(first.id) == nil)
    }
}
