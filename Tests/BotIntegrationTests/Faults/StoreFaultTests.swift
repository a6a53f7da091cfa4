import BotCore
import BotTestSupport
import GRDB
import Testing

@testable import BotApp
@testable import BotStore

/// A database that cannot be written: intake stops, health says so, and all goes on by itself with nothing lost.
@Suite(.timeLimit(.minutes(5)))
struct StoreFaultTests {
    enum Fault: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case full, readOnly
        var testDescription: String { rawValue }

        func begin(in store: SQLiteStore) throws {
            try store.pool.writeWithoutTransaction { db in
                switch self {
                case .full:
                    try db.execute(sql: "CREATE TABLE filler (bytes BLOB)")
                    let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                    _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
                    // Pages that are free inside the file are room as well.
                    for size in [4000, 400] {
                        do {
                            while true { try db.execute(sql: "INSERT INTO filler VALUES (zeroblob(\(size)))") }
                        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {}
                    }
                case .readOnly: try db.execute(sql: "PRAGMA query_only = 1")
                }
            }
        }

        func end(in store: SQLiteStore) throws {
            try store.pool.writeWithoutTransaction { db in
                switch self {
                case .full:
                    _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1000000")
                    try db.execute(sql: "DROP TABLE filler")
                case .readOnly: try db.execute(sql: "PRAGMA query_only = 0")
                }
            }
        }
    }

    /// So long, in bytes, that twice of it needs pages of its own.
    private static let long = String(repeating: "много слов ", count: 170) + "end"

    @Test("what comes meanwhile waits and is answered once", arguments: Fault.allCases, TestChat.Kind.direct)
    func waits(_ fault: Fault, _ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("before", answer: "First answer.")
                try await app.untilAllIsHandled()
                try fault.begin(in: app.app.store)
                world.model.script(
                    ModelAnswer("Answer one."), ModelAnswer("Answer two."), ModelAnswer("Answer three."))
                for number in 1...3 { chat.say("\(number) \(Self.long)") }
                let health = try await failingHealth(of: app)
                #expect(health["status"] == "failing")
                #expect(health["store"]["problem"].text.contains("goes on by itself"))
                if kind.isTelegram { #expect(!world.telegram.unconfirmed.isEmpty) }
                #expect(!chat.texts.contains { $0.contains("Answer three.") })
                try fault.end(in: app.app.store)
                try await chat.reply(holding: "Answer three.")
                try await app.untilAllIsHandled()
                #expect(chat.texts == ["First answer.", "Answer one.", "Answer two.", "Answer three."])
                #expect(world.model.calls.count == 4)
                try await app.until { try await app.ask("/api/health").status == 200 }
                // It never spun: a handful of polls at the most while nothing could be stored.
                #expect(world.telegram.requests("getUpdates").count <= 12)
                #expect(world.logLines("database cannot be used").count <= 2)
            }
        }
    }

    @Test("an answer that is ready when the disk fills is kept and delivered once", arguments: Fault.allCases)
    func keepsTheAnswer(_ fault: Fault) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: .telegram, world: world)
                let gate = Gate(isOpen: false)
                world.model.script(.held(Self.long + Self.long, by: gate))
                chat.say("tell me much")
                await world.model.waitForCalls(1)
                try fault.begin(in: app.app.store)
                gate.set(open: true)
                try await app.until { try await app.ask("/api/health").status == 503 }
                try fault.end(in: app.app.store)
                try await chat.reply(holding: "end")
                try await app.untilAllIsHandled()
                #expect(chat.texts == [Self.long + Self.long])
                #expect(world.model.calls.count == 1)
                try await app.until { try await app.ask("/api/health").status == 200 }
            }
        }
    }

    /// Waits until health says 503, and returns its body.
    private func failingHealth(of app: RunningApp) async throws -> JSONValue {
        while true {
            let health = try await app.ask("/api/health")
            if health.status == 503 { return try health.json }
            try await SystemTime().sleep(for: .milliseconds(20))
        }
    }
}
