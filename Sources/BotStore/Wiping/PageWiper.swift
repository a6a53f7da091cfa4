import BotCore
import GRDB
import GRDBSQLite

/// Overwrites the unused parts of pages with zeros, in the file itself.
///
/// SQLite has no means for it but `VACUUM`, which writes the whole file twice over, needs room for that, and keeps the writer as long.
/// Writing beneath SQLite is sound here, and only here, for these reasons:
/// - The write-ahead log is empty and this connection has the one lock for writing, so the file alone is the database: nobody adds to
///   the log, and a checkpoint, in whatever process, has nothing to move into the file.
/// - Only bytes are written that no reader looks at. Whoever reads the page meanwhile, or finds it half written after a crash, reads
///   the same rows.
/// - The connection that writes drops its copies of the pages before anybody else uses it, so that none of them brings the old bytes
///   back. Other connections of the store only read.
struct PageWiper {
    /// The pages that are read at once.
    static let step = 512

    let pageSize: Int
    private let file: DatabaseBytes

    /// - Throws: when the file is not laid out as this store lays it out.
    init(_ db: Database) throws {
        pageSize = Int(try db.number("PRAGMA page_size"))
        file = try DatabaseBytes(db)
        var header = [UInt8](repeating: 0, count: 100)
        try header.withUnsafeMutableBytes { try file.read($0, at: 0) }
        // Bytes at the end of each page that an extension has reserved, perhaps for a sum over all others.
        guard header[20] == 0 else { throw StoreError.failed("pages of this database have a reserved part") }
        // The largest root page, 0 unless pages move by themselves: then some hold numbers of others, and begin as those of a b-tree do.
        guard header[52..<56].allSatisfy({ $0 == 0 }) else {
            throw StoreError.failed("this database has auto_vacuum; PRAGMA auto_vacuum = NONE and VACUUM switch it off")
        }
    }

    /// Wipes pages with these numbers, of which the first is above 1: the first page of a file holds the names of tables.
    ///
    /// - Returns: how many had something to wipe.
    func wipe(_ pages: Range<Int>, _ db: Database) throws -> Int {
        var bytes = [UInt8](repeating: 0, count: pages.count * pageSize)
        let zeros = [UInt8](repeating: 0, count: pageSize)
        let first = (pages.lowerBound - 1) * pageSize
        try bytes.withUnsafeMutableBytes { try file.read($0, at: first) }
        var wiped = 0
        try bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pageSize) {
                let page = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + pageSize)])
                guard let gap = TreePage.gap(page), page[gap].contains(where: { $0 != 0 }) else { continue }
                try zeros.withUnsafeBytes {
                    try file.write(
                        UnsafeRawBufferPointer(rebasing: $0[..<gap.count]), at: first + start + gap.lowerBound)
                }
                wiped += 1
            }
        }
        return wiped
    }
}
