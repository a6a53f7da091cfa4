/// A place where what is derived from the log does not agree with it.
package struct AuditFinding: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// A session's counters are not those of its messages.
        case counters
        /// The totals are not those of the sessions.
        case totals
        /// The search index lacks a message, or has one too many.
        case searchIndex
        /// A session's messages are not numbered 1, 2, 3, ... to its head, but for what was deleted.
        case numbering
        /// A session stands on a checkpoint that does not fit it.
        case checkpoint
    }

    package let kind: Kind
    /// The session that it was found in; nil for what belongs to none.
    package let session: SessionID?
    /// What was found, for the log: numbers, never text of messages.
    package let description: String

    package init(kind: Kind, session: SessionID?, description: String) {
        self.kind = kind
        self.session = session
        self.description = description
    }
}

/// Verifies what is derived from the log (counters, totals, search index) and makes it anew from the log.
package protocol AuditStore: Sendable {
    /// Compares all that is derived with the log. It reads everything, beside the writer.
    ///
    /// - Parameter limit: the most findings that are returned.
    func audit(limit: Int) async throws(StoreError) -> [AuditFinding]

    /// Makes counters, totals and search index anew from the log, in one transaction.
    func rebuild() async throws(StoreError)
}
