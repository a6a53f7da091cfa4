import BotCore
import Testing

@testable import BotConversation

struct IntakeFilterTests {
    private static let shared = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")

    private static func event(_ body: InboundEvent.Body, _ scope: ChatScope, isAddressed: Bool) -> InboundEvent {
        .test(body, chat: "-1", id: "1", scope: scope, isAddressed: isAddressed)
    }

    @Test(
        "T19: what is taken from whom",
        arguments: [
            // body, addressed, taken with mention / all / off
            (.message(InboundMessage(text: "hi")), true, [true, true, false]),
            (.message(InboundMessage(text: "hi")), false, [false, true, false]),
            (.command(name: "reset", arguments: ""), true, [true, true, false]),
            (.command(name: "reset", arguments: ""), false, [false, false, false]),
            (.unreadable(kind: "voice"), true, [true, true, false]),
            (.unreadable(kind: "voice"), false, [false, false, false]),
            (.broughtIn, false, [true, true, false]), (.shutOut, false, [true, true, false]),
            (.stopPressed(turn: TurnID(1)), false, [true, true, false]),
            (.buttonPressed(ButtonPress(code: "1r1", id: "1", message: "1")), false, [true, true, false]),
        ] as [(InboundEvent.Body, Bool, [Bool])])
    func takes(body: InboundEvent.Body, isAddressed: Bool, taken: [Bool]) {
        for (mode, isTaken) in zip([GroupsMode.mention, .all, .off], taken) {
            let event = Self.event(body, Self.shared, isAddressed: isAddressed)
            #expect(IntakeFilter(groups: mode).takes(event) == isTaken, "\(mode)")
            #expect(IntakeFilter(groups: mode).takes(Self.event(body, .direct, isAddressed: isAddressed)))
        }
    }
}
