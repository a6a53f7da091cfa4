import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotStore

/// A message costs the same at 100 and at 100,000 messages: no statement of its way walks through a table.
@Suite(.timeLimit(.minutes(5)))
struct QueryPlanTests {
    /// Tables that grow with use.
    private static let growing = [
        "message", "session", "conversation", "turn", "inbox", "outbox", "checkpoint", "hidden", "usage",
        "sessionEvent",
    ]

    /// The statements that the closure runs, as they are prepared.
    private static func statements(
        of store: SQLiteStore, in body: () async throws -> Void
    ) async throws -> Set<String> {
        let seen = Lock<Set<String>>([])
        let record: @Sendable (Database) -> Void = { db in
            db.trace { event in
                if case .statement(let statement) = event { seen.withLock { _ = $0.insert(statement.sql) } }
            }
        }
        try await store.write(record)
        // One reader after the other: all readers come from one pool, which gives the same one again.
        try await store.read(record)
        try await body()
        try await store.write { db in db.trace() }
        try await store.read { db in db.trace() }
        return seen.withLock { $0 }
    }

    /// What SQLite says about a statement's way, where that walks through a growing table.
    private static func walks(_ sql: String, _ db: Database) throws -> [String] {
        guard ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(where: sql.hasPrefix) else { return [] }
        let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
        // The plan is made without values.
        statement.setUncheckedArguments([])
        return try Row.fetchAll(statement).map { $0["detail"] as String }.filter { detail in
            growing.contains { detail == "SCAN \($0)" || detail.hasPrefix("SCAN \($0) ") && !detail.contains("USING") }
        }
    }

    private static func check(_ statements: Set<String>, _ store: SQLiteStore, allowed: [String] = []) async throws {
        // Only the writer has the totals.
        try await store.write { db in
            for sql in statements where !allowed.contains(where: sql.contains) {
                let walks = try walks(sql, db)
                #expect(walks.isEmpty, "\(walks): \(sql)")
            }
        }
    }

    @Test func theWayOfAMessageUsesIndexesAlone() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let statements = try await Self.statements(of: store) {
                var session = try await StoreSamples.turn("1", in: store)
                session = try await StoreSamples.turn("2", in: store)
                _ = try await store.newestMessages(of: session.id, limit: 20)
                _ = try await store.session(of: StoreSamples.chat)
                _ = try await store.session(session.id)
                _ = try await store.search(for: ["hello"], in: session.id, range: 0..<99, limit: 9)
                _ = try await store.messages(of: session.id, after: 0, limit: 9, maxBytes: 99)
                _ = try await store.messages(of: session.id, seqs: [1, 2])
                let (after, checkpoint) = try await StoreSamples.summarize(session, through: 2, in: store)
                _ = try await store.checkpoint(checkpoint.id)
                _ = try await store.checkpoints(of: after.id, limit: 9)
                _ = try await store.unfinished(after: nil, limit: 9)
                _ = try await store.ready(on: .telegram, after: nil, limit: 9)
            }
            #expect(statements.count > 25)
            // The events that wait are found by their own index, which is walked through.
            try await Self.check(statements, store, allowed: ["INDEXED BY inbox_pending"])
            try store.close()
        }
    }

    @Test func commandsUseIndexesAlone() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            let statements = try await Self.statements(of: store) {
                for number in 1...3 { _ = try await StoreSamples.turn("\(number)", in: store) }
                let session = try #require(try await store.session(of: StoreSamples.chat))
                _ = try await StoreSamples.summarize(session, through: 5, in: store)
                let retry = try await StoreSamples.accept(StoreSamples.event("r"), in: store)
                guard case .started(let turn) = try await StoreSamples.retry(retry, in: store) else { return }
                _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(31))
                _ = try await StoreSamples.undo(in: store, at: 40)
                _ = try await StoreSamples.reset(in: store, at: 41)
                _ = try await StoreSamples.undo(in: store, at: 42)
                _ = try await store.expire(at: StoreSamples.at(43), limit: 9)
                _ = try await store.statistics()
                _ = try await store.usage(of: session.id, askedBy: "7", at: StoreSamples.at(43))
                let cost = TokenUsage(promptTokens: 1, completionTokens: 1)
                try await store.bookSummary(cost, model: "test/model", of: session.id, at: StoreSamples.at(43))
                _ = try await store.deleteCleared(before: StoreSamples.at(44), limit: 9)
                let forget = try await StoreSamples.accept(StoreSamples.event("f"), in: store)
                _ = try await store.forget(
                    CommandRequest(conversation: .key(StoreSamples.chat), event: forget.id, at: StoreSamples.at(50)),
                    stopped: StoreSamples.stopped, confirmation: { _ in [] })
            }
            #expect(statements.count > 40)
            try await Self.check(statements, store)
            try store.close()
        }
    }
}
