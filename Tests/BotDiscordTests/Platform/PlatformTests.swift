import BotCore
import BotTestSupport
import Testing

@testable import BotDiscord

/// The whole platform against the fake Discord, over real sockets.
@Suite(.timeLimit(.minutes(5)))
struct PlatformTests {
    @Test("D27: a direct message comes in and an answer goes out")
    func answersDirectMessage() async throws {
        try await withPlatform { world in
            let ada = world.fake.user("1200000000000000042", name: "ada")
            let question = ada.say("Hello")
            let event = await world.intake.event(1)
            #expect(event.externalID == "m\(question)")
            #expect(event.body.words == "Hello")
            #expect(event.scope == .direct && event.isAddressed && event.speaker.name == "ada")
            let id = try await world.platform.send(
                RenderedChunk(text: "Hi"), to: event.replyAddress, nonce: "n1", isFirst: true)
            let message = try #require(world.fake.sent(in: ada.channel).first)
            #expect(message.id == id && message.content == "Hi" && message.replyTo == nil)
            try await world.platform.edit(message.id, to: RenderedChunk(text: "Hi there"), at: event.replyAddress)
            #expect(world.fake.sent(in: ada.channel).map(\.content) == ["Hi there"])
            try await world.platform.showTyping(at: event.replyAddress)
            #expect(world.fake.typingCount(in: ada.channel) == 1)
            #expect(world.fake.violations == [])
        }
    }

    @Test("D27: in a server it hears what is for it, and replies to the question")
    func hearsMentions() async throws {
        try await withPlatform { world in
            let eve = world.fake.user("77")
            eve.say("just talking", in: world.fake.general)
            let question = eve.say("my dog is Rex", in: world.fake.general, mentioning: true)
            let event = await world.intake.event(1)
            #expect(event.body.words == "my dog is Rex")
            #expect(event.scope == .shared(space: "discord:guild:\(world.fake.guild)", title: "Rig"))
            let first = try await world.platform.send(
                RenderedChunk(text: "Noted"), to: event.replyAddress, nonce: "n1", isFirst: true)
            _ = try await world.platform.send(
                RenderedChunk(text: "More"), to: event.replyAddress, nonce: "n2", isFirst: false)
            #expect(world.fake.sent(in: world.fake.general).map(\.replyTo) == [question, nil])
            eve.say("thanks", in: world.fake.general, replyTo: first)
            #expect(await world.intake.event(2).isAddressed)
        }
    }

    @Test(
        "D20: a message whose answer was lost, or came as an error of the network, is sent again without a second one",
        arguments: [FakeDiscordFault.answerLost, .answerReplaced(504), .answerReplaced(500), .answerReplaced(524)])
    func repeatedSendMakesOneMessage(_ fault: FakeDiscordFault) async throws {
        try await withPlatform { world in
            let ada = world.fake.user("42")
            ada.say("Hello")
            let event = await world.intake.event(1)
            world.fake.fail("POST /channels", fault)
            do throws(DeliveryError) {
                _ = try await world.platform.send(
                    RenderedChunk(text: "Hi"), to: event.replyAddress, nonce: "n1", isFirst: true)
                Issue.record("it went through")
            } catch {
                #expect(error.kind == .outcomeUnknown)
            }
            let id = try await world.platform.send(
                RenderedChunk(text: "Hi"), to: event.replyAddress, nonce: "n1", isFirst: true)
            #expect(world.fake.sent(in: ada.channel).map(\.id) == [id])
        }
    }

    @Test("D31: a slash command is acknowledged at once and answered in place, further messages follow")
    func answersSlashCommand() async throws {
        try await withPlatform { world in
            let ada = world.fake.user("42")
            let id = ada.slash("ask", "who am I?", in: world.fake.general)
            let event = await world.intake.event(1)
            #expect(event.externalID == "i\(id)")
            #expect(event.body.words == "who am I?")
            #expect(world.platform.previewStyle(at: event.replyAddress) != .off)
            #expect(world.platform.awaitsAnswer(at: event.replyAddress))
            #expect(world.platform.typingInterval(at: event.replyAddress) == nil)
            for number in 0..<2 {
                _ = try await world.platform.send(
                    RenderedChunk(text: "part \(number)"), to: event.replyAddress, nonce: "n\(number)",
                    isFirst: number == 0)
            }
            let interaction = try #require(world.fake.interaction(id))
            #expect(try #require(interaction.acknowledgedAfter) < .seconds(3))
            let messages = world.fake.sent(in: world.fake.general)
            #expect(messages.map(\.content) == ["part 0", "part 1"])
            #expect(messages.map(\.interaction) == [id, id])
            try await world.platform.edit(messages[1].id, to: RenderedChunk(text: "new"), at: event.replyAddress)
            #expect(world.fake.sent(in: world.fake.general).last?.content == "new")
            #expect(world.fake.violations == [])
        }
    }

    @Test("D31: the answer to /reset in a server is seen by the person alone")
    func resetIsPrivate() async throws {
        try await withPlatform { world in
            world.fake.user("42").slash("reset", in: world.fake.general)
            let event = await world.intake.event(1)
            #expect(world.platform.previewStyle(at: event.replyAddress) == .off)
            _ = try await world.platform.send(
                RenderedChunk(text: "Done"), to: event.replyAddress, nonce: "n", isFirst: true)
            #expect(world.fake.sent(in: world.fake.general).map(\.isPrivate) == [true])
        }
    }

    @Test("D24: typing is shown for as long as Discord needs it, and not where an interaction shows it")
    func showsTyping() async throws {
        try await withPlatform { world in
            let ada = world.fake.user("42")
            ada.say("Hello")
            let message = await world.intake.event(1).replyAddress
            #expect(world.platform.typingInterval(at: message) == .seconds(8))
            try await world.platform.showTyping(at: message)
            ada.slash("ask", "why?")
            let command = await world.intake.event(2).replyAddress
            #expect(world.platform.typingInterval(at: command) == nil)
            try await world.platform.showTyping(at: command)
            #expect(world.fake.typingCount(in: ada.channel) == 1)
        }
    }

    @Test("D31: the acknowledgement does not wait for the store")
    func acknowledgesWhileTheStoreHangs() async throws {
        try await withPlatform { world in
            world.intake.seen.change { $0.isBlocked = true }
            let ada = world.fake.user("42")
            ada.say("first")
            let id = ada.slash("ask")
            try await world.fake.until { $0.interaction(id)?.callback != nil }
        }
    }

    @Test("D31: an interaction whose token is refused is answered in the channel")
    func expiredInteractionFallsBack() async throws {
        try await withPlatform { world in
            let ada = world.fake.user("42")
            ada.slash("ask")
            let event = await world.intake.event(1)
            world.fake.fail("PATCH /webhooks", .status(401, code: 50027))
            _ = try await world.platform.send(
                RenderedChunk(text: "late"), to: event.replyAddress, nonce: "n", isFirst: true)
            #expect(world.fake.sent(in: ada.channel).contains { $0.content == "late" && $0.interaction == nil })
        }
    }

    @Test("D32: an unknown command and an old button are answered politely and make no event")
    func unknownInteractionsAreAnswered() async throws {
        try await withPlatform { world in
            let ada = world.fake.user("42")
            for id in [ada.slash("dance"), ada.press("old", under: "1")] {
                try await world.fake.until { $0.interaction(id)?.callback != nil }
            }
            #expect(world.fake.sent(in: ada.channel).count == 2)
            ada.say("still there?")
            #expect(await world.intake.event(1).body.words == "still there?")
        }
    }

    @Test("D30: commands are registered once and only when they have changed")
    func registersCommandsOnce() async throws {
        try await withFakeDiscord { fake in
            let first = try await PlatformFixture.make(fake)
            try await first.running { try await fake.until { $0.commandNames == ["ask", "reset", "retry"] } }
            let second = try await PlatformFixture.make(fake)
            try await second.running {
                try await fake.until { $0.requests("GET /applications").count == 2 }
                fake.user("42").say("x")
                _ = await second.intake.event(1)
            }
            #expect(fake.requests("PUT /applications").count == 1)
        }
    }

    enum Loss: String, Sendable, CaseIterable {
        case drop, reconnect, resumable, close4000, close4009, zombie
    }

    @Test("D6: after each loss the session is resumed and nothing is missed", arguments: Loss.allCases)
    func resumesAfterLoss(_ loss: Loss) async throws {
        try await withFakeDiscord { fake in
            if loss == .zombie { fake.setHeartbeatInterval(2000) }
            let world = try await PlatformFixture.make(fake)
            try await world.running {
                let ada = fake.user("42")
                ada.say("one")
                _ = await world.intake.event(1)
                switch loss {
                case .drop: fake.dropAll()
                case .reconnect: fake.askReconnect()
                case .resumable: fake.invalidate(resumable: true)
                case .close4000: fake.closeAll(4000)
                case .close4009: fake.closeAll(4009)
                case .zombie: fake.acknowledgeHeartbeats(false)
                }
                if loss == .zombie {
                    try await fake.until { $0.connectionCount >= 2 }
                    fake.acknowledgeHeartbeats(true)
                }
                ada.say("two")
                #expect(await world.intake.event(2).body.words == "two")
                try await fake.until { $0.resumeCount >= 1 }
                #expect(fake.identifyCount == 1)
                #expect(fake.violations == [])
                #expect(fake.closeCodes.allSatisfy { $0 == 4000 || loss == .close4009 || loss == .close4000 })
            }
        }
    }

    @Test("D6: an invalid session is followed by a new one")
    func identifiesAfterInvalidSession() async throws {
        try await withPlatform { world in
            world.fake.invalidate(resumable: false)
            try await world.fake.until { $0.identifyCount == 2 && $0.isReady }
            world.fake.user("42").say("hello")
            _ = await world.intake.event(1)
            #expect(world.fake.requests("GET /gateway").count == 1)
        }
    }

    @Test("D5: a restart resumes the session and gets what came meanwhile")
    func restartResumes() async throws {
        try await withFakeDiscord { fake in
            let first = try await PlatformFixture.make(fake)
            let ada = fake.user("42")
            try await first.running {
                ada.say("one")
                _ = await first.intake.event(1)
            }
            ada.say("two")
            let second = try await PlatformFixture.make(fake, store: first.store)
            try await second.running {
                #expect(await second.intake.event(1).body.words == "two")
            }
            #expect(fake.identifyCount == 1 && fake.resumeCount == 1)
            #expect(fake.closeCodes.contains(1000) == false)
        }
    }

    @Test("D6: what cannot heal stops with one sentence", arguments: [(4004, "token"), (4014, "intent")])
    func stopsForGood(_ code: Int, _ word: String) async throws {
        try await withFakeDiscord { fake in
            fake.answerIdentifies(with: [code])
            let world = try await PlatformFixture.make(fake)
            await world.platform.run(intake: world.intake)
            let status = try #require(world.links.all["discord"])
            #expect(status.state == .failed)
            #expect(status.problem?.lowercased().contains(word) == true)
            #expect(fake.connectionCount == 1)
        }
    }

    @Test("D18: a refused token stops before any connection")
    func refusedTokenStops() async throws {
        try await withFakeDiscord { fake in
            let world = try await PlatformFixture.make(fake, token: "MTAw.wrong.token")
            await world.platform.run(intake: world.intake)
            #expect(world.links.all["discord"]?.state == .failed)
            #expect(fake.connectionCount == 0)
        }
    }

    @Test("D34: while the gateway's address cannot be had, it goes on trying")
    func survivesGatewayOutage() async throws {
        try await withFakeDiscord { fake in
            fake.fail("GET /gateway", .page(502), times: 2)
            let world = try await PlatformFixture.make(fake)
            try await world.running { #expect(fake.requests("GET /gateway").count == 3) }
        }
    }

    @Test("D3: heartbeats go on while the store takes nothing")
    func heartbeatsGoOnUnderBackPressure() async throws {
        try await withFakeDiscord { fake in
            fake.setHeartbeatInterval(2000)
            let world = try await PlatformFixture.make(fake)
            world.intake.seen.change { $0.isBlocked = true }
            try await world.running {
                let ada = fake.user("42")
                for number in 0..<600 { ada.say("message \(number)") }
                await world.intake.seen.wait { $0.attempts > 0 }
                let before = fake.heartbeatCount
                try await fake.until { $0.heartbeatCount >= before + 2 }
                #expect(fake.connectionCount == 1)
                #expect(world.intake.seen.state.attempts == 1)
            }
        }
    }
}
