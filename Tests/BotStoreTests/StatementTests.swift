import BotCore
import BotTestSupport
import Foundation
import Testing

@testable import BotStore

@Suite(.timeLimit(.minutes(5)))
struct StatementTests {
    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore.open(path: directory.file("mybot.db"))
            try await body(store)
            try store.close()
        }
    }

    @Test func valuesComeBackAsTheyWereBound() async throws {
        try await withStore { store in
            try await store.write { db in
                let long = String(repeating: "ü", count: 5000)
                let row = try db.row(
                    "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?",
                    [Int64.min, 7, true, 0.25, "", long, nil, Data(), Data([0, 255])])
                let found = try #require(row)
                #expect(found[0] == Int64.min)
                #expect(found[1] == 7)
                #expect(found[2] == true)
                #expect(found[3] == 0.25)
                #expect(found[4] as String? == "")
                #expect(found[5] == long)
                #expect(found[6] as String? == nil)
                #expect(found[7] as Data? == Data())
                #expect(found[8] == Data([0, 255]))
            }
        }
    }

    @Test func aWrongNumberOfValuesFails() async throws {
        try await withStore { store in
            for values: SQLArguments in [[], [1, 2]] {
                await #expect(throws: StoreError.self) {
                    try await store.write { db in try db.run("SELECT ?", values) }
                }
            }
        }
    }

    @Test func rowsThatNobodyWantsAreNotRead() async throws {
        try await withStore { store in
            let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
            for wanted in [3, 5] {
                let sum = try await store.read { db in
                    var sum = 0
                    try db.eachRow(numbers) { row in
                        sum += row[0]
                        return row[0] < wanted
                    }
                    return sum
                }
                #expect(sum == wanted * (wanted + 1) / 2, "the statement begins anew each time")
            }
        }
    }
}
