/// Why the database could not do what it was asked to.
package enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The disk is full.
    case full
    /// The file or its folder cannot be written.
    case readOnly
    /// The file is damaged; the text says how that showed.
    case damaged(String)
    /// Another mybot has the file.
    case inUse(path: String)
    /// A newer mybot wrote the file.
    case newerVersion(path: String)
    /// The folder or file cannot be opened; the text says why.
    case cannotOpen(path: String, reason: String)
    /// The waiting task was cancelled.
    case cancelled
    /// Anything else that SQLite reported, without the values that were bound.
    case failed(String)

    /// Whether waiting can mend it: what was not written is to be tried again.
    package var canHeal: Bool {
        switch self {
        case .full, .readOnly, .failed: true
        case .damaged, .inUse, .newerVersion, .cannotOpen, .cancelled: false
        }
    }

    /// What happened and what to do, in one sentence for the owner.
    package var description: String {
        switch self {
        case .full: "the disk is full: free some space, mybot then goes on by itself"
        case .readOnly: "the database cannot be written: make its folder writable, mybot then goes on by itself"
        case .damaged(let how):
            "the database is damaged (\(how)): stop mybot, move the file aside and restore a backup, or start afresh"
        case .inUse(let path):
            "another mybot is using \(path): stop it first, or give this one its own file with storage.path"
        case .newerVersion(let path):
            "\(path) was written by a newer mybot: start that version, or restore a backup made before the update"
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason); check storage.path and the rights of its folder"
        case .cancelled: "cancelled"
        case .failed(let what): "the database failed: \(what)"
        }
    }
}
