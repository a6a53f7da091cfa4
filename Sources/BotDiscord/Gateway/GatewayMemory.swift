import BotCore
import FoundationEssentials
import Logging

/// What the gateway remembers over restarts: how to resume, and the identifies of the last day. Both lie in the store under
/// the bot's own name, so that another bot's token never finds them.
struct GatewayMemory: Sendable {
    private let cursors: any CursorStore
    private let logger: Logger
    private let sessionName: String
    private let budgetName: String
    private let missedName: String

    init(cursors: any CursorStore, token: Secret, shard: ShardID, logger: Logger) {
        self.cursors = cursors
        self.logger = logger
        let account = Self.account(of: token)
        sessionName = "discord/\(account)/session/\(shard.number)-\(shard.count)"
        budgetName = "discord/\(account)/identifies"
        missedName = "discord/\(account)/missed/\(shard.number)-\(shard.count)"
    }

    /// The cursor that a session is stored as.
    func cursor(_ session: GatewaySession) -> Cursor? {
        guard let value = Self.encoded(session) else { return nil }
        return Cursor(name: sessionName, value: value)
    }

    /// The stored session; nil when there is none, or none that can be read.
    func session() async -> GatewaySession? { await load(GatewaySession.self, sessionName) }

    /// Stores how to resume; nil forgets it.
    func store(_ session: GatewaySession?) async { await save(session.flatMap(Self.encoded), sessionName) }

    /// Forgets the session, but not up to where messages were seen in it: what follows is fetched once there is a new one.
    func forgetSession() async {
        if let seen = await session()?.seen { await storeMissed(after: seen) }
        await store(nil as GatewaySession?)
    }

    /// The message after which some may have been missed; nil when none were.
    func missed() async -> Int64? { await load(Int64.self, missedName) }

    /// Stores after which message some may have been missed; one that is stored already and older stays.
    func storeMissed(after message: Int64) async {
        await save("\(min(message, await missed() ?? message))", missedName)
    }

    /// Notes that all that was missed is stored.
    func missesNothing() async { await save(nil, missedName) }

    /// The stored identifies; none when there are none that can be read.
    func budget() async -> IdentifyBudget { await load(IdentifyBudget.self, budgetName) ?? IdentifyBudget() }

    func store(_ budget: IdentifyBudget) async { await save(Self.encoded(budget), budgetName) }

    /// A bot token begins with the bot's user id in base64.
    private static func account(of token: Secret) -> String {
        guard var head = token.exposed.split(separator: ".").first.map(String.init) else { return "bot" }
        head += String(repeating: "=", count: (4 - head.count % 4) % 4)
        let digits = Data(base64Encoded: head).flatMap { String(bytes: $0, encoding: .utf8) } ?? ""
        return !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber } ? digits : "bot"
    }

    private static func encoded(_ value: some Encodable) -> String? {
        // Plain numbers and strings always encode.
        (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    private func load<Value: Decodable>(_ type: Value.Type, _ name: String) async -> Value? {
        do {
            guard let text = try await cursors.cursor(named: name) else { return nil }
            // Another version may have written it: then it is as if there were none.
            return try? JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            logger.warning("the stored state of the gateway cannot be read", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func save(_ value: String?, _ name: String) async {
        do {
            try await cursors.setCursor(named: name, to: value)
        } catch .cancelled {
            logger.debug("the state of the gateway was not stored, because the program ends")
        } catch {
            logger.warning("the state of the gateway cannot be stored", metadata: ["error": "\(error)"])
        }
    }
}
