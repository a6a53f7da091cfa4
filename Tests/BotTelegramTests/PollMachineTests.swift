import BotCore
import BotHTTP
import Testing

@testable import BotTelegram

struct PollMachineTests {
    static let bot = BotIdentity(id: 110, username: "rig_bot")

    /// A machine that has come through its start and asks for updates.
    static func polling(lastID: Int64? = 41) -> MachineUnderTest {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: true)
        _ = machine.handle(.started)
        _ = machine.handle(.identified(bot))
        _ = machine.handle(.cursorLoaded(lastID))
        _ = machine.handle(.webhookDeleted)
        _ = machine.handle(.menuRead(isCurrent: true))
        return machine
    }

    static func updates(_ ids: Int64?...) -> [ReceivedUpdate] {
        ids.map { ReceivedUpdate(id: $0, kinds: ["message"], content: nil) }
    }

    static func refusal(_ code: Int, _ text: String, retryAfter: Duration? = nil) -> PollMachine.Event {
        .failed(.refused(.init(code: code, description: text, retryAfter: retryAfter)))
    }

    static func poll(_ offset: Int64?, timeout: Duration = .seconds(50), limit: Int = 100) -> PollMachine.Activity {
        .call(.getUpdates(offset: offset, limit: limit, timeout: timeout), deadline: timeout + .seconds(10))
    }

    @Test("T1: getMe, then deleteWebhook, then the menu if it differs, then the first poll")
    func startsInOrder() {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: true)
        #expect(machine.handle(.started).activity == .call(.getMe, deadline: .seconds(30)))
        #expect(machine.handle(.identified(Self.bot)).activity == .loadCursor(name: "telegram/110"))
        #expect(machine.handle(.cursorLoaded(nil)).activity == .call(.deleteWebhook, deadline: .seconds(30)))
        #expect(
            machine.handle(.webhookDeleted).activity == .call(.getMyCommands(.everywhere), deadline: .seconds(30)))
        #expect(
            machine.handle(.menuRead(isCurrent: false)).activity
                == .call(.setMyCommands(.everywhere), deadline: .seconds(30)))
        let step = machine.handle(.menuSet)
        #expect(step == PollMachine.Step(activity: Self.poll(nil), report: .connected(Self.bot)))
    }

    @Test("T1: a menu that is current is not set, and none is not asked for")
    func leavesACurrentMenu() {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: true)
        for event in [PollMachine.Event.started, .identified(Self.bot), .cursorLoaded(7), .webhookDeleted] {
            _ = machine.handle(event)
        }
        #expect(machine.handle(.menuRead(isCurrent: true)).activity == Self.poll(8))

        let bare = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: false)
        for event in [PollMachine.Event.started, .identified(Self.bot), .cursorLoaded(7)] { _ = bare.handle(event) }
        #expect(bare.handle(.webhookDeleted).activity == Self.poll(8))
    }

    @Test("T1: a menu that Telegram does not take keeps nobody from polling", arguments: [400, 429])
    func pollsWithoutMenu(code: Int) {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: true)
        for event in [PollMachine.Event.started, .identified(Self.bot), .cursorLoaded(nil), .webhookDeleted] {
            _ = machine.handle(event)
        }
        _ = machine.handle(.menuRead(isCurrent: false))
        let step = machine.handle(Self.refusal(code, "no", retryAfter: .seconds(9000)))
        #expect(step.activity == Self.poll(nil))
        #expect(step.report == .menuSkipped("error \(code): no"))
    }

    @Test("T2: a poll has its timeout and ten seconds more: 49 s are no trouble, 65 s are")
    func givesThePollRoom() {
        let machine = Self.polling()
        guard case .call(_, let deadline) = machine.handle(.updates([], after: .seconds(49))).activity else {
            Issue.record("no call")
            return
        }
        #expect(deadline > .seconds(49) && deadline < .seconds(65))
    }

    @Test("T3: a poll that is never answered is asked again with the same offset")
    func asksAgainFromTheSamePlace() {
        let machine = Self.polling()
        let step = machine.handle(.failed(.transport(.timedOut(.total))), random: 0)
        #expect(step.activity == .wait(.milliseconds(500)))
        #expect(machine.handle(.waited).activity == Self.poll(42, timeout: .seconds(3)))
    }

    @Test("T4: the offset moves only after the updates are stored")
    func movesOffsetAfterStoring() {
        let machine = Self.polling()
        let batch = Self.updates(42, 43)
        #expect(machine.handle(.updates(batch, after: .seconds(1))).activity == .accept(batch, lastID: 43))
        #expect(machine.offset == 42)
        #expect(machine.handle(.accepted).activity == Self.poll(44))
    }

    @Test("T5: ids that begin again at a lower number are followed")
    func followsRestartedIDs() {
        let machine = Self.polling(lastID: 900_000_000)
        let batch = Self.updates(2_000_007, 2_000_008)
        #expect(machine.handle(.updates(batch, after: .zero)).activity == .accept(batch, lastID: 2_000_008))
        #expect(machine.handle(.accepted).activity == Self.poll(2_000_009))
        // In the middle of a batch too: the last received counts, not the highest.
        let mixed = Self.updates(2_000_009, 900_000_001, 3_000_000)
        #expect(machine.handle(.updates(mixed, after: .zero)).activity == .accept(mixed, lastID: 3_000_000))
    }

    @Test("T7: the same updates again after they were confirmed slow the pace down")
    func slowsDownOnRepeats() {
        let machine = Self.polling(lastID: 42)
        let step = machine.handle(.updates(Self.updates(41, 42), after: .zero), random: 0)
        #expect(step.activity == .wait(.milliseconds(500)))
        #expect(machine.handle(.waited).activity == Self.poll(43))
    }

    @Test("T8: an update that could not be read is passed with the rest of its batch")
    func passesUnreadableUpdates() {
        let machine = Self.polling()
        let batch = Self.updates(42, nil)
        #expect(machine.handle(.updates(batch, after: .zero)).activity == .accept(batch, lastID: 42))
    }

    @Test("T11: a refused token stops it for good", arguments: [401, 404, 421])
    func stopsAtARefusedToken(code: Int) {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: false)
        _ = machine.handle(.started)
        let step = machine.handle(Self.refusal(code, "Unauthorized"))
        #expect(step.activity == .stop)
        guard case .stopped(let trouble, _) = step.report else {
            Issue.record("no report")
            return
        }
        #expect(trouble.state == .failed)
        #expect(trouble.sentence.contains("token"))
    }

    @Test("T11: a token that is taken back stops it, a poll that is not found asks who we are")
    func stopsAtARevokedToken() {
        #expect(Self.polling().handle(Self.refusal(401, "Unauthorized")).activity == .stop)
        let machine = Self.polling()
        #expect(machine.handle(Self.refusal(404, "Not Found"), random: 0).activity == .wait(.milliseconds(500)))
        #expect(machine.handle(.waited).activity == .call(.getMe, deadline: .seconds(30)))
    }

    @Test("T11: a page of a proxy says nothing about the token", arguments: [401, 404, 502])
    func keepsTryingBehindAProxy(status: Int) {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: false)
        _ = machine.handle(.started)
        #expect(machine.handle(.failed(.unreadable(status: status)), random: 0).activity == .wait(.milliseconds(500)))
    }

    @Test("T12: waits exactly retry_after, and at most a tenth of a second more", arguments: [0.0, 0.5, 0.999])
    func waitsAsTold(random: Double) {
        let machine = Self.polling()
        let step = machine.handle(Self.refusal(429, "Too Many Requests", retryAfter: .seconds(17)), random: random)
        guard case .wait(let span) = step.activity else {
            Issue.record("no wait")
            return
        }
        #expect(span >= .seconds(17) && span <= .milliseconds(17_100))
    }

    @Test(
        "T13: passing trouble is waited out longer and longer, told once, and forgotten after a success",
        arguments: [
            CallFailure.refused(.init(code: 500, description: "Internal Server Error: restart")),
            .unreadable(status: 502), .unreadable(status: 200), .transport(.connectionLost("reset")),
            .transport(.cannotConnect("refused")), .transport(.nameNotResolved("api.telegram.org")),
            .transport(.untrusted("certificate has expired")),
        ])
    func backsOff(failure: CallFailure) {
        let machine = Self.polling()
        var waits: [Duration] = []
        var reports = 0
        for _ in 0..<10 {
            let step = machine.handle(.failed(failure), random: 0.999)
            if step.report != nil { reports += 1 }
            guard case .wait(let span) = step.activity else {
                Issue.record("no wait")
                return
            }
            waits.append(span)
            _ = machine.handle(.waited)
        }
        #expect(reports == 1)
        #expect(waits[0] >= .milliseconds(500) && waits[0] <= .seconds(1))
        #expect(waits[9] > .seconds(29) && waits[9] <= .seconds(30))
        #expect(waits == waits.sorted())
        let step = machine.handle(.updates([], after: .seconds(3)))
        #expect(step.report == .connected(Self.bot))
        #expect(machine.handle(.failed(failure), random: 0).activity == .wait(.milliseconds(500)))
    }

    @Test("T13: an untrusted certificate is named in the owner's sentence")
    func namesTheCertificate() {
        let machine = Self.polling()
        let step = machine.handle(.failed(.transport(.untrusted("certificate has expired"))))
        guard case .down(let trouble, _) = step.report else {
            Issue.record("no report")
            return
        }
        #expect(trouble.sentence.contains("certificate"))
    }

    @Test("T13: an answer that cannot be read is asked for in smaller pieces")
    func asksForLess() {
        let machine = Self.polling()
        for _ in 0..<5 {
            _ = machine.handle(.failed(.unreadable(status: 200)))
            _ = machine.handle(.waited)
        }
        #expect(machine.handle(.waited).activity == Self.poll(42, timeout: .seconds(3), limit: 1))
        let batch = Self.updates(42)
        _ = machine.handle(.updates(batch, after: .zero))
        #expect(machine.handle(.accepted).activity == Self.poll(43))
    }

    @Test("T13: empty answers that come at once are no reason to ask as fast as possible")
    func neverRunsHot() {
        let machine = Self.polling()
        #expect(machine.handle(.updates([], after: .milliseconds(2)), random: 0).activity == .wait(.milliseconds(500)))
        #expect(machine.handle(.waited).activity == Self.poll(42))
        #expect(machine.handle(.updates([], after: .seconds(50))).activity == Self.poll(42))
    }

    @Test("T13: a database that cannot be read is asked again")
    func waitsForTheStore() {
        let machine = MachineUnderTest(pollTimeout: .seconds(50), hasMenu: false)
        _ = machine.handle(.started)
        _ = machine.handle(.identified(Self.bot))
        #expect(machine.handle(.cursorUnavailable("full"), random: 0).activity == .wait(.milliseconds(500)))
        #expect(machine.handle(.waited).activity == .loadCursor(name: "telegram/110"))
    }
}

/// Holds a machine, so that an expectation can change it.
final class MachineUnderTest {
    private var machine: PollMachine

    init(pollTimeout: Duration, hasMenu: Bool) {
        machine = PollMachine(pollTimeout: pollTimeout, menus: hasMenu ? [.everywhere] : [])
    }

    var offset: Int64? { machine.offset }
    var isConnected: Bool { machine.isConnected }

    func handle(_ event: PollMachine.Event, random: Double = 0.5) -> PollMachine.Step {
        machine.handle(event, random: random)
    }
}
