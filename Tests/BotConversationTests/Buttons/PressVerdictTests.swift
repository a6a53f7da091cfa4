import BotCore
import Testing

@testable import BotConversation

@Suite struct PressVerdictTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var code = "1r7"
        var access = AccessStanding.member
        var isShared = true
        var button: ButtonStanding? = PressVerdictTests.ofAna
        var isAdministrator: Bool?
        var request: AdmissionRequest?
        let wanted: PressVerdict

        var testDescription: String { name }
    }

    private static let ofAna = ButtonStanding(person: "1", name: "Ana", isCurrent: true)
    private static let nobodys = ButtonStanding(person: nil, name: nil, isCurrent: true)
    private static let old = ButtonStanding(person: "2", name: "Ben", isCurrent: false)

    private static func request(_ state: AdmissionState) -> AdmissionRequest {
        AdmissionRequest(
            id: AdmissionID(7), entry: "telegram:9", name: "Eve", state: state, askedAt: Timestamp(rawValue: 1),
            isTold: true, decidedBy: state == .asked ? nil : "telegram:1", event: nil)
    }
    private static let asked = request(.asked)
    private static let denied = request(.denied)

    /// Who presses is always Ben, whose id is 2.
    private static let cases = [
        Case(
            name: "who asked", button: ButtonStanding(person: "2", name: "Ben", isCurrent: true),
            wanted: .act(.retry(TurnID(7)))),
        Case(name: "somebody else", wanted: .refuse("Only Ana can do that.")),
        Case(name: "the owner", access: .owner, wanted: .act(.retry(TurnID(7)))),
        Case(
            name: "in private there is nobody else", isShared: false, button: nobodys, wanted: .act(.retry(TurnID(7)))),
        Case(
            name: "nobody was noted", button: nobodys, wanted: .refuse("Only the person who asked can do that.")),
        Case(
            name: "nobody was noted, the owner", access: .owner, button: nobodys, wanted: .act(.retry(TurnID(7)))),
        Case(name: "Continue of somebody else", code: "1c7", wanted: .refuse("Only Ana can do that.")),
        Case(
            name: "a reset of somebody else", code: "1u7",
            button: ButtonStanding(person: "1", name: nil, isCurrent: true),
            wanted: .askPlatform),
        Case(
            name: "a reset of somebody else, an administrator", code: "1u7",
            button: ButtonStanding(person: "1", name: nil, isCurrent: true), isAdministrator: true,
            wanted: .act(.undoReset(InboxID(7)))),
        Case(
            name: "a reset of somebody else, no administrator", code: "1u7",
            button: ButtonStanding(person: "1", name: nil, isCurrent: true), isAdministrator: false,
            wanted: .refuse("Only the person who did this and the administrators of this chat can take it back.")),
        Case(
            name: "an own reset", code: "1u7", button: ButtonStanding(person: "2", name: nil, isCurrent: true),
            wanted: .act(.undoReset(InboxID(7)))),
        Case(name: "an admin", access: .admin, wanted: .act(.retry(TurnID(7)))),
        Case(name: "a guest", access: .guest, wanted: .refuse("Only Ana can do that.")),
        Case(
            name: "Allow by the owner", code: "1a7", access: .owner, isShared: false, button: nil, request: asked,
            wanted: .act(.decide(AdmissionID(7), .allow))),
        Case(
            name: "Block by an admin", code: "1b7", access: .admin, isShared: false, button: nil, request: asked,
            wanted: .act(.decide(AdmissionID(7), .block))),
        Case(
            name: "Allow by a member", code: "1a7", isShared: false, button: nil, request: asked,
            wanted: .refuse("Only my owner and my admins can do this.")),
        Case(
            name: "Allow by a stranger", code: "1a7", access: .stranger, isShared: false, button: nil, request: asked,
            wanted: .refuse("Only people whom my owner has let in can use this.")),
        Case(
            name: "Allow by who is blocked", code: "1a7", access: .blocked, isShared: false, button: nil,
            request: asked, wanted: .refuse("Only people whom my owner has let in can use this.")),
        Case(
            name: "Deny, too late", code: "1d7", access: .owner, isShared: false, button: nil, request: denied,
            wanted: .outdated("That was decided already: telegram:9 was denied.")),
        Case(
            name: "Allow of what is gone", code: "1a7", access: .owner, isShared: false, button: nil,
            wanted: .outdated("Nobody waits for this any more.")),
        Case(name: "an old answer", button: old, wanted: .refuse("This is no longer the newest answer.")),
        Case(
            name: "an old answer of somebody else is not said to be theirs",
            button: ButtonStanding(person: "1", name: "Ana", isCurrent: false),
            wanted: .refuse("This is no longer the newest answer.")),
        Case(name: "an old reset", code: "1u7", button: old, wanted: .refuse("This can no longer be taken back.")),
        Case(
            name: "of another chat, or made up", code: "1c7", button: nil,
            wanted: .refuse("This is no longer the newest answer.")),
        Case(name: "an unknown code", code: "9z", button: nil, wanted: .refuse("This button does nothing any more.")),
        Case(
            name: "a stranger is told nothing of the chat", access: .stranger, button: old,
            wanted: .refuse("Only people whom my owner has let in can use this.")),
        Case(
            name: "a stranger in whose name it was asked", access: .stranger,
            button: ButtonStanding(person: "2", name: "Ben", isCurrent: true),
            wanted: .refuse("Only people whom my owner has let in can use this.")),
    ]

    @Test("T43: who may press what", arguments: cases)
    private func verdicts(_ test: Case) {
        let press = ButtonPress(code: test.code, id: "q", message: "m")
        let verdict = PressVerdict.of(
            press, by: Speaker(id: "2", name: "Ben"), isShared: test.isShared,
            PressVerdict.Facts(access: test.access, button: test.button, request: test.request),
            isAdministrator: test.isAdministrator)
        #expect(verdict == test.wanted)
    }
}
