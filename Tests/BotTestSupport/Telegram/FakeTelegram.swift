package import BotCore
import Foundation

/// A Telegram Bot API server on a loopback port, with people who write to the bot.
///
/// It is strict: what the Bot API refuses it refuses in the same words, and what the API would silently ignore (unknown
/// methods and parameters, wrong types) is listed in `violations`.
package final class FakeTelegram: Sendable {
    package static let defaultToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

    package let token: String
    package let username: String
    /// The bot's own id, from its token.
    package let botID: Int64
    let time: any TimeSource
    let state: Lock<FakeTelegramState>
    let changes = Changes()
    let faultEnds = Changes()
    private let server: LoopbackServer

    /// - Parameter time: decides how long polls are held.
    package init(
        token: String = FakeTelegram.defaultToken, username: String = "rig_bot", tls: TestTLS? = nil,
        address: LoopbackAddress = .port(0), time: any TimeSource = SystemTime()
    ) throws {
        self.token = token
        self.username = username
        self.time = time
        botID = Int64(token.prefix { $0 != ":" }) ?? 0
        state = Lock(FakeTelegramState())
        let route = FakeTelegramRoute()
        server = try LoopbackServer(tls: tls, address: address) { try await route.fake?.answer($0) }
        route.connect(self)
    }

    /// Serves until the task is cancelled.
    package func run() async throws { try await server.run() }

    /// What the bot takes as `telegram.apiBaseURL`.
    package var url: String { get async throws { try await server.url } }

    /// How many connections were accepted, those that sent nothing included.
    package var acceptedConnections: Int { server.connectionCount }

    // MARK: - People and chats

    /// A person with a private chat, made at the first call.
    package func user(_ id: Int64) -> FakeTelegramUser {
        // Looking is no change: a condition that looks must not wake itself.
        if state.withLock({ $0.chats[id] == nil }) {
            change { state in
                state.chats[id] = .init(
                    json: ["id": .integer(id), "type": "private", "first_name": .string("User\(id)")], isPrivate: true)
            }
        }
        return FakeTelegramUser(fake: self, id: id)
    }

    /// Makes a group; its id is negative. Topics make it a forum.
    package func group(_ id: Int64, title: String = "Group", topics: Set<Int64> = []) {
        change { state in
            var json: [String: JSONValue] = ["id": .integer(id), "type": "supergroup", "title": .string(title)]
            if !topics.isEmpty { json["is_forum"] = true }
            state.chats[id] = .init(json: json, isPrivate: false, topics: topics)
        }
    }

    /// Makes a group a supergroup with another id. Both chats tell of it, unless `isSilent`: then only who sends there learns it.
    package func upgrade(_ id: Int64, to newID: Int64, isSilent: Bool = false) {
        group(newID)
        let (old, new) = change { state in
            state.chats[id]?.movedTo = newID
            return (state.chats[id]?.json ?? [:], state.chats[newID]?.json ?? [:])
        }
        if isSilent { return }
        let service: [String: JSONValue] = [
            "message_id": 1, "date": 1, "from": .object(["id": 1, "is_bot": false, "first_name": "Somebody"]),
        ]
        push("message", service.merging(["chat": .object(old), "migrate_to_chat_id": .integer(newID)]) { $1 })
        push("message", service.merging(["chat": .object(new), "migrate_from_chat_id": .integer(id)]) { $1 })
    }

    /// Puts an update into the queue, whatever it holds. Returns its id, or 0 when the bot has not asked for the kind.
    ///
    /// - Parameter isOld: it was made before the bot named the kinds that it wants.
    @discardableResult
    package func push(_ kind: String, _ content: [String: JSONValue], isOld: Bool = false) -> Int64 {
        change { state in
            let byDefault = kind != "stopped_message_generation"
            guard isOld || state.allowedUpdates.map({ $0.contains(kind) }) ?? byDefault else { return 0 }
            let id = state.nextUpdateID
            state.nextUpdateID += 1
            state.queue.append(.init(id: id, json: .object(["update_id": .integer(id), kind: .object(content)])))
            return id
        }
    }

    /// Puts an update with an id of its own behind what waits.
    package func pushUpdate(id: Int64) {
        change { $0.queue.append(.init(id: id, json: .object(["update_id": .integer(id)]))) }
    }

    /// Begins to number updates at another place, as Telegram does after a week without any.
    package func restartUpdateIDs(at id: Int64) { change { $0.nextUpdateID = id } }

    /// Sets a webhook, as another program would; an empty one deletes it.
    package func setWebhook(_ url: String) { change { $0.webhook = url } }

    /// Turns privacy mode off.
    package func endPrivacyMode() { change { $0.readsAllGroupMessages = true } }

    // MARK: - Faults

    /// Lets the next calls of a method go wrong.
    package func fail(_ method: String, _ fault: FakeTelegramFault, times: Int = 1) {
        change { $0.faults.append(.init(method: method, fault: fault, left: times)) }
    }

    /// Decides how long the answer to a method is held back after the request was carried out; polls are never.
    package func delayAnswers(_ delay: @escaping @Sendable (String) -> Duration) { change { $0.answerDelay = delay } }

    /// Holds back the answers of requests that are refused from now on until the gate opens; polls are never held.
    package func holdRefusals(_ gate: Gate) { change { $0.refusalGate = gate } }

    /// How many requests were refused with a status, also those whose answer is held back.
    package func refused(with status: Int) -> Int {
        state.withLock { state in state.requests.count { $0.status == status } }
    }

    /// Decides for each request by its method whether it goes wrong, where nothing else was planned.
    package func failAtRandom(_ decide: @escaping @Sendable (String) -> FakeTelegramFault?) {
        change { $0.randomFault = decide }
    }

    /// Ends all faults that are left; connections that hang are reset.
    package func endFaults() {
        change { state in
            state.faults = []
            state.randomFault = { _ in nil }
        }
        faultEnds.happened()
    }

    // MARK: - Watching

    /// Calls back with each request when it comes, before it is carried out: for measuring.
    package func watch(_ watcher: @escaping @Sendable (FakeTelegramRequest) -> Void) {
        state.withLock { $0.watcher = watcher }
    }

    /// All requests in the order they came, or those of a method.
    package func requests(_ method: String? = nil) -> [FakeTelegramRequest] {
        state.withLock { state in state.requests.filter { method == nil || $0.method == method } }
    }

    /// The bot's messages in a chat as they stand now.
    package func sent(in chat: Int64) -> [FakeTelegramMessage] {
        state.withLock { state in
            state.messages.filter { $0.chat == chat && state.botMessages.contains($0.id) }
        }
    }

    /// How many requests came.
    package var requestCount: Int { state.withLock { $0.requests.count } }

    /// How much the bot has done in each chat: where that has not changed, what stands there has not either.
    package var actionCounts: [Int64: Int] { state.withLock { $0.actions.mapValues(\.count) } }

    /// The bot's messages of these chats as they stand now, oldest first.
    package func sentTexts(in chats: Set<Int64>) -> [Int64: [String]] {
        state.withLock { state in
            state.messages.reduce(into: [:]) { texts, message in
                guard chats.contains(message.chat), state.botMessages.contains(message.id) else { return }
                texts[message.chat, default: []].append(message.text)
            }
        }
    }

    /// All that the bot did in a chat.
    package func actions(in chat: Int64) -> [FakeTelegramAction] { state.withLock { $0.actions[chat] ?? [] } }

    /// What the Bot API would not take or would ignore.
    package var violations: [String] { state.withLock { $0.violations } }

    /// The menu of commands of a scope and language.
    package func menu(_ scope: String = "default", language: String = "") -> [JSONValue] {
        state.withLock { $0.menus["\(scope)/\(language)"] ?? [] }
    }

    /// Sets a list of commands, as somebody else would.
    package func setMenu(_ commands: [JSONValue], scope: String, language: String = "") {
        change { $0.menus["\(scope)/\(language)"] = commands }
    }

    /// Updates that the bot has not confirmed.
    package var unconfirmed: [Int64] { state.withLock { $0.queue.map(\.id) } }

    /// Waits until the condition holds; it is checked again whenever something happens here.
    ///
    /// - Throws: `CancellationError`, so a test's time limit ends the wait.
    package func until(_ condition: @Sendable (FakeTelegram) -> Bool) async throws {
        while true {
            let version = changes.version
            if condition(self) { return }
            try await changes.next(after: version)
        }
    }

    /// Waits for a message of the bot in a chat that holds the text, as it then stands.
    @discardableResult
    package func reply(in chat: Int64, holding text: String = "") async throws -> FakeTelegramMessage {
        while true {
            let version = changes.version
            if let message = sent(in: chat).last(where: { $0.text.contains(text) || text.isEmpty }) { return message }
            try await changes.next(after: version)
        }
    }

    // MARK: - Changes

    /// Changes the state and wakes who waits for that.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout FakeTelegramState) throws -> Result) rethrows -> Result {
        let result = try state.withLock { state in try body(&state) }
        changes.happened()
        return result
    }
}

/// Runs a fake Telegram while the body runs.
package func withFakeTelegram<Result: Sendable>(
    tls: TestTLS? = nil, _ body: (FakeTelegram) async throws -> Result
) async throws -> Result {
    let fake = try FakeTelegram(tls: tls)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await fake.run() }
        _ = try await fake.url
        let result = try await body(fake)
        group.cancelAll()
        return result
    }
}

/// Lets the server's handler, which has to exist first, find the fake.
private final class FakeTelegramRoute: Sendable {
    private struct Weak: Sendable { weak let fake: FakeTelegram? }
    private let target = Lock<Weak?>(nil)

    var fake: FakeTelegram? { target.withLock { $0?.fake } }

    func connect(_ fake: FakeTelegram) { target.withLock { $0 = Weak(fake: fake) } }
}
