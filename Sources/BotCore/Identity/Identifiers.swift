/// A number that names one row of one kind, so that ids of different kinds cannot be mixed up.
package struct Identifier<Kind>: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ value: Int64) { rawValue = value }
    package init(from decoder: any Decoder) throws { rawValue = try Int64(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { "\(rawValue)" }
}

/// Tags a conversation's number: platforms' are numbered from 2^32, the REST API's callers bring numbers below it.
package enum ConversationTag {}
/// Tags a session's number, the `sessionId` of the REST API.
package enum SessionTag {}
/// Tags an inbox row.
package enum InboxTag {}
/// Tags a turn.
package enum TurnTag {}
/// Tags an outbox row.
package enum OutboxTag {}
/// Tags a checkpoint.
package enum CheckpointTag {}
/// Tags a stranger's request to be let in.
package enum AdmissionTag {}

package typealias ConversationID = Identifier<ConversationTag>
package typealias SessionID = Identifier<SessionTag>
package typealias InboxID = Identifier<InboxTag>
package typealias TurnID = Identifier<TurnTag>
package typealias OutboxID = Identifier<OutboxTag>
package typealias CheckpointID = Identifier<CheckpointTag>
package typealias AdmissionID = Identifier<AdmissionTag>

extension ConversationID {
    /// Numbers from here on belong to platforms; below it, to callers of the REST API.
    package static let firstOfPlatforms = ConversationID(1 << 32)
}
