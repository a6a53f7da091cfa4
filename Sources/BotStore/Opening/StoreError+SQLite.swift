import BotCore
import GRDB

extension StoreError {
    /// Translates what GRDB or the store's own code threw. Texts never hold values that were bound.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error)
        case is CancellationError: self = .cancelled
        case is DecodingError: self = .failed("a stored row cannot be read")
        case is EncodingError: self = .failed("a value cannot be stored")
        default: self = .failed("unexpected \(type(of: error))")
        }
    }

    /// Translates an error of opening a file.
    init(opening path: String, _ error: any Error) {
        if let error = error as? DatabaseError, error.resultCode == .SQLITE_CANTOPEN {
            self = .cannotOpen(path: path, reason: error.message ?? "SQLite cannot open it")
        } else {
            self.init(error)
        }
    }

    private init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .readOnly
        case .SQLITE_CORRUPT: self = .damaged(error.message ?? "SQLite found damage")
        case .SQLITE_NOTADB: self = .damaged("it is no SQLite database")
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .cancelled
        default: self = .failed("SQLite \(error.extendedResultCode.rawValue), \(error.message ?? "no message")")
        }
    }
}
