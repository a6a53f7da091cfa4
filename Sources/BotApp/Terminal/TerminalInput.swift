import Foundation

/// Reads lines that a person types, on a thread of its own because reading blocks.
enum TerminalInput {
    /// Lines as they are typed; ends with the input. The thread ends with the input or the process: a blocking read cannot be
    /// called back.
    static func lines() -> AsyncStream<String> {
        AsyncStream(bufferingPolicy: .bufferingOldest(100)) { continuation in
            let thread = Thread {
                while let line = readLine(strippingNewline: true) {
                    continuation.yield(line)
                }
                continuation.finish()
            }
            thread.name = "terminal-input"
            thread.start()
        }
    }
}
