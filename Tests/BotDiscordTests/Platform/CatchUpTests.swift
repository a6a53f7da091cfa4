import BotCore
import BotTestSupport
import Testing

@testable import BotDiscord

/// Messages that no event told of, against the fake Discord.
@Suite(.timeLimit(.minutes(5)))
struct CatchUpTests {
    /// The texts of the events, once there are so many.
    private func texts(_ count: Int, _ world: PlatformFixture) async -> [String] {
        var texts: [String] = []
        for number in 1...count {
            if case .message(let message) = await world.intake.event(number).body { texts.append(message.text) }
        }
        return texts
    }

    @Test("D6: what was missed between two sessions is fetched, the oldest first, and taken in before what comes then")
    func fetchesWhatWasMissed() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let world = try await PlatformFixture.make(fake, channels: [ada.channel, fake.general])
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.invalidate(resumable: false)
                ada.say("two")
                ada.say("three")
                fake.user("43").say("not for the bot", in: fake.general)
                ada.say("four", in: fake.general, mentioning: true)
                try await fake.until { $0.identifyCount == 2 && $0.isReady }
                ada.say("five")
                let texts = await texts(5, world)
                #expect(texts.filter { $0 != "four" } == ["one", "two", "three", "five"])
                let general = try #require(world.intake.seen.state.events.first { $0.scope.isShared })
                #expect(general.body.words == "four")
                #expect(general.scope == .shared(space: "discord:guild:\(fake.guild)", title: "Rig"))
                #expect(general.isAddressed)
            }
            #expect(Set(world.intake.seen.state.events.map(\.externalID)).count == 5)
            #expect(fake.violations == [])
        }
    }

    @Test("D6: whatever people have said to each other, what was for the bot is fetched")
    func looksThroughTalk() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let world = try await PlatformFixture.make(fake, channels: [fake.general])
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.invalidate(resumable: false)
                // More than are taken, and more than a page.
                for number in 0..<130 { fake.user("\(500 + number)").say("talk \(number)", in: fake.general) }
                ada.say("two", in: fake.general, mentioning: true)
                #expect(await texts(2, world) == ["one", "two"])
            }
            #expect(world.intake.seen.state.events.count == 2)
            #expect(fake.requests("GET /guilds/\(fake.guild)/members").count == 1)
        }
    }

    @Test("D6: who speaks without a mention, where all is for the bot, has their roles", arguments: [false, true])
    func asksForRoles(_ hearsEverything: Bool) async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            fake.give(FakeDiscord.readers, to: "42")
            let world = try await PlatformFixture.make(fake, content: true, channels: [fake.general]) {
                if hearsEverything { $0.hearsEverything = true } else { $0.channels = [fake.general] }
            }
            try await world.running {
                ada.say("one", in: fake.general)
                let seen = await world.intake.event(1)
                fake.invalidate(resumable: false)
                ada.say("two", in: fake.general)
                let missed = await world.intake.event(2)
                #expect(missed.body.words == "two")
                #expect(seen.speaker.roles == [FakeDiscord.readers] && missed.speaker.roles == seen.speaker.roles)
                #expect(missed.isAddressed == seen.isAddressed)
            }
        }
    }

    @Test("D28: where answers open threads, the channels that they were made in are looked through as well")
    func looksAtTheChannelsOfThreads() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let thread = fake.makeChannel(type: 11, in: fake.general)
            let world = try await PlatformFixture.make(fake, channels: [thread, ada.channel]) {
                $0.answerInThread = true
            }
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.invalidate(resumable: false)
                ada.say("two", in: fake.general, mentioning: true)
                #expect(await texts(2, world) == ["one", "two"])
                // Neither do events tell of it nor do fetched messages: whether a thread can be opened there is known all the same.
                let address = try #require(DiscordAddress(await world.intake.event(2).replyAddress))
                #expect(address.thread?.parent == fake.general)
                #expect(fake.requests().filter { $0.name == "GET /channels/\(fake.general)" }.count == 1)
            }
        }
    }

    @Test("D28: what was missed in a followed thread is for the bot without a mention")
    func fetchesFromThreads() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let forum = fake.makeChannel(type: 15)
            let post = fake.makeChannel(type: 11, in: forum)
            let world = try await PlatformFixture.make(fake, content: true, channels: [post]) {
                $0.channels = [forum]
            }
            try await world.running {
                ada.say("one", in: post)
                _ = await world.intake.event(1)
                fake.invalidate(resumable: false)
                ada.say("two", in: post)
                let missed = await world.intake.event(2)
                #expect(missed.body.words == "two" && missed.isAddressed)
            }
        }
    }

    @Test("D6: a mention in a channel where the bot has never talked, and a post that was made meanwhile, are fetched")
    func fetchesFromNewPlaces() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            fake.giveOwnRole()
            let (forum, other) = (fake.makeChannel(type: 15), fake.makeChannel(type: 0))
            let quiet = fake.makeChannel(type: 0)
            let hidden = (0..<60).map { _ in fake.makeChannel(type: 0) }
            for channel in hidden { fake.hide(channel) }
            let world = try await PlatformFixture.make(fake, content: true, channels: [ada.channel]) {
                $0.channels = [forum]
            }
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.invalidate(resumable: false)
                ada.say("two")
                ada.say("three", in: other, mentioning: true)
                ada.say("four", in: fake.makeChannel(type: 11, in: forum))
                for channel in hidden { fake.user("43").say("among ourselves", in: channel) }
                // The channel that is known comes first, then that with the newest message.
                #expect(await texts(4, world) == ["one", "two", "four", "three"])
            }
            #expect(fake.requests("GET /channels/\(quiet)").isEmpty)
            #expect(fake.requests("GET /channels").allSatisfy { $0.status == 200 })
            #expect(fake.violations == [])
        }
    }

    @Test("D34: a REST API that fails for a moment costs no message")
    func triesAgain() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let world = try await PlatformFixture.make(fake, channels: [ada.channel])
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.fail("GET /channels", .page(503))
                fake.fail("GET /channels", .limited(.milliseconds(100)))
                fake.fail("GET /channels", .answerLost)
                fake.invalidate(resumable: false)
                ada.say("two")
                #expect(await texts(2, world) == ["one", "two"])
            }
        }
    }

    @Test(
        "D34: while a channel cannot be read, what is written there waits for its place, and other channels do not wait"
    )
    func keepsTheOrder() async throws {
        try await withFakeDiscord { fake in
            let (ada, bob) = (fake.user("42"), fake.user("43"))
            let world = try await PlatformFixture.make(fake, channels: [ada.channel])
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.fail("GET /channels", .limited(.seconds(1)), times: 2)
                fake.invalidate(resumable: false)
                ada.say("two")
                try await fake.until { $0.identifyCount == 2 && $0.isReady }
                try await fake.until { !$0.requests("GET /channels").isEmpty }
                ada.say("three")
                bob.say("elsewhere")
                #expect(await texts(4, world) == ["one", "elsewhere", "two", "three"])
            }
        }
    }

    /// The texts of so many messages, once they came; edits and deletions are not counted.
    private func messages(_ count: Int, _ world: PlatformFixture) async -> [String] {
        await world.intake.seen.wait { $0.events.compactMap(\.body.words).count >= count }
        return world.intake.seen.state.events.compactMap(\.body.words)
    }

    @Test(
        "D34: what is edited and deleted while Discord takes its time over what was missed is taken as it is then"
    )
    func heedsChangesMeanwhile() async throws {
        try await withFakeDiscord { fake in
            let (ada, bob) = (fake.user("42"), fake.user("43"))
            let world = try await PlatformFixture.make(fake, channels: [ada.channel])
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                let gate = Gate(isOpen: false)
                fake.fail("GET /channels", .answerHeld(gate))
                fake.invalidate(resumable: false)
                ada.say("two")
                let (gone, mended) = (ada.say("gone"), ada.say("tree"))
                try await fake.until { !$0.requests("GET /channels").isEmpty }
                // What is answered is what there was when it was asked for.
                try await fake.until { $0.identifyCount == 2 && $0.isReady }
                ada.say("four")
                bob.say("elsewhere")
                #expect(await messages(2, world) == ["one", "elsewhere"])
                ada.delete(gone)
                ada.edit(mended, to: "three")
                bob.say("there")
                #expect(await messages(3, world) == ["one", "elsewhere", "there"])
                gate.set(open: true)
                #expect(await messages(6, world) == ["one", "elsewhere", "there", "two", "three", "four"])
                bob.say("end")
                #expect(await messages(7, world).last == "end")
            }
        }
    }

    @Test("D5: what is kept back while its channel is looked through is there after a restart, once and in its place")
    func keepsWhatIsKeptBack() async throws {
        try await withFakeDiscord { fake in
            let (ada, bob) = (fake.user("42"), fake.user("43"))
            let gate = Gate(isOpen: false)
            let first = try await PlatformFixture.make(fake, channels: [ada.channel])
            try await first.running {
                ada.say("one")
                _ = await first.intake.event(1)
                fake.fail("GET /channels", .answerHeld(gate))
                fake.invalidate(resumable: false)
                ada.say("two")
                try await fake.until { $0.identifyCount == 2 && $0.isReady }
                try await fake.until { !$0.requests("GET /channels").isEmpty }
                ada.say("three")
                bob.say("elsewhere")
                #expect(await messages(2, first) == ["one", "elsewhere"])
            }
            gate.set(open: true)
            // The resumed session tells this before anything else.
            ada.say("four")
            let second = try await PlatformFixture.make(fake, store: first.store, channels: [ada.channel])
            try await second.running {
                #expect(await messages(3, second) == ["two", "three", "four"])
            }
        }
    }

    @Test("D5: what was missed while the bot did not run, and its session has gone, is fetched at the next start")
    func fetchesAfterRestart() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let first = try await PlatformFixture.make(fake, channels: [ada.channel])
            try await first.running {
                ada.say("one")
                _ = await first.intake.event(1)
            }
            fake.invalidate(resumable: false)
            ada.say("two")
            let second = try await PlatformFixture.make(fake, store: first.store, channels: [ada.channel])
            try await second.running {
                let event = await second.intake.event(1)
                #expect(event.body.words == "two")
            }
            #expect(fake.identifyCount == 2)
        }
    }

    @Test("D19: channels that may not be read are left alone, and too many of them end it")
    func leavesUnreadableChannels() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let unknown = (0..<200).map { "9\($0)" }
            let world = try await PlatformFixture.make(fake, channels: unknown + [ada.channel])
            try await world.running {
                ada.say("one")
                _ = await world.intake.event(1)
                fake.invalidate(resumable: false)
                try await fake.until { $0.requests("GET /channels").count == 50 }
                ada.say("two")
                _ = await world.intake.event(2)
                #expect(fake.requests("GET /channels").count == 50)
            }
        }
    }
}
