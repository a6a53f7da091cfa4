/// Keeps a connection within Discord's 120 payloads in 60 seconds (Gateway, "Rate Limiting"; more is answered with 4008), with
/// some of them kept free for heartbeats. The window slides.
struct GatewaySendBudget: Sendable {
    private static let limit = 120
    private static let reserved = 10
    private static let window = Duration.seconds(60)
    private var sent: [Duration] = []

    /// Counts a payload that is to be sent now; false when it must not be.
    mutating func take(isHeartbeat: Bool, at now: Duration) -> Bool {
        sent.removeAll { $0 <= now - Self.window }
        guard sent.count < (isHeartbeat ? Self.limit : Self.limit - Self.reserved) else { return false }
        sent.append(now)
        return true
    }
}
