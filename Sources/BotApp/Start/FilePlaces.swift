import Foundation

/// Where files are, in words that can be copied.
enum FilePlaces {
    /// The absolute form of a path.
    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
