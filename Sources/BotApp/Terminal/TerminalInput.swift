import Foundation

/// Reads lines that a person types or another program writes, on a thread of its own because reading blocks.
enum TerminalInput {
    /// How many lines may wait; reading goes on when there is room.
    private static let capacity = 100
    private static let pauseWhenFull = 0.01

    /// Lines as they come; ends with the input. The thread ends with the input or the process: a blocking read cannot be
    /// called back.
    static func lines() -> AsyncStream<String> {
        AsyncStream(bufferingPolicy: .bufferingOldest(capacity)) { continuation in
            let thread = Thread {
                while let line = readLine(strippingNewline: true) {
                    // It sleeps on this thread, which has nothing else to do, and not in a task: so no line is lost when
                    // another program writes faster than the bot takes, and that program is held back by its pipe.
                    while case .dropped = continuation.yield(line) { Thread.sleep(forTimeInterval: pauseWhenFull) }
                }
                continuation.finish()
            }
            thread.name = "terminal-input"
            thread.start()
        }
    }
}
