import BotConversation
import BotCore
import BotTestSupport
import Testing

/// Each role on each platform, in private, in a group and in a thread of one, as the engine treats it: held against the table.
@Suite(.timeLimit(.minutes(5)))
struct RoleMatrixTests {
    private enum Place: String, Sendable, CaseIterable { case direct, group, thread }

    private struct Person: Sendable {
        let id: String
        let standing: AccessStanding
        var isAdministrator = false
    }

    private static let people = [
        Person(id: "1", standing: .owner), Person(id: "2", standing: .admin), Person(id: "3", standing: .member),
        Person(id: "4", standing: .guest), Person(id: "5", standing: .guest, isAdministrator: true),
        Person(id: "6", standing: .blocked),
    ]

    private static let commands: [(name: String, arguments: String, deed: Deed)] = [
        ("reset", "", .reset), ("undo", "", .undo), ("forget", "yes", .forget), ("export", "", .export),
        ("people", "", .people), ("invite", "", .people), ("allow", "telegram:99", .people),
        ("deny", "telegram:99", .people), ("block", "telegram:99", .people), ("allow", "admin telegram:98", .admins),
    ]

    /// What is said to who may not, as opposed to what is said to who may.
    private static func isRefusal(_ text: String) -> Bool {
        ["Others talk here too: only", "Only my owner"].contains { text.hasPrefix($0) }
    }

    private static func space(on platform: Platform) -> String {
        platform == .telegram ? "telegram:chat:-9" : "discord:guild:9"
    }

    private static func event(
        _ body: InboundEvent.Body, by person: Person, in place: Place, on platform: Platform, id: String
    ) -> InboundEvent {
        let chat = place == .direct ? person.id : "-9"
        return InboundEvent(
            externalID: id,
            conversation: ConversationKey(
                platform: platform, account: "1", chat: chat, thread: place == .thread ? "7" : nil),
            scope: place == .direct ? .direct : .shared(space: space(on: platform), title: "Us"), isAddressed: true,
            speaker: Speaker(id: person.id, name: "P\(person.id)"), receivedAt: Timestamp(rawValue: 1_790_000_000_000),
            replyAddress: ReplyAddress(rawValue: "to \(chat)"), body: body)
    }

    private static func store(on platform: Platform) async throws -> InMemoryStore {
        let store = InMemoryStore()
        let grants: [(String, AccessRole)] = [
            ("\(platform):1", .owner), ("\(platform):2", .admin), ("\(platform):3", .member),
            ("\(platform):6", .blocked), (space(on: platform), .member),
        ]
        for (entry, role) in grants {
            try await store.grant(
                AccessGrant(entry: entry, role: role, name: "", grantedBy: "pairing", grantedAt: Timestamp(rawValue: 1))
            )
        }
        return store
    }

    @Test("S7: what each role may do, where", arguments: [Platform.telegram, .discord], Place.allCases)
    private func matrix(platform: Platform, place: Place) async throws {
        let store = try await Self.store(on: platform)
        try await EngineFixture(store: store, allow: []).run { f in
            f.delivery.administrators.withLock { $0 = ["5"] }
            let isShared = place != .direct
            for person in Self.people where isShared || person.standing != .guest {
                for (number, command) in Self.commands.enumerated() {
                    let before = f.delivery.texts.count
                    let body = InboundEvent.Body.command(name: command.name, arguments: command.arguments)
                    try await f.engine.accept(
                        [Self.event(body, by: person, in: place, on: platform, id: "\(person.id)/\(number)")],
                        cursor: nil)
                    try await AdmissionTests.settled(f)
                    guard person.standing.isLetIn else {
                        #expect(f.delivery.texts.count == before, "\(command.name)")
                        continue
                    }
                    await f.delivery.waitForTexts(before + 1)
                    let wanted = Rights().verdict(
                        on: command.deed, by: person.standing, isAdministrator: person.isAdministrator,
                        isShared: isShared)
                    #expect(
                        Self.isRefusal(f.delivery.texts[before]) == (wanted != .allowed),
                        "\(command.name) by \(person.standing): \(f.delivery.texts[before])")
                }
            }
            #expect(f.model.requests.isEmpty)
        }
    }

    @Test("a guest is a stranger in private, and a stranger anywhere is told nothing in a group")
    func guestsAreGuests() async throws {
        for platform in [Platform.telegram, .discord] {
            try await EngineFixture(store: Self.store(on: platform), allow: []).run { f in
                func say(_ place: Place, by id: String) -> InboundEvent {
                    Self.event(
                        .message(InboundMessage(text: "hi")), by: Person(id: id, standing: .guest), in: place,
                        on: platform, id: "\(place) \(id)")
                }
                try await f.engine.accept([say(.group, by: "4")], cursor: nil)
                await f.delivery.waitForTexts(1)
                #expect(f.model.requests.count == 1)
                try await f.engine.accept([say(.direct, by: "4")], cursor: nil)
                await f.delivery.waitForTexts(2)
                #expect(f.delivery.texts(in: "4").first?.contains("I have asked my owner") == true)
                #expect(f.model.requests.count == 1)
            }
        }
    }
}
