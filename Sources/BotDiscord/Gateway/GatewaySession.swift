/// What a gateway session can be resumed with, after a lost connection and after a restart.
struct GatewaySession: Codable, Sendable, Hashable {
    let id: String
    /// The sequence number of the last dispatch.
    var seq: Int64
    /// Where to resume, as Discord gave it.
    let resumeURL: String
    /// The bot's user id.
    let user: String
    /// The application's id, which commands and interactions need.
    let application: String
    /// The newest message seen, in this session or one before; in READY, what was seen before it. Nil in sessions of older versions.
    var seen: Int64?
}
