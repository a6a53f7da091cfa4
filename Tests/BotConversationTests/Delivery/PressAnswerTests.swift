import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotConversation

/// Answers to presses go around the queues of delivery, and never past a flood limit.
@Suite(.timeLimit(.minutes(5)))
struct PressAnswerTests {
    private let time = ManualTime()
    private let store = RecordingOutboxStore()
    private let transport: RecordingTransport
    private let engine: DeliveryEngine
    private let chat = ConversationKey(platform: .telegram, account: "1", chat: "7")
    private let press = ButtonPress(code: "1r1", id: "q1", message: "m1")

    init() {
        transport = RecordingTransport(time: time)
        engine = DeliveryEngine(
            store: store, transports: [transport], time: time,
            logger: Logger(label: "delivery") { _ in SwiftLogNoOpLogHandler() }, policy: DeliveryPolicy()
        ) { 1 }
    }

    private func event(on platform: Platform = .telegram) -> InboundEvent {
        InboundEvent(
            externalID: "1", conversation: ConversationKey(platform: platform, account: "1", chat: "7"), scope: .direct,
            isAddressed: true, speaker: Speaker(id: "7", name: "Ada"), receivedAt: Timestamp(rawValue: 0),
            replyAddress: ReplyAddress(rawValue: "7"), body: .buttonPressed(press))
    }

    @Test("T43: an answer and the removal go out at once; a platform that is not there is none of their business")
    func goesOut() async {
        await engine.answerPress(press, of: event(), notice: "Only Ana can do that.")
        await engine.removeButtons(under: press, of: event())
        await engine.answerPress(press, of: event(on: .discord), notice: nil)
        await engine.removeButtons(under: press, of: event(on: .discord))
        #expect(transport.watch.state.requests.map(\.kind) == [.press, .unbutton])
        #expect(transport.watch.state.requests.map(\.text) == ["Only Ana can do that.", "m1"])
    }

    @Test("T34 T43: a flood limit that the removal meets holds for the chat, and closes it for removals")
    func respectsFlood() async {
        transport.watch.change {
            $0.faults[.unbutton] = [.refuse(.rateLimited(retryAfter: .seconds(30), everywhere: false))]
        }
        await engine.removeButtons(under: press, of: event())
        await engine.removeButtons(under: press, of: event())
        #expect(transport.watch.state.requests.count == 1)
        let row = store.watch.change { $0.model.add("answer", in: chat) }
        await withTaskGroup { group in
            group.addTask { [engine] in await engine.run() }
            engine.enqueue([row])
            await time.waitForSleepers()
            #expect(transport.watch.state.messages.isEmpty)
            time.advance(by: .seconds(31))
            await store.watch.wait { !$0.model.hasUnended }
            group.cancelAll()
        }
        #expect(transport.watch.state.texts(in: "7") == ["answer"])
        await engine.removeButtons(under: press, of: event())
        #expect(transport.watch.state.requests.filter { $0.kind == .unbutton }.count == 2)
    }

    @Test("T43: what fails is let go")
    func letsGo() async {
        transport.watch.change {
            $0.faults[.press] = [.refuse(.refused("no such press"))]
            $0.faults[.unbutton] = [.refuse(.messageMissing("gone")), .refuse(.chatUnavailable("blocked"))]
        }
        await engine.answerPress(press, of: event(), notice: nil)
        for _ in 0..<2 { await engine.removeButtons(under: press, of: event()) }
        #expect(transport.watch.state.requests.map(\.kind) == [.press, .unbutton, .unbutton])
    }
}
