import BotCore
import Foundation

/// What turns write: the bytes handed to the file system a turn, checkpoints included, and the size of the database.
final class BytesWorkload: Workload {
    private let folder: String
    private let library: Library
    private let texts: Texts
    private let session: SessionID
    private let turns: Int
    private var said: Int

    init(_ options: Options) async throws {
        guard let folder = options.folder else { throw BenchmarkError.missing(option: "folder") }
        self.folder = folder
        texts = try Texts(options)
        library = try Library(folder: folder)
        turns = options.turns ?? 1000
        said = options.messages ?? 1000
        session = try await library.session(1)
        try await library.fill(session, to: said, with: texts)
    }

    func round() async throws -> Figures {
        let before = try Self.written()
        let first = said
        for turn in 0..<turns {
            try await library.turn(session, texts[first + 2 * turn], texts[first + 2 * turn + 1])
        }
        said += 2 * turns
        let written = Double(try Self.written() - before) / Double(turns)
        let text = Double(texts.bytes(first..<said)) / Double(turns)
        let database = try FileManager.default.attributesOfItem(atPath: folder + "/mybot.db")[.size] as? Int ?? 0
        return [
            "written": written, "text": text, "database": Double(database), "all_text": Double(texts.bytes(0..<said)),
        ]
    }

    func end() async throws { try library.close() }

    /// The bytes that this process has handed to `write` and its kin; what goes to shared memory is not among them.
    static func written() throws -> Int {
        let facts = try String(contentsOfFile: "/proc/self/io", encoding: .utf8)
        for line in facts.split(separator: "\n") where line.hasPrefix("wchar: ") {
            if let count = Int(line.dropFirst(7)) { return count }
        }
        throw BenchmarkError.wrong("/proc/self/io says nothing")
    }
}
