import BotCore
import BotTestSupport

/// What was asked in which channel, and what stands there.
final class DiscordTrafficLedger: Sendable {
    private struct Asked {
        var lastNumber = 0
        var numbers: [String: [Int]] = [:]
    }

    private struct Place {
        let channel: String
        let person: FakeDiscordUser
        let isShared: Bool
    }

    private let discord: FakeDiscord
    private let places: [Place]
    private let time = SystemTime()
    private let asked = Lock(Asked())

    /// Every twentieth chat is a channel of a server, the others are direct.
    init(discord: FakeDiscord, chats count: Int) {
        self.discord = discord
        places = (0..<count).map { number in
            let person = discord.user("\(1_200_000_000_000_000_000 + number)")
            let isShared = number % 20 == 19
            let channel = isShared ? discord.makeChannel(type: 0) : person.channel
            return Place(channel: channel, person: person, isShared: isShared)
        }
    }

    func ask(in place: Int) {
        let place = places[place]
        // Under the lock, so that the order in the ledger is that in the channel.
        asked.withLock { asked in
            asked.lastNumber += 1
            asked.numbers[place.channel, default: []].append(asked.lastNumber)
            place.person.say(
                NumberedAnswer.question(asked.lastNumber), in: place.channel, mentioning: place.isShared)
        }
    }

    var askedCount: Int { asked.withLock { $0.lastNumber } }

    /// How many are not answered.
    var backlog: Int { audits.reduce(0) { $0 + $1.audit.asked.count - $1.audit.answered } }

    var audits: [(chat: String, audit: ChatAudit)] {
        let texts = discord.sentTexts
        let numbers = asked.withLock { $0.numbers }
        // A nonce prevents repeats.
        return places.map { place in
            let (asked, messages) = (numbers[place.channel] ?? [], texts[place.channel] ?? [])
            return (place.channel, ChatAudit(asked: asked, messages: messages, mayRepeat: false))
        }
    }

    /// Waits until the bot has said something in each channel.
    func isHeard(within limit: Duration) async throws {
        let deadline = time.uptime + limit
        while discord.sentTexts.count < places.count, time.uptime < deadline {
            try await time.sleep(for: .milliseconds(200))
        }
    }

    /// Waits until all that was asked is answered, or the time is over.
    ///
    /// - Returns: what is wrong with the wait.
    func comeToRest(within limit: Duration) async throws -> [String] {
        let deadline = time.uptime + limit
        while true {
            let open = audits.filter { !$0.audit.isComplete && $0.audit.problems.isEmpty }
            if open.isEmpty { return [] }
            if time.uptime >= deadline { return ["answers in \(open.count) chats did not come in time"] }
            try await time.sleep(for: .milliseconds(500))
        }
    }
}
