import Foundation

/// Where the executables under test are.
package enum BotExecutable {
    /// The path in `MYBOT_EXECUTABLE`, else `mybot` beside the running tests, where `swift build` puts it.
    ///
    /// - Throws: `BotProcessError.noExecutable`.
    package static func path() throws -> String { try path(of: "mybot", named: "MYBOT_EXECUTABLE") }

    /// The path of any executable of the package.
    ///
    /// - Parameters:
    ///   - name: what it is called beside the running tests.
    ///   - variable: the environment variable that may hold another path.
    /// - Throws: `BotProcessError.noExecutable`.
    package static func path(of name: String, named variable: String) throws -> String {
        let path = ProcessInfo.processInfo.environment[variable] ?? besideTests(name)
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        guard FileManager.default.isExecutableFile(atPath: absolute) else {
            throw BotProcessError.noExecutable(absolute)
        }
        return absolute
    }

    private static func besideTests(_ name: String) -> String {
        #if os(Linux)
            let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            return tests.deletingLastPathComponent().appendingPathComponent(name).path
        #else
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
            return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent(name).path
        #endif
    }
}
