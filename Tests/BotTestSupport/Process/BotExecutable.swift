import Foundation

/// Where the executable under test is.
package enum BotExecutable {
    /// The path in `MYBOT_EXECUTABLE`, else `mybot` beside the running tests, where `swift build` puts it.
    ///
    /// - Throws: `BotProcessError.noExecutable`.
    package static func path() throws -> String {
        let path = ProcessInfo.processInfo.environment["MYBOT_EXECUTABLE"] ?? besideTests
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        guard FileManager.default.isExecutableFile(atPath: absolute) else {
            throw BotProcessError.noExecutable(absolute)
        }
        return absolute
    }

    private static var besideTests: String {
        #if os(Linux)
            let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            return tests.deletingLastPathComponent().appendingPathComponent("mybot").path
        #else
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
            return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent("mybot").path
        #endif
    }
}
