import BotCore
import BotHTTP
import BotTestSupport
import Logging

@testable import BotDiscord

/// Takes events in and lets tests wait for them; it can be made to hold everything up.
final class RecordingIntake: EventIntake {
    struct State: Sendable {
        var events: [InboundEvent] = []
        var cursors: [Cursor] = []
        var isBlocked = false
        var attempts = 0
    }

    let seen = Watchpoint(State())
    private let store: InMemoryStore

    init(_ store: InMemoryStore) { self.store = store }

    func accept(_ events: [InboundEvent], cursor: Cursor?) async throws {
        let isBlocked = seen.change { state in
            state.attempts += 1
            return state.isBlocked
        }
        if isBlocked {
            // Until the test lets it go on or ends.
            try await SystemTime().sleep(for: .seconds(3600))
        }
        // The double's store fails only when a test says so, and then nothing is seen.
        let new = (try? await store.accept(events, cursor: cursor)) ?? []
        seen.change { state in
            state.events += new.map(\.event)
            if let cursor { state.cursors.append(cursor) }
        }
    }

    func move(_ move: ChatMove) async throws {}

    /// The event with this number, once it came; when the test's time is over, one that no test expects.
    func event(_ count: Int) async -> InboundEvent {
        await seen.wait { $0.events.count >= count }
        let events = seen.state.events
        return events.count >= count ? events[count - 1] : Self.nothing
    }

    private static let nothing = InboundEvent(
        externalID: "nothing came", conversation: ConversationKey(platform: .discord, account: "0", chat: "0"),
        scope: .direct, isAddressed: false, speaker: Speaker(id: "0", name: ""), receivedAt: Timestamp(rawValue: 0),
        replyAddress: ReplyAddress(rawValue: ""), body: .broughtIn)
}

/// The platform over real HTTP and WebSocket against the fake.
struct PlatformFixture: Sendable {
    let fake: FakeDiscord
    let platform: DiscordPlatform
    let store: InMemoryStore
    let intake: RecordingIntake
    let links: LinkMonitor

    static let commands = [
        CommandDescription(name: "reset", summary: "Start afresh"),
        CommandDescription(name: "retry", summary: "Answer once more"),
    ]

    static func make(
        _ fake: FakeDiscord, token: String? = nil, content: Bool = false, store: InMemoryStore = InMemoryStore(),
        channels: [String] = [], change: (inout DiscordConfiguration) -> Void = { _ in }
    ) async throws -> PlatformFixture {
        let time = SystemTime()
        let links = LinkMonitor(time: time)
        let secret = try requireSecret(token ?? fake.token)
        var configuration = DiscordConfiguration(
            botToken: secret, apiBaseURL: try await fake.url, messageContentIntent: content)
        change(&configuration)
        let platform = DiscordPlatform(
            configuration: configuration,
            http: HTTPClient(), cursors: store, recentChannels: { _, _ in channels },
            waitingMessages: { limit in
                // Nothing is ever answered here.
                let entries = (try? await store.unfinished(after: nil, limit: limit)) ?? []
                return entries.compactMap { if case .message(let message) = $0.event.body { message.id } else { nil } }
            }, links: links, commands: commands, time: time,
            logger: Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() }),
            random: { 0.1 })
        return PlatformFixture(
            fake: fake, platform: platform, store: store, intake: RecordingIntake(store), links: links)
    }

    /// Runs the platform while the body runs.
    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await platform.run(intake: intake) }
            try await fake.until { $0.isReady }
            try await body()
            group.cancelAll()
        }
    }
}

func withPlatform(
    content: Bool = false, change: (inout DiscordConfiguration) -> Void = { _ in },
    _ body: (PlatformFixture) async throws -> Void
) async throws {
    try await withFakeDiscord { fake in
        let fixture = try await PlatformFixture.make(fake, content: content, change: change)
        try await fixture.running { try await body(fixture) }
    }
}

extension InboundEvent.Body {
    /// The words of a message for the model.
    var words: String? { if case .message(let message) = self { message.text } else { nil } }
}
