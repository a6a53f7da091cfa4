import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotConversation

/// The driver: the engine over a store and a platform that are called for real.
@Suite(.timeLimit(.minutes(5)))
struct DeliveryEngineTests {
    private let time = ManualTime()
    private let store = RecordingOutboxStore()
    private let transport: RecordingTransport
    private let engine: DeliveryEngine
    private let chat = ConversationKey(platform: .telegram, account: "1", chat: "7")
    private let other = ConversationKey(platform: .telegram, account: "1", chat: "8")

    init() {
        transport = RecordingTransport(time: time, limit: 200)
        engine = DeliveryEngine(
            store: store, transports: [transport], time: time,
            logger: Logger(label: "delivery") { _ in SwiftLogNoOpLogHandler() }, policy: DeliveryPolicy()
        ) { 1 }
    }

    /// Runs the engine around a test.
    private func running(_ body: () async -> Void) async {
        await withTaskGroup { group in
            group.addTask { [engine] in await engine.run() }
            await body()
            group.cancelAll()
        }
    }

    private func add(_ text: String?, in key: ConversationKey, turn: Int64? = nil) -> OutboxRow {
        store.watch.change { $0.model.add(text, in: key, turn: turn.map { TurnID($0) }) }
    }

    private func allEnded() async {
        await store.watch.wait { !$0.model.hasUnended }
    }

    @Test func deliversWhatIsQueuedAndWhatAnEarlierRunLeft() async {
        _ = add("left", in: chat)
        await running {
            engine.enqueue([add("a", in: chat), add("b", in: other)])
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == ["left", "a"])
            #expect(transport.watch.state.texts(in: "8") == ["b"])
        }
    }

    @Test(
        "Invariant 9: a reply that was committed before its chat was erased, and is handed over after it, is not shown")
    func aReplyThatIsHandedOverLateIsNotShown() async {
        transport.watch.change { $0.style = .edit(interval: .zero) }
        await running {
            let open = add(nil, in: chat, turn: 1)
            engine.replyBegins(open)
            engine.preview(String(repeating: "words ", count: 20), of: TurnID(1))
            await store.watch.wait { $0.calls.contains("previewStands 1") }
            engine.replyEnds(TurnID(1))
            let late = store.watch.change { $0.model.commit(open.id, "the answer") }
            store.watch.change { $0.model.erase(open.id) }
            engine.enqueue([add("erased", in: chat)])
            await allEnded()
            engine.enqueue([late, add("later", in: chat)].compactMap { $0 })
            await allEnded()
            #expect(transport.watch.state.texts(in: "7").suffix(2) == ["erased", "later"])
            #expect(!transport.watch.state.requests.contains { $0.text == "the answer" })
        }
    }

    @Test("Invariant 9: a reply that a reset has stopped, and that is handed over after it, is not shown")
    func aStoppedReplyThatIsHandedOverLateIsNotShown() async {
        transport.watch.change { $0.style = .edit(interval: .zero) }
        await running {
            let open = add(nil, in: chat, turn: 1)
            engine.replyBegins(open)
            engine.preview(String(repeating: "words ", count: 20), of: TurnID(1))
            await store.watch.wait { $0.calls.contains("previewStands 1") }
            engine.replyEnds(TurnID(1))
            let late = store.watch.change { $0.model.commit(open.id, "the answer") }
            let stopped = store.watch.change { $0.model.cancel(open.id, lastWord: "(stopped)") }
            engine.enqueue([stopped, late].compactMap { $0 })
            await allEnded()
            #expect(transport.watch.state.texts(in: "7").last == "(stopped)")
            #expect(!transport.watch.state.requests.contains { $0.text == "the answer" })
        }
    }

    @Test func waitsOutAFloodLimitOnTheClock() async {
        transport.watch.change {
            $0.faults[.send] = [.refuse(.rateLimited(retryAfter: .seconds(3), everywhere: false))]
        }
        await running {
            engine.enqueue([add("a", in: chat)])
            await store.watch.wait { $0.calls.contains("firstSendFailed 1") }
            await time.waitForSleepers()
            #expect(time.nextWake == .milliseconds(3075))
            time.advance(by: .milliseconds(3075))
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == ["a"])
            #expect(transport.watch.state.requests.map(\.at) == [.zero, .milliseconds(3075)])
        }
    }

    @Test("D20: where the platform knows nonces a lost answer makes no second message")
    func aNonceMakesARepeatHarmless() async {
        transport.watch.change { state in
            state.knowsNonces = true
            state.faults[.send] = [.loseAnswer]
        }
        await running {
            engine.enqueue([add("a", in: chat)])
            await transport.watch.wait { $0.messages.count == 1 }
            await time.waitForSleepers()
            time.advance(by: .seconds(1))
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == ["a"])
        }
    }

    @Test func aDoubtfulPreviewBecomesTheFinalTextWhereNoncesAreKnown() async {
        transport.watch.change { state in
            state.knowsNonces = true
            state.style = .edit(interval: .seconds(1))
            state.faults[.send] = [.loseAnswer]
        }
        await running {
            let row = add(nil, in: chat, turn: 1)
            engine.replyBegins(row)
            engine.preview(String(repeating: "x", count: 80), of: TurnID(1))
            await transport.watch.wait { $0.messages.count == 1 }
            engine.replyEnds(TurnID(1))
            if let ready = store.watch.change({ $0.model.commit(row.id, "final") }) { engine.enqueue([ready]) }
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == ["final"])
        }
    }

    @Test func aLabelThatDoesNotFitGoesAheadOfTheText() async {
        let text = String(repeating: "y", count: 190)
        let row = add(text, in: chat)
        _ = store.watch.change { $0.model.beginFirstSend(of: row.id) }
        await running {
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == [RepeatLabel.line, text])
        }
    }

    @Test("T33: what may stand is sent once more only to a chat that answers: an outage leaves no copies")
    func asksTheChatBeforeALabelledRepeat() async {
        transport.watch.change { state in
            state.faults[.send] = [.loseAnswer]
            state.faults[.typing] = Array(repeating: .loseAnswer, count: 40)
        }
        await running {
            engine.enqueue([add("a", in: chat)])
            for asked in 1...40 {
                await time.waitForSleepers()
                time.advance(by: .seconds(60))
                await transport.watch.wait { state in state.requests.count { $0.kind == .typing } == asked }
            }
            await time.waitForSleepers()
            time.advance(by: .seconds(60))
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == ["a", RepeatLabel.line + "\n\na"])
        }
    }

    @Test(
        "T33: a chat that refuses a typing sign has answered",
        arguments: [DeliveryError.chatUnavailable("no rights"), .refused("what?")])
    func aRefusalIsAnAnswer(_ refusal: DeliveryError) async {
        transport.watch.change { $0.faults[.typing] = [.refuse(refusal)] }
        let row = add("a", in: chat)
        _ = store.watch.change { $0.model.beginFirstSend(of: row.id) }
        await running {
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == [RepeatLabel.line + "\n\na"])
        }
    }

    @Test("T33: labels that go ahead and whose answers are lost are bounded as well")
    func labelsAheadAreBounded() async {
        let text = String(repeating: "y", count: 190)
        let row = add(text, in: chat)
        _ = store.watch.change { $0.model.beginFirstSend(of: row.id) }
        transport.watch.change { $0.faults[.send] = Array(repeating: .loseAnswer, count: 8) }
        await running {
            for sent in 1...8 {
                await transport.watch.wait { state in state.requests.count { $0.kind == .send } == sent }
                if sent == 8 { break }
                await time.waitForSleepers()
                time.advance(by: .seconds(600))
            }
            await allEnded()
            let labels = Array(repeating: RepeatLabel.line, count: 8)
            #expect(transport.watch.state.texts(in: "7") == labels + [UndeliveredNotice.other])
        }
    }

    @Test("T33: a file that may have arrived is sent once more with the label in its caption")
    func aFileIsLabelledInItsCaption() {
        let file = ReplyFile(name: "code.py", mediaType: "text/plain", content: "pass")
        let labelled = RepeatLabel.labelled(RenderedChunk(text: "1 line", markup: "x", file: file))
        #expect(labelled == RenderedChunk(text: RepeatLabel.line + "\n\n1 line", file: file))
        #expect(RepeatLabel.fits(labelled, transport))
    }

    @Test func aStoreThatFailsIsAskedAgain() async {
        store.watch.change { $0.failures = [.full] }
        await running {
            engine.enqueue([add("a", in: chat)])
            await time.waitForSleepers()
            time.advance(by: .seconds(1))
            await allEnded()
            #expect(transport.watch.state.texts(in: "7") == ["a"])
        }
    }

    @Test func drainWaitsForWhatIsUnderWay() async {
        transport.watch.change { $0.faults[.send] = [.hang] }
        await running {
            engine.enqueue([add("a", in: chat), add("b", in: chat)])
            await transport.watch.wait { !$0.requests.isEmpty }
            async let drained: Void = engine.drain(grace: .seconds(5))
            transport.watch.change { $0.isReleased = true }
            await drained
            #expect(transport.watch.state.texts(in: "7") == ["a", "b"])
            #expect(!store.watch.state.model.hasUnended)
        }
    }

    @Test func drainGivesUpWhenTheGraceIsOver() async {
        transport.watch.change { $0.faults[.send] = [.hang] }
        await running {
            engine.enqueue([add("a", in: chat)])
            await transport.watch.wait { !$0.requests.isEmpty }
            async let drained: Void = engine.drain(grace: .seconds(5))
            await time.waitForSleepers()
            time.advance(by: .seconds(5))
            await drained
            #expect(store.watch.state.model.hasUnended)
            transport.watch.change { $0.isReleased = true }
        }
    }

    @Test func rendersForAnUnknownPlatformAsOnePlainMessage() {
        #expect(engine.render("hi", for: .discord) == [RenderedChunk(text: "hi")])
        #expect(engine.render(" \n", for: .discord) == [])
    }

    @Test func tenThousandChatsAreServed() async {
        let keys = (0..<10_000).map { ConversationKey(platform: .telegram, account: "1", chat: "c\($0)") }
        await running {
            for key in keys { engine.enqueue([add("a", in: key)]) }
            await allEnded()
            #expect(transport.watch.state.messages.count == 10_000)
            #expect(Set(transport.watch.state.messages.map(\.chat)).count == 10_000)
        }
    }
}
