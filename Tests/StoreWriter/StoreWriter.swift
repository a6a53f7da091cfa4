import BotCore
import BotStore
import CFaultyVFS
import StoreWorkload

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A process that writes to a store until it is killed, and says on standard output what the store has acknowledged.
///
///     StoreWriter FOLDER SEED LIFE END FIRST...
///
/// `FOLDER` holds the database, `SEED` gives the deeds, `LIFE` what befalls this process, `END` is the deed that no chat does any more,
/// and `FIRST` is the deed that each chat begins with. It ends with 75 when the store could not be opened.
@main
enum StoreWriter {
    static func main() async {
        let numbers = CommandLine.arguments.dropFirst(2).compactMap { UInt64($0) }
        guard CommandLine.arguments.count > 5, numbers.count == CommandLine.arguments.count - 2 else {
            say("problem the arguments are wrong")
            exit(64)
        }
        let folder = CommandLine.arguments[1]
        let first = numbers.dropFirst(3).map { Int($0) }
        guard faulty_vfs_register() == 0 else { exit(70) }
        let watch = faulty_vfs_watch(folder)
        if let fate = Fate(life: numbers[1]).plan { faulty_vfs_plan(watch, fate) }
        do throws(StoreError) {
            let store = try SQLiteStore.open(path: "\(folder)/mybot.db")
            say("open")
            let workload = StoreWorkload(seed: numbers[0], chats: first.count)
            await workload.run(
                on: store, sessions: StoreWorkload.sessions(over: store), from: first, to: Int(numbers[2])
            ) { say($0.line) }
            try store.close()
            say("closed")
        } catch {
            // A disk that fails may keep a store from opening, but it may not look damaged.
            if case .damaged = error { say("problem \(error)") }
            say("refused \(error)")
            exit(75)
        }
    }

    /// Writes a line in one call: what was said stands in the file, whatever becomes of this process.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(1, bytes, bytes.count)
    }
}
