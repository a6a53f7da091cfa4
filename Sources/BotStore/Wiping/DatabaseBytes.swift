import GRDB
import GRDBSQLite

/// The bytes of the database's file, by the descriptor that SQLite itself has: closing another one would drop SQLite's locks.
struct DatabaseBytes {
    private let file: UnsafeMutablePointer<sqlite3_file>
    private let methods: sqlite3_io_methods

    init(_ db: Database) throws {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = withUnsafeMutablePointer(to: &file) {
            sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, $0)
        }
        guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods?.pointee else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the database has no file")
        }
        self.file = file
        self.methods = methods
    }

    func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        try check(methods.xRead?(file, bytes.baseAddress, Int32(bytes.count), sqlite3_int64(offset)), "read")
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        try check(methods.xWrite?(file, bytes.baseAddress, Int32(bytes.count), sqlite3_int64(offset)), "written")
    }

    /// Returns once all that was written is on the disk.
    func sync() throws { try check(methods.xSync?(file, SQLITE_SYNC_NORMAL), "synced") }

    private func check(_ code: Int32?, _ what: String) throws {
        if code == SQLITE_OK { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code ?? SQLITE_MISUSE), message: "the file could not be \(what)")
    }
}
