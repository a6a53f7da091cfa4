import BotCore
import Foundation

/// A long test: its size and seed come from the environment, as `.ci/soak` sets them, and it tells each minute how far it is.
package final class Soak: Sendable {
    private struct State {
        var done = 0
        var nextReport: Duration
    }

    private let name: String
    private let total: Int
    private let time = SystemTime()
    private let begin: Duration
    private let state: Lock<State>

    /// - Parameter total: how many there are of what `did` counts.
    package init(_ name: String, total: Int) {
        self.name = name
        self.total = total
        begin = time.uptime
        state = Lock(State(nextReport: time.uptime + .seconds(60)))
    }

    /// The number that an environment variable holds; nil when it is not set.
    package static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }

    /// Prints a line at once, also where the output is a pipe.
    package static func print(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

    /// How long it has run.
    package var seconds: Int { Int((time.uptime - begin) / .seconds(1)) }

    /// Counts what was done, and tells of it when a minute has passed.
    package func did(_ count: Int, problems: Int) {
        let now = time.uptime
        let done = state.withLock { state -> Int? in
            state.done += count
            guard now >= state.nextReport else { return nil }
            state.nextReport = now + .seconds(60)
            return state.done
        }
        guard let done else { return }
        Self.print("soak \(name) progress=\(done)/\(total) seconds=\(seconds) problems=\(problems)")
    }

    /// Tells how far it is, in words of its own.
    package func tell(_ words: String) { Self.print("soak \(name) progress seconds=\(seconds) \(words)") }
}
