import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `TurnStore` around another answer to the newest message, and of what it keeps of providers' reports.
    package static let retries: [Behaviour] = [
        Behaviour("finds nothing to answer again and leaves all as it was", findsNothing),
        Behaviour("answers the newest message again and takes the old answer back", answersAgain),
        Behaviour("keeps the old answer when the model fails", keepsOldAnswer),
        Behaviour("answers a message that had no answer yet", answersFirst),
        Behaviour("goes on with another answer after a crash", resumesRetry),
        Behaviour("supersedes another answer by a reset and by taking its message back", supersedesRetry),
        Behaviour("sets another answer aside after too many attempts", setsRetryAside),
        Behaviour("leaves a summary behind that covers the old answer", retriesUnderSummary),
        Behaviour("keeps what was said after another answer was begun", keepsLaterMessages),
        Behaviour("returns reports of prompts that were counted", returnsReports),
    ]

    private static func entry(_ id: String, in store: any Store) async throws -> InboxEntry {
        try await StoreSamples.accept(StoreSamples.event(id), in: store)
    }

    private static func started(_ entry: InboxEntry, in store: any Store) async throws -> Turn {
        guard case .started(let turn) = try await StoreSamples.retry(entry, in: store) else {
            throw StoreError.failed("it did not start")
        }
        return turn
    }

    private static func committed(
        _ turn: Turn, _ text: String, in store: any Store, at seconds: Int = 31
    ) async throws -> Session {
        guard
            case .committed(let session, _, _) = try await store.commit(
                turn.id, StoreSamples.result(text), at: StoreSamples.at(seconds))
        else { throw StoreError.failed("superseded") }
        return session
    }

    @Sendable private static func findsNothing(_ store: any Store) async throws {
        let first = try await entry("1", in: store)
        #expect(try await StoreSamples.retry(first, in: store) == .nothingToRetry)
        #expect(try await store.session(of: StoreSamples.chat) == nil)
        #expect(try await store.unfinished(after: nil, limit: 9) == [first])
        let session = try await store.getOrCreate(StoreSamples.session(), at: StoreSamples.start)
        _ = try await store.append(
            StoreSamples.message("x", role: .assistant), to: session.id, at: StoreSamples.start)
        let before = try await store.session(session.id)
        #expect(try await StoreSamples.retry(first, in: store) == .nothingToRetry)
        #expect(try await store.session(session.id) == before)
        _ = try await StoreSamples.turn("2", in: store)
        _ = try await StoreSamples.reset(in: store)
        let second = try await entry("3", in: store)
        #expect(try await StoreSamples.retry(second, in: store) == .nothingToRetry)
        #expect(try await store.unfinished(after: nil, limit: 9) == [second])
        #expect(try await store.finish(second.id, answer: [], at: StoreSamples.at(40)).isEmpty)
        #expect(try await StoreSamples.retry(second, in: store) == .gone)
    }

    @Sendable private static func answersAgain(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        let before = try await StoreSamples.turn("2", in: store)
        let turn = try await started(try await entry("3", in: store), in: store)
        #expect(turn.message.seq == 3)
        #expect(turn.session == before)
        #expect(turn.attempt == 1)
        #expect(turn.reply.payload == nil)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi", "hello", "hi"])
        let after = try await committed(turn, "better", in: store)
        #expect(after.headSeq == 5)
        #expect(after.revision == before.revision + 1)
        #expect(after.epoch == before.epoch)
        #expect(after.messageCount == 4)
        #expect(after.inputTokens == 6)
        #expect(after.outputTokens == 10)
        #expect(after.coverage == Coverage(seq: 0, liveMessages: 4, liveTokens: 16))
        let shown = try await store.newestMessages(of: before.id, limit: 9)
        #expect(shown.map(\.seq) == [1, 2, 3, 5])
        #expect(shown.last?.text == "better")
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        // And once more.
        let again = try await started(try await entry("4", in: store), in: store)
        _ = try await committed(again, "best", in: store)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi", "hello", "best"])
        // Taking the exchange back takes all answers back.
        #expect(try await StoreSamples.undo(in: store).undone == .exchange(messages: 2, question: "hello"))
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi"])
    }

    @Sendable private static func keepsOldAnswer(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let turn = try await started(try await entry("2", in: store), in: store)
        let failed = TurnResult(
            ending: .failed, message: nil, chunks: StoreSamples.apology, usage: nil, model: nil)
        guard case .committed(let session, nil, _) = try await store.commit(turn.id, failed, at: StoreSamples.at(31))
        else {
            Issue.record("superseded")
            return
        }
        #expect(session == before)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "hi"])
    }

    @Sendable private static func answersFirst(_ store: any Store) async throws {
        let first = try await StoreSamples.begin("1", in: store)
        let failed = TurnResult(ending: .failed, message: nil, chunks: [], usage: nil, model: nil)
        _ = try await store.commit(first.id, failed, at: StoreSamples.at(2))
        let turn = try await started(try await entry("2", in: store), in: store)
        let after = try await committed(turn, "at last", in: store)
        #expect(after.revision == first.session.revision, "nothing was taken back")
        #expect(try await StoreSamples.texts(of: after.id, in: store) == ["hello", "at last"])
    }

    @Sendable private static func resumesRetry(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let command = try await entry("2", in: store)
        let first = try await started(command, in: store)
        let second = try await started(command, in: store)
        #expect(second.id == first.id)
        #expect(second.attempt == 2)
        #expect(second.message == first.message)
        #expect(second.reply.id == first.reply.id)
        try await store.park(second.id)
        #expect(try await started(command, in: store).attempt == 2)
        _ = try await committed(second, "better", in: store)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "better"])
    }

    @Sendable private static func supersedesRetry(_ store: any Store) async throws {
        let session = try await StoreSamples.turn("1", in: store)
        let command = try await entry("2", in: store)
        let turn = try await started(command, in: store)
        let undo = try await StoreSamples.undo(in: store)
        #expect(undo.undone == .exchange(messages: 2, question: "hello"))
        #expect(undo.outcome.stoppedTurns == [turn.id])
        #expect(try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(31)) == .superseded)
        #expect(try await StoreSamples.retry(command, in: store) == .gone)
        _ = try await StoreSamples.turn("3", in: store)
        let second = try await started(try await entry("4", in: store), in: store)
        #expect(try await StoreSamples.reset(in: store).stoppedTurns == [second.id])
        #expect(try await store.commit(second.id, StoreSamples.result(), at: StoreSamples.at(31)) == .superseded)
        #expect(try await StoreSamples.texts(of: session.id, in: store).isEmpty)
    }

    @Sendable private static func setsRetryAside(_ store: any Store) async throws {
        let session = try await StoreSamples.turn("1", in: store)
        let command = try await entry("2", in: store)
        _ = try await started(command, in: store)
        guard case .setAside(let rows) = try await StoreSamples.retry(command, in: store, attempts: 1) else {
            Issue.record("it was begun a second time")
            return
        }
        #expect(rows.map(\.payload) == StoreSamples.apology)
        #expect(try await store.session(session.id) == session)
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
    }

    @Sendable private static func retriesUnderSummary(_ store: any Store) async throws {
        _ = try await StoreSamples.turn("1", in: store)
        let before = try await StoreSamples.turn("2", in: store)
        let (once, first) = try await StoreSamples.summarize(before, through: 2, in: store)
        let turn = try await started(try await entry("3", in: store), in: store)
        // A summary that was under way covers the old answer before the new one comes.
        _ = try await StoreSamples.summarize(once, through: 4, in: store)
        let after = try await committed(turn, "better", in: store)
        #expect(after.coverage.checkpoint == first.id)
        #expect(after.coverage.seq == 2)
        #expect(after.coverage.liveMessages == 2)
        #expect(after.coverage.liveTokens == 8)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "better"])
    }

    @Sendable private static func keepsLaterMessages(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let turn = try await started(try await entry("2", in: store), in: store)
        _ = try await store.append(StoreSamples.message("over REST"), to: before.id, at: StoreSamples.at(30))
        _ = try await committed(turn, "better", in: store)
        #expect(try await StoreSamples.texts(of: before.id, in: store) == ["hello", "over REST", "better"])
    }

    @Sendable private static func returnsReports(_ store: any Store) async throws {
        #expect(try await store.tokenReports(limit: 9).isEmpty)
        for (number, counted) in [nil, 90, 80, 70].enumerated() {
            let turn = try await StoreSamples.begin("\(number)", in: store)
            let usage = TokenUsage(promptTokens: 100 + number, completionTokens: 1)
            let result = TurnResult(
                ending: .answered, message: nil, chunks: [], usage: usage, counted: counted, model: "test/model")
            _ = try await store.commit(turn.id, result, at: StoreSamples.at(number))
        }
        let reports = try await store.tokenReports(limit: 9)
        #expect(
            reports == [
                TokenReport(model: "test/model", counted: 90, reported: 101),
                TokenReport(model: "test/model", counted: 80, reported: 102),
                TokenReport(model: "test/model", counted: 70, reported: 103),
            ])
        #expect(try await store.tokenReports(limit: 2) == Array(reports.suffix(2)))
    }
}
