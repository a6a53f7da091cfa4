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
        var output: [UInt8] = []
        var complaints: [UInt8] = []
        /// Standard output and standard error that are still open.
        var openPipes = 2
        var version = 0
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Lock(State())
    private let input: FileHandle?

    private init(input: FileHandle?) { self.input = input }

    /// Starts the executable in a folder.
    ///
    /// - Parameter environment: all variables that it gets.
    /// - Parameter typing: true leaves standard input open for `type`; else it is empty.
    static func start(
        arguments: [String], environment: [String: String], folder: String, typing: Bool
    ) throws -> BotProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try BotExecutable.path())
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let (output, complaints, input) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaints
        process.standardInput = typing ? input : FileHandle.nullDevice
        let child = BotProcess(input: typing ? input.fileHandleForWriting : nil)
        child.collect(output.fileHandleForReading) { $0.output += $1 }
        child.collect(complaints.fileHandleForReading) { $0.complaints += $1 }
        process.terminationHandler = { process in
            let code = process.terminationStatus
            let exit: Exit = process.terminationReason == .exit ? .status(code) : .signal(code)
            child.change { $0.exit = exit }
        }
        try process.run()
        child.state.withLock { $0.id = process.processIdentifier }
        return child
    }

    private func collect(_ pipe: FileHandle, _ add: @escaping @Sendable (inout State, Data) -> Void) {
        pipe.readabilityHandler = { [self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            change { state in
                if data.isEmpty { state.openPipes -= 1 } else { add(&state, data) }
            }
        }
    }

    // MARK: - What it says

    /// Standard output until now.
    package var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    /// Standard error until now.
    package var complaints: String { state.withLock { String(decoding: $0.complaints, as: UTF8.self) } }
    /// How it ended; nil while it runs.
    package var exit: Exit? { state.withLock { $0.exit } }

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

    /// Waits until it has ended and all that it said has come.
    package func end() async throws -> Exit {
        try await until { $0.exit != nil && $0.openPipes == 0 }
        return exit ?? .status(-1)
    }

    /// Waits until its standard output holds the text.
    ///
    /// - Throws: `BotProcessError.ended` when it ends without.
    package func says(_ text: String) async throws {
        try await until { state in
            String(decoding: state.output, as: UTF8.self).contains(text) || (state.exit != nil && state.openPipes == 0)
        }
        guard output.contains(text) else { throw BotProcessError.ended(complaints) }
    }

    private func until(_ holds: (State) -> Bool) async throws {
        while true {
            let (isOver, version) = state.withLock { (holds($0), $0.version) }
            if isOver { return }
            try await nextChange(after: version)
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            state.version += 1
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    private func nextChange(after version: Int) async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.version != version || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        try Task.checkCancellation()
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
