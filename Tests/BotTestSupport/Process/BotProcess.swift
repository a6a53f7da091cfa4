import BotCore
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real executable, running as a child of the test.
package final class BotProcess: Sendable {
    /// How a process ended.
    package enum Exit: Sendable, Equatable {
        case status(Int32)
        case signal(Int32)
    }

    private struct State {
        var id: Int32 = 0
        var exit: Exit?
    }

    /// One start at a time: a pipe that another start is just making must not leak into this child.
    private static let starting = Lock(())

    private let state = Lock(State())
    private let changes = Changes()
    private let input: FileHandle?
    private let files: (output: String, complaints: String)

    private init(input: FileHandle?, files: (output: String, complaints: String)) {
        self.input = input
        self.files = files
    }

    /// Starts an executable in a folder. What it says goes into files there: a pipe can be held open by other children.
    ///
    /// - Parameters:
    ///   - executable: its path; nil for the bot.
    ///   - environment: all variables that it gets.
    ///   - typing: true leaves standard input open for `type`; else it is empty.
    package static func start(
        executable: String? = nil, arguments: [String], environment: [String: String], folder: String,
        typing: Bool = false
    ) throws -> BotProcess {
        let name = "\(folder)/.said-\(UUID().uuidString)"
        return try starting.withLock { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: try executable ?? BotExecutable.path())
            process.arguments = arguments
            process.environment = environment
            process.currentDirectoryURL = URL(fileURLWithPath: folder)
            let input = typing ? Pipe() : nil
            let child = BotProcess(
                input: input?.fileHandleForWriting, files: (output: "\(name).out", complaints: "\(name).err"))
            process.standardInput = input ?? FileHandle.nullDevice as Any
            process.standardOutput = try newFile(child.files.output)
            process.standardError = try newFile(child.files.complaints)
            process.terminationHandler = { process in
                let code = process.terminationStatus
                let exit: Exit = process.terminationReason == .exit ? .status(code) : .signal(code)
                child.change { $0.exit = exit }
            }
            try process.run()
            child.state.withLock { $0.id = process.processIdentifier }
            return child
        }
    }

    private static func newFile(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    // MARK: - What it says

    /// Standard output until now.
    package var output: String { Self.text(of: files.output) }
    /// Standard error until now.
    package var complaints: String { Self.text(of: files.complaints) }

    private static func text(of file: String) -> String {
        FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// How it ended; nil while it runs.
    package var exit: Exit? { state.withLock { $0.exit } }

    /// Its resident memory in bytes; nil once it has ended, and where the system does not tell.
    package var residentBytes: Int? {
        let id = state.withLock { $0.exit == nil ? $0.id : 0 }
        guard id > 0, let status = FileManager.default.contents(atPath: "/proc/\(id)/status") else { return nil }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
    }

    // MARK: - What is done to it

    /// SIGKILL: no last word.
    package func kill() { send(SIGKILL) }

    /// SIGTERM: the request to end.
    package func terminate() { send(SIGTERM) }

    private func send(_ signal: Int32) {
        state.withLock { state in
            // Once it has ended its number may belong to another process.
            if state.exit == nil, state.id > 0 { _ = Foundation.kill(state.id, signal) }
        }
    }

    /// Types a line.
    package func type(_ line: String) throws { try input?.write(contentsOf: Data((line + "\n").utf8)) }

    /// Ends the input, as Ctrl-D does.
    package func endInput() throws { try input?.close() }

    // MARK: - Waiting

    /// Waits until it has ended.
    package func end() async throws -> Exit {
        while true {
            let version = changes.version
            let exit = state.withLock { $0.exit }
            if let exit { return exit }
            try await changes.next(after: version)
        }
    }

    /// Waits until its standard output holds the text.
    ///
    /// - Throws: `BotProcessError.ended` when it ends without.
    package func says(_ text: String) async throws {
        while true {
            let hasEnded = exit != nil
            if output.contains(text) { return }
            if hasEnded { throw BotProcessError.ended(complaints) }
            // A file tells nobody that it grows.
            try await SystemTime().sleep(for: .milliseconds(20))
        }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in body(&state) }
        changes.happened()
    }
}

/// Why a test of the executable cannot go on.
package enum BotProcessError: Error, Equatable {
    /// There is no executable where it is looked for.
    case noExecutable(String)
    /// The process ended before it had said what was waited for; this is what it complained.
    case ended(String)
    /// Something took longer than it may.
    case overdue(String)
}

/// Does something that must not take longer than the limit.
///
/// - Throws: `BotProcessError.overdue` with what it is.
package func within<Result: Sendable>(
    _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await SystemTime().sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() ?? nil else { throw BotProcessError.overdue(what) }
        return result
    }
}
