import Foundation
import GRDB
import GRDBSQLite

/// Runs statements that are compiled once a connection.
///
/// They go to SQLite's own functions: GRDB's way to run one, made for observers, types found out at run time and rows that know
/// their columns' names, took half as long again as SQLite itself, and the store needs none of that. Connections, their
/// threads, migrations and the compiled statements stay GRDB's.
extension Database {
    /// Runs a statement to its end.
    func run(_ sql: String, _ arguments: SQLArguments = []) throws {
        try step(sql, arguments) { _ in true }
    }

    /// The first row of a statement; the statement always runs to its end.
    func row(_ sql: String, _ arguments: SQLArguments = []) throws -> StoredRow? {
        var first: StoredRow?
        try step(sql, arguments) { statement in
            if first == nil { first = StoredRow(statement) }
            return true
        }
        return first
    }

    /// All rows of a statement.
    func rows(_ sql: String, _ arguments: SQLArguments = []) throws -> [StoredRow] {
        var rows: [StoredRow] = []
        try step(sql, arguments) { statement in
            rows.append(StoredRow(statement))
            return true
        }
        return rows
    }

    /// Hands on the rows of a statement one by one, for those that are too many to be held at once.
    ///
    /// - Parameter take: takes a row; false ends it. It must not run the same statement.
    func eachRow(
        _ sql: String, _ arguments: SQLArguments = [], _ take: (StoredRow) throws -> Bool
    ) throws {
        try step(sql, arguments) { statement in try take(StoredRow(statement)) }
    }

    /// The one number that a statement yields; 0 when it yields none.
    func number(_ sql: String, _ arguments: SQLArguments = []) throws -> Int64 {
        var number: Int64?
        try step(sql, arguments) { statement in
            if number == nil { number = sqlite3_column_int64(statement, 0) }
            return true
        }
        return number ?? 0
    }

    /// Hands on the numbers that a statement of one column yields.
    func eachNumber(_ sql: String, _ arguments: SQLArguments = [], _ take: (Int64) -> Void) throws {
        try step(sql, arguments) { statement in
            take(sqlite3_column_int64(statement, 0))
            return true
        }
    }

    /// - Parameter take: takes the row that the statement stands on; false ends it.
    private func step(
        _ sql: String, _ arguments: SQLArguments, _ take: (OpaquePointer) throws -> Bool
    ) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        // Until it is reset, a statement holds on to what it reads.
        defer { sqlite3_reset(statement) }
        guard sqlite3_bind_parameter_count(statement) == arguments.count else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of arguments", sql: sql)
        }
        let bound = arguments.bind(to: statement)
        if bound != SQLITE_OK { throw failure(bound, sql) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: if try !take(statement) { return }
            case SQLITE_DONE: return
            case let code: throw failure(code, sql)
            }
        }
    }

    private func failure(_ code: Int32, _ sql: String) -> DatabaseError {
        let message = sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
    }
}
