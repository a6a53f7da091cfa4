import BotCore
import BotTestSupport

/// People who write to the bot without waiting for it: in private and in shared chats of both platforms.
final class TalkingPeople: Sendable {
    /// One chat: how its people write, and what the bot has written there.
    struct Chat: Sendable {
        let name: String
        let platform: Platform
        /// One for each person in it.
        let people: Int
        let say: @Sendable (_ person: Int, _ text: String) -> Void
        let messages: @Sendable () -> [String]
    }

    private struct Ledger {
        var lastNumber = 0
        var asked: [String: [Int]] = [:]
    }

    let chats: [Chat]
    private let ledger = Lock(Ledger())
    private let isTalking = Lock(true)

    init(telegram: FakeTelegram, discord: FakeDiscord) {
        let group: Int64 = -1_001_000_000_500
        telegram.group(group)
        var chats = (1...4).map { number in
            let user = telegram.user(Int64(100 + number))
            return Chat(
                name: "telegram:\(user.id)", platform: .telegram, people: 1, say: { user.say($1) },
                messages: { telegram.sent(in: user.id).map(\.text) })
        }
        chats.append(
            Chat(
                name: "telegram:group", platform: .telegram, people: 2,
                say: { telegram.user(Int64(101 + $0)).say("@\(telegram.username) \($1)", in: group) },
                messages: { telegram.sent(in: group).map(\.text) }))
        chats += (1...3).map { number in
            let user = discord.user("\(1_200_000_000_000_000_000 + number)")
            let channel = user.channel
            return Chat(
                name: "discord:\(number)", platform: .discord, people: 1, say: { user.say($1) },
                messages: { discord.sent(in: channel).map(\.content) })
        }
        chats.append(
            Chat(
                name: "discord:channel", platform: .discord, people: 3,
                say: { person, text in
                    discord.user("\(1_200_000_000_000_000_001 + person)")
                        .say(text, in: discord.general, mentioning: true)
                },
                messages: { discord.sent(in: discord.general).map(\.content) }))
        self.chats = chats
    }

    /// Everybody writes a message.
    func greet() { for chat in chats { ask(in: chat, by: 0) } }

    /// All write at random moments until `fallSilent`.
    func talk(seed: UInt64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, chat) in chats.enumerated() {
                group.addTask { [self] in
                    var random = SeededRandom(seed: seed &+ UInt64(index) &* 7919)
                    while isTalking.withLock({ $0 }) {
                        try await SystemTime().sleep(for: .milliseconds(Int.random(in: 400...6000, using: &random)))
                        // Now and then somebody writes again before the answer is there.
                        for _ in 0..<(Int.random(in: 0..<5, using: &random) == 0 ? 3 : 1) {
                            ask(in: chat, by: Int.random(in: 0..<chat.people, using: &random))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    func fallSilent() { isTalking.withLock { $0 = false } }

    private func ask(in chat: Chat, by person: Int) {
        // Under the lock, so that the order in the ledger is that in the chat.
        ledger.withLock { ledger in
            ledger.lastNumber += 1
            ledger.asked[chat.name, default: []].append(ledger.lastNumber)
            chat.say(person, NumberedAnswer.question(ledger.lastNumber))
        }
    }

    /// How many messages were written.
    var askedCount: Int { ledger.withLock { $0.lastNumber } }

    /// What has become of each chat by now.
    var audits: [(name: String, audit: ChatAudit)] {
        chats.map { chat in
            let asked = ledger.withLock { $0.asked[chat.name] ?? [] }
            return (
                chat.name,
                ChatAudit(asked: asked, messages: chat.messages(), mayRepeat: chat.platform == .telegram)
            )
        }
    }

    /// Waits until all that was written before now is answered; returns what is wrong when it is not after the limit.
    func answers(within limit: Duration) async throws -> [String] {
        let due = audits.map(\.audit.asked.count)
        let time = SystemTime()
        let deadline = time.uptime + limit
        while true {
            let audits = self.audits
            if zip(audits, due).allSatisfy({ $0.audit.answered >= $1 || !$0.audit.problems.isEmpty }) {
                return audits.flatMap { chat in chat.audit.problems.map { "\(chat.name): \($0)" } }
            }
            if time.uptime > deadline {
                return audits.flatMap { chat in chat.audit.verdict.map { "\(chat.name): \($0)" } }
            }
            // Two platforms and nine chats are watched at once: a look now and then is simplest.
            try await time.sleep(for: .milliseconds(20))
        }
    }
}

/// The same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
