import BotCore
import Testing

@testable import BotDiscord

struct GatewayMachineTests {
    @Test("D2: the first heartbeat comes within the interval at random, then one each interval", arguments: 0..<20)
    func heartbeats(_ step: Int) throws {
        let random = Double(step) / 20
        var rig = try MachineRig(random: random)
        rig.connect()
        rig.greet(interval: .seconds(40))
        let hello = rig.uptime
        rig.arrive(seq: 7)
        let actions1 = rig.wake()
        #expect(actions1 == [.send(.heartbeat(seq: 7))])
        #expect(rig.uptime - hello == .seconds(40) * random)
        for _ in 0..<5 {
            rig.on(.received(.heartbeatAck))
            let last = rig.uptime
            let actions2 = rig.wake()
            #expect(actions2 == [.send(.heartbeat(seq: 7))])
            #expect(rig.uptime - last == .seconds(40))
        }
    }

    @Test("D3: a heartbeat without answer is a dead connection: closed and resumed at once")
    func leavesDeadConnection() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.wake()
        let actions = rig.wake()
        #expect(actions.first == .close(code: 4000))
        let next = rig.nextAttempt()
        #expect(next.wait == .zero)
        #expect(next.command?.isResume == true)
    }

    @Test("D3: a heartbeat that Discord asks for goes at once")
    func answersHeartbeatRequest() throws {
        var rig = try MachineRig()
        rig.comeUp()
        let actions3 = rig.on(.received(.heartbeatRequest))
        #expect(actions3 == [.send(.heartbeat(seq: 1))])
    }

    @Test("D3: while reading stands still, heartbeats go on and a missing answer proves nothing")
    func pausedReadingIsNoDeadConnection() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.on(.readingPaused(true))
        for _ in 0..<5 {
            let beat = rig.wake()
            #expect(beat == [.send(.heartbeat(seq: 1))])
        }
        rig.on(.readingPaused(false))
        let actions4 = rig.wake()
        #expect(actions4 == [.send(.heartbeat(seq: 1))])
        let actions5 = rig.wake()
        #expect(actions5.first == .close(code: 4000))
    }

    @Test("D4: the number of each dispatch is kept, whatever it is")
    func keepsSequence() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.on(.received(.dispatch(seq: 8, .ignored("TYPING_START"))))
        rig.on(.received(.dispatch(seq: 9, .unreadable("MESSAGE_CREATE"))))
        #expect(rig.machine.session?.seq == 9)
        let actions6 = rig.on(.received(.heartbeatRequest))
        #expect(actions6 == [.send(.heartbeat(seq: 9))])
    }

    @Test("D5: a stored session is resumed after a restart without asking for the address")
    func resumesAfterRestart() throws {
        var rig = try MachineRig()
        rig.on(.start(MachineRig.session, IdentifyBudget()))
        let address = try #require(GatewayAddress("wss://gateway-eu.discord.gg", allowLoopback: false))
        let actions7 = rig.wake()
        #expect(actions7 == [.connect(address)])
        let token = try requireSecret("MTAw.x.y")
        let actions8 = rig.greet()
        #expect(actions8 == [.send(.resume(token: token, session: "s1", seq: 41))])
        let actions = rig.arrive()
        #expect(actions.contains(.report(.connected, problem: nil)))
    }

    @Test("D5: READY is stored with all that a resume needs")
    func storesReady() throws {
        var rig = try MachineRig()
        rig.connect()
        rig.greet()
        let actions = rig.arrive(seq: 1)
        let session = GatewaySession(
            id: "s1", seq: 1, resumeURL: "wss://gateway-eu.discord.gg", user: "100", application: "200")
        #expect(actions.contains(.store(session)))
    }

    @Test("S2: an address that is not Discord's never gets the token")
    func ignoresForeignResumeAddress() throws {
        var rig = try MachineRig()
        let session = GatewaySession(
            id: "s1", seq: 1, resumeURL: "wss://gateway.discord.gg.evil.example", user: "1", application: "2")
        rig.on(.start(session, IdentifyBudget()))
        let actions9 = rig.wake()
        #expect(actions9 == [.locate])
        let actions = rig.on(.located(MachineRig.location()))
        let expected = try #require(GatewayAddress("wss://gateway.discord.gg", allowLoopback: false))
        #expect(actions == [.connect(expected)])
        var other = try MachineRig()
        other.on(.start(nil, IdentifyBudget()))
        other.wake()
        let refused = other.on(.located(MachineRig.location("wss://evil.example")))
        #expect(refused.contains { if case .connect = $0 { true } else { false } } == false)
        #expect(other.machine.nextWake == .seconds(60))
    }

    @Test("D7: five seconds between two identifies")
    func spacesIdentifies() throws {
        var rig = try MachineRig()
        rig.comeUp()
        let first = rig.uptime
        rig.on(.received(.invalidSession(canResume: false)))
        _ = rig.nextAttempt()
        #expect(rig.uptime - first >= .seconds(5))
    }

    @Test("D7: the identify is counted before it leaves")
    func countsBeforeSending() throws {
        var rig = try MachineRig()
        rig.connect()
        let actions = rig.greet()
        guard case .storeBudget(let budget) = actions.first else {
            Issue.record("nothing is stored first")
            return
        }
        #expect(budget.remaining(at: rig.now.wall) == 999)
    }

    @Test("D7: near the end of the day's identifies it waits and says so")
    func waitsNearTheEnd() throws {
        var rig = try MachineRig()
        rig.on(.start(nil, IdentifyBudget()))
        rig.wake()
        let actions = rig.on(.located(MachineRig.location(remaining: 15)))
        #expect(rig.machine.nextWake == .seconds(3600))
        #expect(actions.contains { if case .report(.connecting, let problem) = $0 { problem != nil } else { false } })
    }

    @Test("D9: payloads are small and hold what Discord needs")
    func payloads() throws {
        let token = try requireSecret(String(repeating: "x", count: 200))
        let identify = GatewayCommand.identify(token: token, intents: 37377, shard: .only).json
        let resume = GatewayCommand.resume(token: token, session: "a\"b\\c\n", seq: 5).json
        #expect(identify.utf8.count < GatewayCommand.maxBytes && resume.utf8.count < GatewayCommand.maxBytes)
        #expect(identify.contains(#""properties":{"os":"linux","browser":"mybot","device":"mybot"}"#))
        #expect(identify.contains(#""shard":[0,1]"#))
        #expect(resume.contains(#""session_id":"a\"b\\c\u000a""#))
        #expect(GatewayCommand.heartbeat(seq: nil).json == #"{"op":1,"d":null}"#)
    }

    @Test("D9: at most 120 payloads in any 60 s, ten of them kept for heartbeats")
    func sendBudget() {
        var budget = GatewaySendBudget()
        var sent = 0
        for second in 0..<60 {
            for _ in 0..<5 where budget.take(isHeartbeat: false, at: .seconds(second)) { sent += 1 }
        }
        #expect(sent == 110)
        var beats = 0
        for _ in 0..<20 where budget.take(isHeartbeat: true, at: .seconds(59)) { beats += 1 }
        #expect(beats == 10)
        let isFreeLater = budget.take(isHeartbeat: false, at: .seconds(85))
        #expect(isFreeLater)
    }

    @Test("D11: the intents are those that are needed", arguments: [(false, 4609), (true, 37377)])
    func intents(_ content: Bool, _ expected: Int) throws {
        let machine = try MachineRig(content: content).machine
        #expect(machine.intents == expected)
    }

    @Test(
        "S2: which addresses may get the token",
        arguments: [
            ("wss://gateway.discord.gg", false, "wss://gateway.discord.gg/?v=10&encoding=json"),
            (
                "wss://gateway-us-east1-b.discord.gg/?v=9&x=1", false,
                "wss://gateway-us-east1-b.discord.gg/?v=10&encoding=json"
            ),
            ("ws://gateway.discord.gg", true, nil), ("wss://discord.gg.evil.example", true, nil),
            ("wss://evildiscord.gg", true, nil), ("wss://gateway.discord.gg@evil.example", true, nil),
            ("wss://user:pw@gateway.discord.gg", true, nil), ("https://gateway.discord.gg", true, nil),
            ("ws://127.0.0.1:4711", true, "ws://127.0.0.1:4711/?v=10&encoding=json"),
            ("ws://127.0.0.1:4711", false, nil), ("ws://127.0.0.1.evil.example", true, nil), ("", true, nil),
            ("wss://evil.example\\.discord.gg", true, nil), ("ws://[::1]:5", true, "ws://[::1]:5/?v=10&encoding=json"),
        ] as [(String, Bool, String?)])
    func addresses(_ text: String, _ allowLoopback: Bool, _ expected: String?) {
        #expect(GatewayAddress(text, allowLoopback: allowLoopback)?.url == expected)
    }
}

struct IdentifyBudgetTests {
    private static let now = MachineRig.wall

    @Test("D7: from 80 % on identifies are two minutes apart")
    func slowsDown() {
        var budget = IdentifyBudget()
        budget.learn(total: 1000, remaining: 200, resetAfter: .seconds(3600), at: Self.now)
        budget.spend(at: Self.now)
        #expect(budget.verdict(at: Self.now) == .allowed(at: Self.now + .seconds(120)))
    }

    @Test("D7: a crash loop cannot spend what Discord would punish")
    func crashLoopIsHeldBack() throws {
        var budget = IdentifyBudget()
        var now = Self.now
        var spent = 0
        while now < Self.now + .seconds(24 * 3600) {
            guard case .allowed(let moment) = budget.verdict(at: now) else { break }
            now = moment
            budget.spend(at: now)
            spent += 1
        }
        #expect(spent <= 980)
        #expect(spent > 700)
    }

    @Test("D7: what was spent a day ago is free again")
    func dayPasses() {
        var budget = IdentifyBudget()
        for _ in 0..<500 { budget.spend(at: Self.now) }
        #expect(budget.remaining(at: Self.now) == 500)
        #expect(budget.remaining(at: Self.now + .seconds(26 * 3600)) == 1000)
    }

    @Test("D7: a clock that was set back stops nothing")
    func clockSetBack() {
        var budget = IdentifyBudget()
        budget.spend(at: Self.now)
        #expect(budget.verdict(at: Self.now - .seconds(7200)) == .allowed(at: Self.now - .seconds(7200)))
    }
}
