import Foundation
import GRDBSQLite

/// A value as SQLite stores it.
enum SQLValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob(Data)

    /// Reads a column of the row that a statement stands on.
    init(_ statement: OpaquePointer, column: Int32) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let start = UnsafeRawPointer(sqlite3_column_text(statement, column))
            let count = Int(sqlite3_column_bytes(statement, column))
            self = .text(String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let count = Int(sqlite3_column_bytes(statement, column))
            self = .blob(sqlite3_column_blob(statement, column).map { Data(bytes: $0, count: count) } ?? Data())
        default: self = .null
        }
    }

    /// Binds the value to a parameter; SQLite copies it. Returns SQLite's result code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .real(let value): return sqlite3_bind_double(statement, index, value)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // An empty text may have no address, and no address would be NULL.
                    guard let start = characters.baseAddress else {
                        return sqlite3_bind_text(statement, index, "", 0, copied)
                    }
                    return sqlite3_bind_text(statement, index, start, Int32(characters.count), copied)
                }
            }
        case .blob(let data):
            return data.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), copied)
            }
        }
    }
}

/// The values of a statement's parameters, in order: `[session.rawValue, text, nil]`.
struct SQLArguments: ExpressibleByArrayLiteral {
    let values: [SQLValue]

    init(arrayLiteral elements: (any SQLStorable)?...) {
        values = elements.map { $0?.stored ?? .null }
    }
}

/// What can be written to a column and read from it.
protocol SQLStorable {
    /// Nil where the stored value is of another type.
    static func read(_ value: SQLValue) -> Self?
    var stored: SQLValue { get }
}

extension Int64: SQLStorable {
    static func read(_ value: SQLValue) -> Int64? {
        guard case .integer(let number) = value else { return nil }
        return number
    }

    var stored: SQLValue { .integer(self) }
}

extension Int: SQLStorable {
    static func read(_ value: SQLValue) -> Int? {
        guard case .integer(let number) = value else { return nil }
        return Int(number)
    }

    var stored: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLStorable {
    static func read(_ value: SQLValue) -> Double? {
        guard case .real(let number) = value else { return nil }
        return number
    }

    var stored: SQLValue { .real(self) }
}

extension Bool: SQLStorable {
    static func read(_ value: SQLValue) -> Bool? {
        guard case .integer(let number) = value else { return nil }
        return number != 0
    }

    var stored: SQLValue { .integer(self ? 1 : 0) }
}

extension String: SQLStorable {
    static func read(_ value: SQLValue) -> String? {
        guard case .text(let text) = value else { return nil }
        return text
    }

    var stored: SQLValue { .text(self) }
}

extension Data: SQLStorable {
    static func read(_ value: SQLValue) -> Data? {
        guard case .blob(let data) = value else { return nil }
        return data
    }

    var stored: SQLValue { .blob(self) }
}

extension Optional: SQLStorable where Wrapped: SQLStorable {
    static func read(_ value: SQLValue) -> Wrapped?? {
        if case .null = value { return .some(nil) }
        return Wrapped.read(value).map { .some($0) }
    }

    var stored: SQLValue { self?.stored ?? .null }
}
