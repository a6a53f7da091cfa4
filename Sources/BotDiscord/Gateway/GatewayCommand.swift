import BotCore

/// A payload to the gateway.
enum GatewayCommand: Sendable, Hashable {
    /// Opcode 1 with the last sequence number, nil before the first dispatch.
    case heartbeat(seq: Int64?)
    /// Opcode 2.
    case identify(token: Secret, intents: Int, shard: ShardID)
    /// Opcode 6.
    case resume(token: Secret, session: String, seq: Int64)

    /// The longest payload that Discord takes, in bytes (Gateway, "Sending Events"); longer ones are answered with 4002.
    static let maxBytes = 4096

    var isHeartbeat: Bool {
        if case .heartbeat = self { true } else { false }
    }

    /// The payload as JSON. It may hold the token, so it is never logged.
    var json: String {
        switch self {
        case .heartbeat(let seq):
            return #"{"op":1,"d":\#(seq.map(String.init) ?? "null")}"#
        case .identify(let token, let intents, let shard):
            return #"{"op":2,"d":{"token":\#(Self.quoted(token.exposed)),"intents":\#(intents),"#
                + #""shard":[\#(shard.number),\#(shard.count)],"#
                + #""properties":{"os":"linux","browser":"mybot","device":"mybot"}}}"#
        case .resume(let token, let session, let seq):
            return
                #"{"op":6,"d":{"token":\#(Self.quoted(token.exposed)),"session_id":\#(Self.quoted(session)),"seq":\#(seq)}}"#
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
