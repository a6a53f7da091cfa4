import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The terminal that mybot was started from: standard output for what the owner must see and no file may hold, standard input for
/// the first run and the chat.
package struct Console: Sendable {
    package init() {}

    /// Whether a person sits at both ends.
    package var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Whether somebody types, rather than a file or another program.
    package var isTyped: Bool { isatty(STDIN_FILENO) == 1 }

    /// Writes a line.
    package func say(_ line: String = "") { write(line + "\n") }

    /// Writes text as it is, at once.
    package func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Writes a line to standard error.
    package func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    /// Asks for a line; nil at the end of the input. Blocks the thread, so it is only called before anything else runs.
    package func ask(_ question: String) -> String? {
        write(question)
        let line = readLine(strippingNewline: true)
        // What is written next begins a line, also after Ctrl-D.
        if line == nil { say() }
        return line
    }
}
