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
}

/// The values of a statement's parameters, in order: `[session.rawValue, text, nil]`.
struct SQLArguments: ExpressibleByArrayLiteral {
    private let values: [(any SQLStorable)?]

    init(arrayLiteral elements: (any SQLStorable)?...) { values = elements }

    var count: Int { values.count }

    /// Binds all of them; returns SQLite's result code.
    func bind(to statement: OpaquePointer) -> Int32 {
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code = value?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
            if code != SQLITE_OK { return code }
        }
        return SQLITE_OK
    }
}

/// What can be written to a column and read from it.
protocol SQLStorable: Sendable {
    /// Nil where the stored value is of another type.
    static func read(_ value: SQLValue) -> Self?
    /// Binds the value to a parameter; SQLite copies it. Returns SQLite's result code.
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32
}

extension Int64: SQLStorable {
    static func read(_ value: SQLValue) -> Int64? {
        guard case .integer(let number) = value else { return nil }
        return number
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, self)
    }
}

extension Int: SQLStorable {
    static func read(_ value: SQLValue) -> Int? {
        guard case .integer(let number) = value else { return nil }
        return Int(number)
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, Int64(self))
    }
}

extension Double: SQLStorable {
    static func read(_ value: SQLValue) -> Double? {
        guard case .real(let number) = value else { return nil }
        return number
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_double(statement, place, self)
    }
}

extension Bool: SQLStorable {
    static func read(_ value: SQLValue) -> Bool? {
        guard case .integer(let number) = value else { return nil }
        return number != 0
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, self ? 1 : 0)
    }
}

extension String: SQLStorable {
    static func read(_ value: SQLValue) -> String? {
        guard case .text(let text) = value else { return nil }
        return text
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // An empty text may have no address, and no address would be NULL.
                guard let start = characters.baseAddress else {
                    return sqlite3_bind_text(statement, place, "", 0, copied)
                }
                return sqlite3_bind_text(statement, place, start, Int32(characters.count), copied)
            }
        }
    }
}

extension Data: SQLStorable {
    static func read(_ value: SQLValue) -> Data? {
        guard case .blob(let data) = value else { return nil }
        return data
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : sqlite3_bind_blob(statement, place, bytes.baseAddress, Int32(bytes.count), copied)
        }
    }
}

extension Optional: SQLStorable where Wrapped: SQLStorable {
    static func read(_ value: SQLValue) -> Wrapped?? {
        if case .null = value { return .some(nil) }
        return Wrapped.read(value).map { .some($0) }
    }

    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        self?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
    }
}

/// Tells SQLite to copy what is bound before the call returns.
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
