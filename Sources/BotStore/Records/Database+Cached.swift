import GRDB

extension Database {
    /// Runs a statement that is compiled once a connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first row of a statement that is compiled once a connection; the statement always runs to its end.
    func row(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
        try rows(sql, arguments).first
    }

    /// All rows of a statement that is compiled once a connection.
    func rows(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The one number that a statement yields; 0 when it yields none.
    func number(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int64 {
        try Int64.fetchOne(cachedStatement(sql: sql), arguments: arguments) ?? 0
    }
}
