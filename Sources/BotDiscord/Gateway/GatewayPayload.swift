import FoundationEssentials

/// A payload from the gateway, with the data of only those events that matter here.
enum GatewayPayload: Sendable, Equatable {
    /// Opcode 10: how often to send heartbeats.
    case hello(interval: Duration)
    /// Opcode 1: Discord wants a heartbeat now.
    case heartbeatRequest
    /// Opcode 11.
    case heartbeatAck
    /// Opcode 7: Discord wants this connection to be replaced.
    case reconnect
    /// Opcode 9.
    case invalidSession(canResume: Bool)
    /// Opcode 0.
    case dispatch(seq: Int64, GatewayDispatch)
    /// An opcode or form that is not known: ignored.
    case unknown(opcode: Int)

    /// Reads a payload; nil when the text is no payload at all.
    init?(json: [UInt8]) {
        // What cannot be read is reported by the caller as a payload that is none.
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(json)) else { return nil }
        self = envelope.payload
    }
}

/// An event of the gateway.
enum GatewayDispatch: Sendable, Equatable {
    case ready(GatewayReady)
    case resumed
    case message(DiscordMessage)
    /// MESSAGE_UPDATE of a message that its person has edited. Discord sends one too when it adds cards for links.
    case edited(DiscordMessage)
    /// MESSAGE_DELETE and MESSAGE_DELETE_BULK.
    case deleted(DiscordDeletion)
    case interaction(DiscordInteraction)
    /// GUILD_CREATE: a server that the bot is in, or was brought into. Discord does not say by whom, so nothing is made of the
    /// latter; the name is kept as the title of its chats.
    case guild(DiscordServer)
    /// GUILD_ROLE_CREATE and GUILD_ROLE_UPDATE.
    case role(DiscordRoleChange)
    /// Threads that were made or changed, or that the bot sees now: THREAD_CREATE, THREAD_UPDATE and THREAD_LIST_SYNC.
    case threads([DiscordThread])
    /// An event that the bot has no use for.
    case ignored(String)
    /// An event that the bot needs but whose data it could not read.
    case unreadable(String)
}

/// The data of READY.
struct GatewayReady: Decodable, Sendable, Equatable {
    let session: String
    let resumeURL: String
    let user: String
    let application: String
    /// The ids of the servers that the bot is in. GUILD_CREATE tells of each.
    let servers: [String]

    init(session: String, resumeURL: String, user: String, application: String, servers: [String] = []) {
        self.session = session
        self.resumeURL = resumeURL
        self.user = user
        self.application = application
        self.servers = servers
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        session = try values.decode(String.self, forKey: .session)
        resumeURL = try values.decodeIfPresent(String.self, forKey: .resumeURL) ?? ""
        user = try values.decode(Identified.self, forKey: .user).id
        application = try values.decode(Identified.self, forKey: .application).id
        servers = ((try? values.decode([Identified].self, forKey: .servers)) ?? []).map(\.id)
    }

    private struct Identified: Decodable { let id: String }

    private enum CodingKeys: String, CodingKey {
        case session = "session_id"
        case resumeURL = "resume_gateway_url"
        case servers = "guilds"
        case user, application
    }
}

private struct Envelope: Decodable {
    let payload: GatewayPayload

    private struct Hello: Decodable {
        let milliseconds: Double
        enum CodingKeys: String, CodingKey { case milliseconds = "heartbeat_interval" }
    }

    private enum CodingKeys: String, CodingKey { case op, s, t, d }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let opcode = try values.decode(Int.self, forKey: .op)
        switch opcode {
        case 0:
            let seq = try values.decode(Int64.self, forKey: .s)
            let name = try values.decode(String.self, forKey: .t)
            payload = .dispatch(seq: seq, Self.dispatch(name, in: values))
        case 1: payload = .heartbeatRequest
        case 7: payload = .reconnect
        // Without a clear yes the session counts as gone.
        case 9: payload = .invalidSession(canResume: (try? values.decode(Bool.self, forKey: .d)) ?? false)
        case 10:
            let hello = try values.decode(Hello.self, forKey: .d)
            payload = .hello(interval: .milliseconds(max(100, min(hello.milliseconds, 600_000))))
        case 11: payload = .heartbeatAck
        default: payload = .unknown(opcode: opcode)
        }
    }

    private static func dispatch(_ name: String, in values: KeyedDecodingContainer<CodingKeys>) -> GatewayDispatch {
        do {
            switch name {
            case "READY": return .ready(try values.decode(GatewayReady.self, forKey: .d))
            case "RESUMED": return .resumed
            case "MESSAGE_CREATE": return .message(try values.decode(DiscordMessage.self, forKey: .d))
            case "MESSAGE_UPDATE":
                // What is no whole message, or was not edited, changes no words.
                guard let message = try? values.decode(DiscordMessage.self, forKey: .d), message.editedAt != nil else {
                    return .ignored(name)
                }
                return .edited(message)
            case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
                return .deleted(try values.decode(DiscordDeletion.self, forKey: .d))
            case "INTERACTION_CREATE": return .interaction(try values.decode(DiscordInteraction.self, forKey: .d))
            case "GUILD_CREATE": return .guild(try values.decode(DiscordServer.self, forKey: .d))
            case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE":
                return .role(try values.decode(DiscordRoleChange.self, forKey: .d))
            case "THREAD_CREATE", "THREAD_UPDATE":
                return .threads([try values.decode(DiscordThread.self, forKey: .d)])
            case "THREAD_LIST_SYNC":
                return .threads(try values.decode(DiscordThreadList.self, forKey: .d).threads)
            default: return .ignored(name)
            }
        } catch {
            return .unreadable(name)
        }
    }
}
