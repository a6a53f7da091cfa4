import BotConversation
import BotCore
import BotSessions
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ForgetTests {
    @Test func itSaysFirstWhatWouldBeErased() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.command("reset")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.message("two")], cursor: nil)
            await f.delivery.waitForTexts(3)
            for (number, arguments) in ["", "no", "yes please"].enumerated() {
                try await f.engine.accept([.command("forget", arguments, id: "f\(number)")], cursor: nil)
                await f.delivery.waitForTexts(4 + number)
            }
            for text in f.delivery.texts.dropFirst(3) {
                #expect(
                    text == """
                        This would erase all that I keep of this conversation, for good: 4 messages, since \
                        \(f.time.now.day). What /reset cleared and /undo took back counts too; neither can bring \
                        anything back.

                        To erase it, send /forget yes
                        """)
            }
            #expect(try await f.log(in: "42").count == 4)
        }
    }

    @Test func nothingIsKeptAfterwards() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("my cat is Tom")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let id = try #require(try await f.session(in: "42")?.id)
            try await f.engine.accept([.command("forget", "YES ")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(
                f.delivery.texts[1].hasPrefix(
                    "Done. I have erased 2 messages of this conversation for good.\n\nI cannot reach"))
            #expect(f.store.log(of: id).isEmpty)
            #expect(try await f.session(in: "42") == nil)
            #expect(try await f.sessions.getSession(id) == nil)
            for (command, answer) in [
                ("undo", "There is nothing to take back."), ("search", "I have found nothing"),
                ("context", "Nothing of this conversation"), ("forget", "There is nothing to erase"),
            ] {
                let before = f.delivery.texts.count
                try await f.engine.accept([.command(command, command == "search" ? "Tom" : "")], cursor: nil)
                await f.delivery.waitForTexts(before + 1)
                #expect(f.delivery.texts[before].hasPrefix(answer))
            }
            try await f.engine.accept([.message("who is my cat?")], cursor: nil)
            await f.delivery.waitForTexts(7)
            #expect(f.model.requests.last?.messages.map(\.content).contains { $0.contains("Tom") } == false)
        }
    }

    @Test func itGoesAroundTheQueueAndStopsWhatRuns() async throws {
        try await EngineFixture().run { f in
            f.model.script { _ in .stubborn(["late"]) }
            try await f.engine.accept([.message("first"), .message("second")], cursor: nil)
            await f.model.waitForRequests(1)
            try await f.engine.accept([.command("forget", "yes")], cursor: nil)
            // The model has not even heeded being cancelled yet.
            await f.delivery.waitForTexts(1)
            #expect(
                f.delivery.texts[0].hasPrefix(
                    "Done. I have erased 1 message of this conversation for good, and dropped 1 message"))
            f.model.script { _ in .say(["fresh"]) }
            f.model.release()
            try await f.engine.accept([.message("after")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts == [f.delivery.texts[0], "fresh"])
            #expect(try await f.log(in: "42") == ["user: after", "assistant: fresh"])
        }
    }

    @Test func whatIsSentRightAfterItIsKept() async throws {
        try await EngineFixture().run { f in
            for round in 1...20 {
                try await f.engine.accept(
                    [
                        .message("before \(round)"), .command("forget", "yes", id: "f\(round)"),
                        .message("after \(round)", id: "a\(round)"),
                    ], cursor: nil)
                await f.delivery.wait { calls in
                    calls.contains {
                        if case .enqueued(let row) = $0 { row.payload?.text == "re: after \(round)" } else { false }
                    }
                }
                #expect(f.model.requests.last?.words == "after \(round)")
                #expect(f.model.requests.last?.messages.count == 1)
            }
        }
    }

    @Test func anotherChatIsNotTouched() async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("here", chat: "1"), .message("there", chat: "2")], cursor: nil)
            await f.delivery.waitForTexts(2)
            try await f.engine.accept([.command("forget", "yes", chat: "1")], cursor: nil)
            await f.delivery.waitForTexts(3)
            #expect(try await f.log(in: "1").isEmpty)
            #expect(try await f.log(in: "2") == ["user: there", "assistant: re: there"])
        }
    }

    @Test(arguments: [("8", false), ("1", true)])
    func inSharedChatsOnlyTheOwnerMay(person: String, mayForget: Bool) async throws {
        let store = InMemoryStore()
        try await store.grant(
            AccessGrant(
                entry: "telegram:1", role: .owner, name: "Owner", grantedBy: "pairing",
                grantedAt: Timestamp(rawValue: 1)))
        let scope = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
        try await EngineFixture(store: store, allow: ["telegram:chat:-1"]).run { f in
            try await f.engine.accept([.message("ours", chat: "-1", scope: scope)], cursor: nil)
            await f.delivery.waitForTexts(1)
            let speaker = Speaker(id: person, name: "Someone")
            try await f.engine.accept(
                [.command("forget", "yes", chat: "-1", scope: scope, speaker: speaker)], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(
                f.delivery.texts[1].hasPrefix(mayForget ? "Done." : "Others talk here too: only the administrators"))
            #expect(try await f.log(in: "-1").isEmpty == mayForget)
        }
    }

    /// The commit ends the event, so that the same `/forget yes` erases nothing that came later.
    @Test func aForgetThatIsRepeatedAfterACrashErasesNothingMore() async throws {
        let store = InMemoryStore()
        try await EngineFixture(store: store).run { f in
            try await f.engine.accept([.message("one"), .command("forget", "yes", id: "f")], cursor: nil)
            await f.delivery.waitForTexts(1)
            try await f.engine.accept([.message("two")], cursor: nil)
            await f.delivery.wait { calls in
                calls.contains { if case .enqueued(let row) = $0 { row.payload?.text == "re: two" } else { false } }
            }
        }
        try await EngineFixture(store: store).run { f in
            try await f.engine.accept([.command("forget", "yes", id: "f"), .command("status")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(try await f.log(in: "42") == ["user: two", "assistant: re: two"])
        }
    }

    /// It is stored, and not yet carried out, when a program clears or deletes the chat.
    @Test(arguments: [false, true])
    func aProgramThatClearsTheChatKeepsNobodyFromErasingIt(byDeleting isDeleted: Bool) async throws {
        try await EngineFixture().run { f in
            try await f.engine.accept([.message("one")], cursor: nil)
            await f.delivery.waitForTexts(1)
            let id = try #require(try await f.session(in: "42")?.id)
            _ = try await f.store.accept([.message("two"), .command("forget", "yes")], cursor: nil)
            let wasThere = try await isDeleted ? f.sessions.delete(id) : f.sessions.clearMessages(id) != nil
            #expect(wasThere)
            try await f.engine.recover()
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1].hasPrefix(isDeleted ? "There was nothing" : "Done. I have erased 2 messages"))
            #expect(try await f.session(in: "42") == nil)
            #expect(f.model.requests.count == 1)
        }
    }

    @Test func theFilesAreScrubbedAfterwardsAndOnceAtTheStart() async throws {
        try await EngineFixture().run { f in
            try await withThrowingTaskGroup { group in
                group.addTask { await f.sessions.runScrubs() }
                while f.store.scrubs < 1 { await Task.yield() }
                try await f.engine.accept([.command("forget", "yes")], cursor: nil)
                await f.delivery.waitForTexts(1)
                while f.store.scrubs < 2 { await Task.yield() }
                group.cancelAll()
            }
        }
    }
}
