import BotCore
import BotStore
import BotTestSupport
import Testing

@testable import BotApp

/// What people send as one thing and Telegram delivers in several updates: one answer, through the whole program.
@Suite(.timeLimit(.minutes(5)))
struct JoinedQuestionTests {
    enum Kind: Sendable, CaseIterable {
        case album, cutText, forwards

        /// Sends what the client sends first.
        func begin(by person: FakeTelegramUser) {
            switch self {
            case .album:
                person.sendPhoto([(JoinedQuestionTests.pictures[0], 32, 24)], caption: "which one?", album: "7")
            case .cutText: person.say("first words " + String(repeating: "x", count: 4084))
            case .forwards: person.say("what do they mean?")
            }
        }

        /// Sends the rest.
        func end(by person: FakeTelegramUser) {
            switch self {
            case .album: person.sendPhoto([(JoinedQuestionTests.pictures[1], 24, 32)], album: "7")
            case .cutText: person.say("last words")
            case .forwards:
                let origin = JSONValue.object(["type": "hidden_user", "date": 1, "sender_user_name": "Eve"])
                for word in ["aye", "nay"] { person.say(word, extra: ["forward_origin": origin]) }
            }
        }

        /// Whether a request holds all of it.
        func isWhole(_ call: FakeModelServer.Call) -> Bool {
            let question = call.question ?? ""
            return switch self {
            case .album:
                question.contains("which one?")
                    && call.messages.last?.images.map(\.bytes) == JoinedQuestionTests.pictures
            case .cutText: question.contains("first words") && question.contains("last words")
            case .forwards: ["what do they mean?", "aye", "nay"].allSatisfy(question.contains)
            }
        }
    }

    private static let pictures = [SampleImage.jpeg(width: 32, height: 24), SampleImage.jpeg(width: 24, height: 32)]

    /// A model that answers the whole question, and is silent to a part of it.
    private static func withWorld(_ kind: Kind, _ body: (AppWorld, FakeTelegramUser) async throws -> Void) async throws
    {
        try await AppWorld.with { world in
            world.model.setFacts(["capabilities": .object(["vision": true])])
            world.model.setFallback { kind.isWhole($0) ? ModelAnswer("All of it.") : .silence }
            let ada = world.telegram.user(AppWorld.people[0])
            try await body(world, ada)
            #expect(world.telegram.sent(in: ada.id).map(\.text) == ["All of it."])
            #expect(world.model.calls.filter(kind.isWhole).count == 1)
            let store = try SQLiteStore.open(path: world.directory.file("data/mybot.db"))
            #expect(try await store.unfinished(after: nil, limit: 10).isEmpty)
            #expect(try await store.ready(on: .telegram, after: nil, limit: 10).isEmpty)
            try store.close()
        }
    }

    @Test("T16: an album, a cut text, and forwards with their comment get one answer each", arguments: Kind.allCases)
    func answersOnce(kind: Kind) async throws {
        try await Self.withWorld(kind) { world, ada in
            try await world.running { app in
                kind.begin(by: ada)
                try await app.until { try await !app.app.store.unfinished(after: nil, limit: 1).isEmpty }
                kind.end(by: ada)
                try await world.telegram.reply(in: ada.id, holding: "All of it.")
                try await app.untilAllIsHandled()
            }
        }
    }

    @Test("T16: also when the program is stopped between their parts", arguments: Kind.allCases)
    func answersOnceOverARestart(kind: Kind) async throws {
        try await Self.withWorld(kind) { world, ada in
            try await world.running { app in
                kind.begin(by: ada)
                try await app.until { try await !app.app.store.unfinished(after: nil, limit: 1).isEmpty }
            }
            #expect(world.telegram.sent(in: ada.id).isEmpty)
            kind.end(by: ada)
            try await world.running { app in
                try await world.telegram.reply(in: ada.id, holding: "All of it.")
                try await app.untilAllIsHandled()
            }
        }
    }
}
