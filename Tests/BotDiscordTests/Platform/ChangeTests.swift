import BotCore
import BotTestSupport
import Testing

@testable import BotDiscord

/// Edits and deletions of messages that the bot has taken, over real sockets.
@Suite(.timeLimit(.minutes(5)))
struct ChangeTests {
    @Test(
        "D27: what is deleted or taken back while the bot does not run is told, of messages that wait",
        arguments: [true, false])
    func changedBetweenRuns(isDeleted: Bool) async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let first = try await PlatformFixture.make(fake)
            var question = ""
            try await first.running {
                question = ada.say("a question", in: fake.general, mentioning: true)
                _ = await first.intake.event(1)
            }
            let other = ada.say("lunch?", in: fake.general)
            ada.delete(other)
            if isDeleted { ada.delete(question) } else { ada.edit(question, to: "never mind") }
            let second = try await PlatformFixture.make(fake, store: first.store)
            try await second.running {
                ada.say("later")
                #expect(await second.intake.before("later") == [.deleted(message: question)])
            }
            #expect(fake.resumeCount == 1)
        }
    }

    @Test(
        "D27: an edit takes a message back only where it is known that the message is not for the bot any more",
        arguments: [nil, .page(503), .status(403, code: 50_001)] as [FakeDiscordFault?])
    func openEdits(_ fault: FakeDiscordFault?) async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let forum = fake.makeChannel(type: 15)
            let world = try await PlatformFixture.make(fake, content: true) { $0.channels = [forum] }
            try await world.running {
                // Not a thread of that forum, which the bot does not know: it has not seen it made.
                let thread = fake.makeChannel(type: 11, in: fake.general)
                let question = ada.say("a question", in: thread, mentioning: true)
                _ = await world.intake.event(1)
                if let fault { fake.fail("GET /channels/\(thread)", fault) }
                ada.edit(question, to: "never mind")
                ada.say("later")
                let changes = await world.intake.before("later").dropFirst()
                #expect(changes == (fault == nil ? [.deleted(message: question)] : []))
                #expect(fake.requests("GET /channels/\(thread)").count == 1)
            }
        }
    }

    @Test("D28: what a channel is, is asked once, for its threads and for whether a thread can be opened there")
    func oneQuestion() async throws {
        try await withFakeDiscord { fake in
            let ada = fake.user("42")
            let world = try await PlatformFixture.make(fake, content: true) { $0.answerInThread = true }
            try await world.running {
                // Older events do not tell the channel's type.
                for (number, isForBot) in [false, true, true].enumerated() {
                    ada.say(
                        "\(number)", in: fake.general, mentioning: isForBot, extra: ["channel_type": .null])
                }
                let address = try #require(DiscordAddress(await world.intake.event(2).replyAddress))
                #expect(address.thread?.parent == fake.general)
                #expect(fake.requests("GET /channels").count == 1)
            }
        }
    }
}

extension RecordingIntake {
    /// What came before a message with these words, once that has come.
    fileprivate func before(_ words: String) async -> [InboundEvent.Body] {
        await seen.wait { $0.events.contains { $0.body.words == words } }
        return Array(seen.state.events.map(\.body).prefix { $0.words != words })
    }
}
