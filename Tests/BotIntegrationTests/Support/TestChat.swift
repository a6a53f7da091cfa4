import BotTestSupport
import Testing

/// A chat on one of the platforms, so that one test can ask the same of all of them.
struct TestChat: Sendable {
    enum Kind: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case telegram, telegramGroup, discord, discordServer

        var testDescription: String { rawValue }
        var isTelegram: Bool { self == .telegram || self == .telegramGroup }
        var isShared: Bool { self == .telegramGroup || self == .discordServer }

        static let direct: [Kind] = [.telegram, .discord]
        static let shared: [Kind] = [.telegramGroup, .discordServer]
    }

    let kind: Kind
    let world: AppWorld

    private let telegramID: Int64
    private let channel: String

    init(kind: Kind, world: AppWorld) {
        self.kind = kind
        self.world = world
        telegramID = kind.isShared ? AppWorld.group : AppWorld.people[0]
        channel =
            kind.isShared
            ? world.discord.general
            : world.discord.directChannel(with: AppWorld.snowflake(AppWorld.people[0]))
    }

    private func member(_ person: Int64) -> FakeDiscordUser {
        world.discord.user(AppWorld.snowflake(person), name: "User\(person)")
    }

    /// Says something to the bot; in shared chats the bot is named.
    func say(_ text: String, by person: Int64 = AppWorld.people[0]) {
        if kind.isTelegram {
            let user = world.telegram.user(person)
            if kind.isShared {
                user.say("@\(world.telegram.username) \(text)", in: telegramID)
            } else {
                user.say(text)
            }
        } else if kind.isShared {
            member(person).say(text, in: channel, mentioning: true)
        } else {
            member(person).say(text)
        }
    }

    /// Replies to the bot's message that says this; in shared chats the bot is named too.
    func say(_ text: String, replyingTo answer: String, by person: Int64 = AppWorld.people[0]) throws {
        if kind.isTelegram {
            let message = try #require(world.telegram.sent(in: telegramID).last { $0.text == answer })
            let name = kind.isShared ? "@\(world.telegram.username) " : ""
            world.telegram.user(person).say(
                name + text, in: kind.isShared ? telegramID : nil, replyTo: message.id)
        } else {
            let message = try #require(world.discord.sent(in: channel).last { $0.content == answer })
            member(person).say(text, in: channel, mentioning: kind.isShared, replyTo: message.id)
        }
    }

    /// Says something that is not for the bot.
    func saySomethingElse(_ text: String, by person: Int64 = AppWorld.people[0]) {
        if kind.isTelegram {
            world.telegram.user(person).say(text, in: telegramID)
        } else {
            member(person).say(text, in: channel)
        }
    }

    /// Runs a command in the way of the platform.
    func command(_ name: String, _ argument: String? = nil, by person: Int64 = AppWorld.people[0]) {
        if kind.isTelegram {
            let address = kind.isShared ? "@\(world.telegram.username)" : ""
            world.telegram.user(person).say(
                "/\(name)\(address)\(argument.map { " \($0)" } ?? "")", in: kind.isShared ? telegramID : nil)
        } else {
            member(person).slash(name, argument, in: kind.isShared ? channel : nil)
        }
    }

    /// What the bot's messages say now, in order.
    var texts: [String] {
        kind.isTelegram
            ? world.telegram.sent(in: telegramID).map(\.text)
            : world.discord.sent(in: channel).filter { !$0.isLoading }.map(\.content)
    }

    /// How often a message of the bot was edited in all.
    var edits: Int {
        kind.isTelegram
            ? world.telegram.sent(in: telegramID).map(\.edits).reduce(0, +)
            : world.discord.sent(in: channel).map(\.edits).reduce(0, +)
    }

    /// The drafts that were shown, without empty ones, which say that the answer is being thought about.
    var drafts: [String] {
        kind.isTelegram
            ? world.telegram.actions(in: telegramID).compactMap {
                if case .draft(_, let text) = $0, !text.isEmpty { text } else { nil }
            }
            : []
    }

    /// Waits until the bot's messages are as wanted.
    func until(_ condition: @Sendable ([String]) -> Bool) async throws {
        if kind.isTelegram {
            try await world.telegram.until { _ in condition(texts) }
        } else {
            try await world.discord.until { _ in condition(texts) }
        }
    }

    /// Waits for a message that holds the text.
    func reply(holding text: String) async throws {
        try await until { $0.contains { $0.contains(text) } }
    }

    /// Says something and waits for the answer.
    func converse(_ text: String, answer: String) async throws {
        world.model.script(ModelAnswer(answer), to: text)
        say(text)
        try await reply(holding: answer)
    }
}
