import BotConversation
import BotCore
import BotSessions
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ResetTests {
    @Test("Promise 3: /reset confirms while the model hangs, before it cancels")
    func confirmsBeforeItCancels() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .stubborn(["late"]) }
            try await f.engine.accept([.message("first"), .message("second"), .message("third")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            // The model has not even heeded being cancelled yet.
            await f.delivery.waitForTexts(1)
            let calls = f.delivery.calls
            let ended = try #require(calls.firstIndex { if case .ends = $0 { true } else { false } })
            let confirmed = try #require(calls.firstIndex { if case .enqueued = $0 { true } else { false } })
            #expect(ended < confirmed, "a preview could be begun after the last word")
            #expect(f.delivery.texts[0].contains("forgotten 1 message "))
            #expect(f.delivery.texts[0].contains("dropped 2 messages"))
            #expect(f.delivery.texts[0].contains("/undo"))
            f.model.script { _ in .say(["fresh"]) }
            f.model.release()
            try await f.engine.accept([.message("after")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "fresh")
            #expect(f.delivery.texts.count == 2)
            #expect(f.model.requests.last?.allWords == ["after"])
        }
    }

    @Test("Promise 3: a late answer is dropped and its cost booked")
    func lateAnswersAreSuperseded() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .stubborn(["late"]) }
            try await f.engine.accept([.message("first")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(1)
            f.model.release()
            f.model.script { _ in .say(["fresh"]) }
            try await f.engine.accept([.message("after")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(try await f.log(in: "42") == ["user: first", "user: after", "assistant: fresh"])
            guard case .begins(let turn)? = f.delivery.calls.first else {
                Issue.record("no turn began")
                return
            }
            #expect(f.store.usage(of: turn) == TokenUsage(promptTokens: 10, completionTokens: 5))
        }
    }

    @Test func aHangingCallIsCancelled() async throws {
        try await EngineFixture().run { f in
            f.model.script { $0.words == "first" ? .hang(["part"]) : .say(["fresh"]) }
            try await f.engine.accept([.message("first")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("reset"), .message("after")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.model.cancelledCalls == 1)
            #expect(f.delivery.texts[1] == "fresh")
        }
    }

    @Test func aResetTouchesNoOtherChat() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["kept"]) }
            try await f.engine.accept([.message("hello", chat: "1")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("reset", chat: "2")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts(in: "2") == ["There was nothing to forget: we start afresh."])
            f.model.release()
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts(in: "1") == ["kept"])
        }
    }

    @Test func aStandingPreviewGetsItsLastWord() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("first")], cursor: nil)
            await f.model.waitForRequests(1)
            let reply = try #require(f.store.allRows.first?.row)
            _ = try await f.store.previewStands(of: reply.id, as: "m1")
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1] == "(stopped)")
            #expect(f.delivery.texts[0].hasPrefix("Done. I have forgotten 1 message"))
        }
    }

    /// A message that comes right after `/reset` must not be cleared with what was before.
    @Test func messagesRightAfterAResetAreKept() async throws {
        try await EngineFixture().run { f in
            for round in 1...20 {
                let before = f.delivery.texts.count
                try await f.engine.accept(
                    [
                        .message("before \(round)"), .command("reset", id: "r\(round)"),
                        .message("after \(round)", id: "a\(round)"),
                    ], cursor: nil)
                await f.delivery.wait { calls in
                    calls.contains {
                        if case .enqueued(let row) = $0 { row.payload?.text == "re: after \(round)" } else { false }
                    }
                }
                #expect(f.delivery.texts.count > before)
                #expect(f.model.requests.last?.allWords == ["after \(round)"])
            }
        }
    }

    @Test func resetsFromElsewhereAreCarriedOut() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .hang(["Half"]) }
            try await f.engine.accept([.message("first")], cursor: nil)
            await f.model.waitForRequests(1)
            let reply = try #require(f.store.allRows.first?.row)
            _ = try await f.store.previewStands(of: reply.id, as: "m1")
            let request = CommandRequest(conversation: .key(.test("42")), event: nil, at: f.time.now)
            let outcome = try await f.sessions.reset(request, stopped: RenderedChunk(text: "gone")) { _ in [] }
            f.engine.carryOut(outcome)
            while try await !f.store.unfinished(after: nil, limit: 1).isEmpty || f.model.cancelledCalls == 0 {
                await Task.yield()
            }
            #expect(f.delivery.texts == ["gone"])
        }
    }
}
