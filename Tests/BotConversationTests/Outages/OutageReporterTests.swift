import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotConversation

/// What the owners are told of a model that fails, and where.
@Suite(.timeLimit(.minutes(5)))
struct OutageReporterTests {
    /// A reporter over doubles.
    private struct Fixture: Sendable {
        let store = InMemoryStore()
        let time = ManualTime()
        let delivery = RecordingDelivery()
        let links: LinkMonitor
        let access: AccessControl
        private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

        init() {
            links = LinkMonitor(time: time)
            access = AccessControl(store: store, lists: AccessLists(allow: ["telegram:5"]), time: time, logger: logger)
        }

        var reporter: OutageReporter { OutageReporter(store: store, links: links, time: time, logger: logger) }

        var owners: OwnerMessenger {
            OwnerMessenger(store: store, access: access, delivery: delivery, time: time, logger: logger)
        }

        /// Runs a reporter, as one start of the program has it.
        func running(_ body: (OutageReporter) async throws -> Void) async throws {
            try await access.load()
            let (reporter, owners) = (reporter, owners)
            try await withThrowingTaskGroup { group in
                group.addTask { await reporter.run(owners: owners) }
                try await body(reporter)
                group.cancelAll()
            }
        }

        func makeOwner(_ entry: String) async throws {
            try await store.grant(
                AccessGrant(entry: entry, role: .owner, name: "", grantedBy: "pairing", grantedAt: time.now))
        }

        func talk(_ person: String, in chat: String, on platform: Platform = .telegram) async throws {
            let draft = SessionDraft(
                conversation: .key(.test(chat, on: platform)), interfaceType: platform.rawValue, externalUserID: person,
                externalChatID: chat, tokenLimit: 4000, expiresAfter: .seconds(3600))
            _ = try await store.getOrCreate(draft, at: time.now)
        }
    }

    @Test func tellsEachOwnerInPrivateAndNobodyElse() async throws {
        let f = Fixture()
        try await f.makeOwner("telegram:7")
        try await f.makeOwner("discord:8")
        // Who has never written cannot be reached.
        try await f.makeOwner("telegram:9")
        try await f.talk("7", in: "7")
        try await f.talk("8", in: "dm", on: .discord)
        try await f.talk("5", in: "5")
        try await f.talk("", in: "-100")
        try await f.running { reporter in
            reporter.note(.unauthorized("sk-secret"), of: "openai/a")
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts(in: "7").count == 1)
            #expect(f.delivery.texts(in: "dm").count == 1)
            #expect(f.delivery.texts.allSatisfy { $0.hasPrefix("openai does not accept my key") })
            #expect(f.links.all["model/openai"]?.state == .failed)
            let rows = try await f.store.ready(on: .discord, after: nil, limit: 9)
            #expect(rows.map(\.address.rawValue) == ["to dm"])
        }
    }

    @Test func survivesAThousandFailuresAndARestart() async throws {
        let f = Fixture()
        try await f.makeOwner("telegram:7")
        try await f.talk("7", in: "7")
        try await f.running { reporter in
            for _ in 0..<1000 { reporter.note(.quotaExceeded("x"), of: "openai/a") }
            await f.delivery.waitForTexts(1)
        }
        try await f.running { reporter in
            reporter.note(.quotaExceeded("x"), of: "openai/a")
            reporter.note(nil, of: "openai/a")
            await f.delivery.waitForTexts(2)
            reporter.note(nil, of: "openai/a")
            // Another provider is told of after all that came before.
            reporter.note(.unknownModel("x"), of: "ollama/b")
            await f.delivery.waitForTexts(3)
        }
        #expect(
            f.delivery.texts.map { $0.prefix(18) } == [
                "openai has no quot", "openai works again", "The model ollama/b",
            ])
        #expect(f.links.all["model/openai"]?.state == .connected)
    }

    @Test func triesAgainWhenTheStoreCouldNotTakeIt() async throws {
        let f = Fixture()
        try await f.makeOwner("telegram:7")
        try await f.talk("7", in: "7")
        try await f.access.load()
        let (reporter, owners) = (f.reporter, f.owners)
        var watch = OutageWatch()
        f.store.fail(with: .full)
        reporter.note(.unauthorized("x"), of: "openai/a")
        await reporter.handleWaiting(&watch, owners)
        #expect(f.delivery.texts.isEmpty)
        #expect(watch == OutageWatch())
        f.store.fail(with: nil)
        for _ in 0..<2 { reporter.note(.unauthorized("x"), of: "openai/a") }
        await reporter.handleWaiting(&watch, owners)
        #expect(f.delivery.texts.count == 1)
    }

    @Test func whatIsKeptAndCannotBeReadIsNoHindrance() async throws {
        let f = Fixture()
        try await f.makeOwner("telegram:7")
        try await f.talk("7", in: "7")
        try await f.store.setCursor(named: "outages", to: "nonsense")
        try await f.running { reporter in
            reporter.note(.unauthorized("x"), of: "openai/a")
            await f.delivery.waitForTexts(1)
        }
    }
}
