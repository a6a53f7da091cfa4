import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotDiscord

/// Parts of Discord that are down, against the fake Discord.
@Suite(.timeLimit(.minutes(5)))
struct OutageTests {
    @Test("D34: a dead address for resuming costs no session")
    func deadResumeAddress() async throws {
        try await withPlatform { world in
            let ada = world.fake.user("42")
            ada.say("one")
            _ = await world.intake.event(1)
            world.fake.breakResumeAddress(true)
            world.fake.dropAll()
            ada.say("two")
            #expect(await world.intake.event(2).body.words == "two")
            #expect(world.fake.identifyCount == 1 && world.fake.resumeCount == 1)
        }
    }

    @Test("D3: a connection that stands and over which nothing comes is replaced, and nothing is lost")
    func muteConnection() async throws {
        try await withFakeDiscord { fake in
            fake.setHeartbeatInterval(1000)
            let world = try await PlatformFixture.make(fake)
            try await world.running {
                let ada = fake.user("42")
                ada.say("one")
                _ = await world.intake.event(1)
                fake.muteAll()
                ada.say("two")
                #expect(await world.intake.event(2).body.words == "two")
                #expect(fake.identifyCount == 1 && fake.resumeCount == 1)
            }
        }
    }

    @Test("D19: a token that the REST API refuses ends the link, although the gateway stands")
    func refusedTokenEndsTheLink() async throws {
        try await withFakeDiscord { fake in
            let world = try await PlatformFixture.make(fake)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await world.platform.run(intake: world.intake) }
                try await fake.until { $0.isReady }
                let ada = fake.user("42")
                ada.say("Hello")
                let event = await world.intake.event(1)
                fake.fail("POST /channels", .status(401))
                await #expect(throws: DeliveryError.self) {
                    try await world.platform.send(
                        RenderedChunk(text: "Hi"), to: event.replyAddress, nonce: "n", isFirst: true)
                }
                // It ends by itself.
                try await group.waitForAll()
            }
            let status = try #require(world.links.all["discord"])
            #expect(status.state == .failed)
            #expect(status.problem == GatewayStop.tokenRefused.sentence)
            try await fake.until { !$0.isReady }
            #expect(fake.closeCodes.allSatisfy { $0 == 4000 })
        }
    }

    @Test("D7: the identifies spent are known after a restart")
    func identifiesAreStored() async throws {
        try await withFakeDiscord { fake in
            let world = try await PlatformFixture.make(fake)
            try await world.running {
                fake.user("42").say("one")
                _ = await world.intake.event(1)
            }
            let memory = GatewayMemory(
                cursors: world.store, token: try requireSecret(fake.token), shard: .only,
                logger: Logger(label: "x", factory: { _ in SwiftLogNoOpLogHandler() }))
            let budget = await memory.budget()
            #expect(budget.remaining(at: SystemTime().now) == 998, "one of the fake's 999")
        }
    }
}
