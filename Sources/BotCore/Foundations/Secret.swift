/// Holds a token or key that must never be printed: every textual form of it is `<redacted>`.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself, for the one place that sends it.
    package let exposed: String

    /// Wraps a secret. An empty one counts as none.
    package init?(_ value: String?) {
        guard let value, !value.isEmpty else { return nil }
        exposed = value
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
