import BotConversation
import BotCore
import BotTestSupport
import Testing

@Suite("A store that fails at one step and heals", .timeLimit(.minutes(5)))
struct PipelineOutageTests {
    static let steps = [
        "accept", "unfinished", "finish", "ready", "beginFirstSend", "firstSendFailed", "previewStands", "delivered",
        "postpone", "replace", "begin", "commit", "park", "reset", "undo", "grants", "session", "newestMessages",
        "count",
    ]

    @Test("Promises 1 and 3 hold when any single step fails and is repeated", arguments: steps, [1, 4])
    func anyStepMayFail(_ step: String, times: Int) async throws {
        try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            world.transport.watch.change { state in
                state.style = .edit(interval: .seconds(1))
                state.faults[.send] = [
                    .refuse(.notSent("500")), .refuse(.rateLimited(retryAfter: .seconds(2), everywhere: false)),
                ]
                state.faults[.edit] = [.refuse(.messageMissing("gone"))]
            }
            try await world.live(end: .shutdown) { life in
                life.store.fail(step, times: times)
                world.say("w0")
                world.say("w1", in: "2")
                try await world.settle(life)
                world.model.script { .hang(["answer ", PipelineWorld.token(of: $0), " begun"]) }
                world.say("w2")
                await world.model.waitForRequests(3)
                life.store.fail(step, times: times)
                world.say("w3")
                world.command("reset")
                world.model.script { .say(["answer ", PipelineWorld.token(of: $0), " end"]) }
                world.say("w4")
                world.command("undo")
                world.say("w5")
                try await world.settle(life)
                life.store.fail(step, times: times)
                world.model.script { .hang(["answer ", PipelineWorld.token(of: $0), " begun"]) }
                world.say("w6")
                await world.model.waitForRequests(6)
            }
            try await world.live(end: .shutdown) { life in
                life.store.fail(step, times: times)
                world.model.script { .say(["answer ", PipelineWorld.token(of: $0), " end"]) }
                try await world.settle(life)
                life.store.fail(step, times: 0)
                try await world.checkInvariants(chats: ["1", "2"], answersLost: false, life)
            }
        }
    }

    @Test func anOwnerWhoseCodeWasRightIsLetInThoughNothingCanBeReadThen() async throws {
        try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            try await world.live(allow: []) { life in
                let code = try await life.access.makePairingCode()
                life.store.fail("grants", times: 2)
                world.command("start", code)
                world.say("w1")
                try await world.settle(life)
                let texts = world.transport.watch.state.texts(in: "1")
                #expect(texts.first?.hasPrefix("You are my owner now") == true)
                #expect(texts.last == "answer w1 end")
            }
        }
    }

    @Test func aLastWordThatCannotBeReadAtOnceIsShownLater() async throws {
        try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            world.transport.watch.change { $0.faults[.send] = [.hang] }
            try await world.live { life in
                world.say("w0")
                await world.transport.watch.wait { $0.requests.contains { $0.text == "answer w0 end" } }
                // While the answer's only message is on its way, a reset takes it back.
                world.command("reset")
                #expect(await life.waits { world.journal.facts.resets == 1 })
                let reads = life.store.calls["ready"] ?? 0
                life.store.fail("ready", times: 1)
                world.transport.watch.change { $0.isReleased = true }
                #expect(await life.waits { (life.store.calls["ready"] ?? 0) > reads })
                try await world.settle(life)
                #expect(world.transport.watch.state.texts(in: "1").first == "(stopped)")
            }
        }
    }
}
