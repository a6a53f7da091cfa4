import GRDBSQLite

/// A row that a statement yielded.
struct StoredRow {
    private let values: [SQLValue]

    /// Reads the row that a statement stands on.
    init(_ statement: OpaquePointer) {
        let count = sqlite3_column_count(statement)
        values = (0..<count).map { SQLValue(statement, column: $0) }
    }

    /// The value of a column. The schema is strict, so only a bug asks for another type than is stored.
    subscript<Value: SQLStorable>(column: Int) -> Value {
        guard let value = Value.read(values[column]) else {
            preconditionFailure("column \(column) holds no \(Value.self)")
        }
        return value
    }
}
