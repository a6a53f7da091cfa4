import BotCore
import Foundation

/// An empty folder of its own for a test, gone when the test is over.
package struct TemporaryDirectory: Sendable {
    /// The folder's absolute path, without a slash at its end.
    package let path: String

    /// Waits for a place among the heavy tests, makes a folder, runs the closure and removes the folder with all that is in it, whatever became of the closure.
    ///
    /// No test makes one within another: it would wait for a place that it holds itself.
    ///
    /// - Throws: what the closure throws, or why the folder could not be made.
    package static func with<Result>(
        _ body: (TemporaryDirectory) async throws -> sending Result
    ) async throws -> sending Result {
        await HeavyTests.shared.take()
        defer { HeavyTests.shared.giveBack() }
        // Many tests run at once in one process, each with files and sockets of its own.
        OpenFileLimit.raise()
        let base = FileManager.default.temporaryDirectory.path
        let path = (base as NSString).appendingPathComponent("mybot-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        // A folder that is left behind in the temporary directory is no reason to fail a test.
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(TemporaryDirectory(path: path))
    }

    /// The path of a file in the folder. Nothing is made.
    package func file(_ name: String) -> String { "\(path)/\(name)" }
}
