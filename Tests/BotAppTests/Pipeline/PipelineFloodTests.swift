import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite("A chat that floods", .timeLimit(.minutes(5)))
struct PipelineFloodTests {
    private static let settings = ConversationSettings(queueLimit: 50, chatQueueLimit: 10, version: "1")

    @Test("Promise 5: a chat with too many waiting messages is told so once and holds up nobody")
    func aFloodIsSetAsideAndSaidOnce() async throws {
        try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            world.model.script { request in
                let token = PipelineWorld.token(of: request)
                return token == "w0" ? .hang(["answer w0 end"]) : .say(["answer ", token, " end"])
            }
            try await world.live(settings: Self.settings) { life in
                world.say("w0")
                await world.model.waitForRequests(1)
                for number in 1...100 { world.say("w\(number)") }
                world.say("other", in: "2")
                await world.transport.watch.wait { $0.texts(in: "2") == ["answer other end"] }
                world.model.release()
                try await world.settle(life)
                let texts = world.transport.watch.state.texts(in: "1")
                #expect(texts.filter { $0.contains("set aside") }.count == 1)
                #expect(texts.filter { $0.hasPrefix("answer") } == (0...10).map { "answer w\($0) end" })
                // With room again it answers as ever.
                world.say("later")
                try await world.settle(life)
                #expect(world.transport.watch.state.texts(in: "1").last == "answer later end")
            }
        }
    }

    @Test func whatAnEarlierRunHasTakenIsNeverSetAside() async throws {
        try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            world.model.script { _ in .hang([]) }
            let wide = ConversationSettings(queueLimit: 50, chatQueueLimit: 40, version: "1")
            try await world.live(settings: wide) { life in
                for number in 0..<30 { world.say("w\(number)") }
                #expect(await life.waits { world.journal.facts.entries.count == 30 })
            }
            world.model.script { .say(["answer ", PipelineWorld.token(of: $0), " end"]) }
            try await world.live(settings: Self.settings) { life in
                try await world.settle(life)
                #expect(world.transport.watch.state.texts(in: "1") == (0..<30).map { "answer w\($0) end" })
            }
        }
    }
}
