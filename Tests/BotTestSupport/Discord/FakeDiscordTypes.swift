package import BotCore

/// A message in the fake's channels as it stands now.
package struct FakeDiscordMessage: Sendable, Equatable {
    package let id: String
    package let channel: String
    package let author: String
    package internal(set) var content: String
    package internal(set) var flags: Int
    package let nonce: String?
    /// The message that it replies to.
    package let replyTo: String?
    /// The interaction that it answers.
    package let interaction: String?
    /// The buttons under it.
    package internal(set) var buttons: [FakeDiscordButton] = []
    /// How often it was edited.
    package internal(set) var edits = 0

    /// Whether it is an acknowledged interaction's answer that has not come yet.
    package var isLoading: Bool { flags & 128 != 0 }
    /// Whether only the person who asked sees it.
    package var isPrivate: Bool { flags & 64 != 0 }
}

/// A button under a message.
package struct FakeDiscordButton: Sendable, Equatable {
    package let label: String
    package let code: String
}

/// One request to the REST API.
package struct FakeDiscordRequest: Sendable {
    /// Method and path without the version, as `POST /channels/5/messages`.
    package let name: String
    package let body: JSONValue
    package let hasToken: Bool
    package internal(set) var status: Int?
}

/// A slash command that somebody ran, or a button that they pressed.
package struct FakeDiscordInteraction: Sendable {
    package let id: String
    package let token: String
    package let channel: String
    package let user: String
    package let startedAt: Duration
    /// The message of the button that was pressed.
    package var pressed: String?
    /// The body of the acknowledgement and how long it took.
    package internal(set) var callback: JSONValue?
    package internal(set) var acknowledgedAfter: Duration?
    package internal(set) var original: String?
    package internal(set) var followUps: [String] = []
}

/// What goes wrong with a request.
package enum FakeDiscordFault: Sendable {
    /// It is answered with this status, and with JSON that has Discord's code.
    case status(Int, code: Int = 0)
    /// It is answered with this status and a page of HTML.
    case page(Int)
    /// 429; the scope is `user`, `global` or `shared`.
    case limited(Duration, scope: String = "user")
    /// The connection breaks before anything is done.
    case lost
    /// It is done, but the connection breaks before the answer.
    case answerLost
    /// It is done, but what is between answers with this status and a page of HTML, since the answer took too long.
    case answerReplaced(Int)
    /// It is done, and its answer comes when the gate is open.
    case answerHeld(Gate)
}

/// A connection to the fake's gateway.
final class FakeGatewayConnection: Sendable {
    enum Outgoing: Sendable {
        case text(String)
        case close(Int)
        case drop
    }

    let id: Int
    let isAtResumeAddress: Bool
    let outgoing = Mailbox<Outgoing>()
    /// Whether nothing comes over it any more, though it stands.
    let isMute = Lock(false)

    init(id: Int, isAtResumeAddress: Bool) {
        self.id = id
        self.isAtResumeAddress = isAtResumeAddress
    }
}

struct FakeGatewaySession: Sendable {
    let id: String
    let intents: Int
    var seq: Int64 = 0
    var buffer: [(seq: Int64, text: String)] = []
    var connection: Int?
}

struct FakeDiscordState: Sendable {
    struct Channel: Sendable {
        let id: String
        let guild: String?
        let recipient: String?
        /// 0 text, 1 direct, 11 thread, 15 forum.
        var type = 0
        /// A thread's channel and name.
        var parent: String?
        var name: String?
        /// Who has made a thread.
        var owner: String?
        /// Whether the bot may not see it.
        var isHidden = false

        var isThread: Bool { (10...12).contains(type) }
    }

    struct Rule: Sendable {
        let match: String
        let fault: FakeDiscordFault
        var left: Int
    }

    var nextID: Int64 = 1_300_000_000_000_000_000
    var channels: [String: Channel] = [:]
    var messages: [FakeDiscordMessage] = []
    var names: [String: String] = [:]
    var commands: [JSONValue] = []
    var interactions: [String: FakeDiscordInteraction] = [:]
    var requests: [FakeDiscordRequest] = []
    /// The files that came with messages, by the ids of these.
    var sentFiles: [String: SentFile] = [:]
    var received: [JSONValue] = []
    var typing: [String: Int] = [:]
    var rules: [Rule] = []
    var violations: [String] = []
    var sessions: [String: FakeGatewaySession] = [:]
    var connections: [Int: FakeGatewayConnection] = [:]
    var connectionCount = 0
    var identifies = 0
    var resumes = 0
    var heartbeats = 0
    var closeCodes: [Int?] = []
    var lastIdentify: Duration?
    var windows: [String: (left: Int, resetsAt: Duration)] = [:]
    // What the test decides.
    var heartbeatInterval = 41_250
    var acknowledges = true
    var privileged = true
    var identifyGap: Duration = .zero
    var identifyAnswers: [Int] = []
    var isLimited = true
    var applicationFlags: Int64 = 0
    /// The roles that people have in the server.
    var roles: [String: [String]] = [:]
    var files: [String: [UInt8]] = [:]
    var answerDelay: @Sendable (String) -> Duration = { _ in .zero }
    var randomFault: @Sendable (String) -> FakeDiscordFault? = { _ in nil }
    var withheldHellos = 0
    var withheldStarts = 0
    var isResumeAddressDead = false
    var isRESTDown = false
    var hasServer = true
    var hasOwnRole = false
    var now: @Sendable () -> Timestamp = { Timestamp(rawValue: 0) }

    /// The direct channel with a person, opened if there is none.
    mutating func directChannel(with user: String) -> String {
        if let known = channels.values.first(where: { $0.recipient == user })?.id { return known }
        let id = snowflake()
        channels[id] = .init(id: id, guild: nil, recipient: user, type: 1)
        return id
    }

    /// An id of this moment, as Discord makes them.
    mutating func snowflake() -> String {
        nextID = max(nextID + 1, (now().rawValue - 1_420_070_400_000) << 22)
        return "\(nextID)"
    }
}
