import BotCore
import Testing

@testable import BotDiscord

/// Gateways that are connected and do not do what they should.
struct GatewayOutageTests {
    private static let resume = "wss://gateway-eu.discord.gg/?v=10&encoding=json"
    private static let cached = "wss://gateway.discord.gg/?v=10&encoding=json"

    /// The address that the machine connects to next.
    private func nextAddress(_ rig: inout MachineRig) -> String? {
        for _ in 0..<5 {
            for action in rig.wake() {
                if case .connect(let address) = action { return address.url }
                if action == .locate { return "locate" }
            }
        }
        return nil
    }

    @Test("D34: where the session's address says no Hello, the cached one is next")
    func silentResumeAddress() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.on(.closed(code: nil))
        var addresses: [String?] = []
        for _ in 0..<4 {
            addresses.append(nextAddress(&rig))
            rig.on(.opened)
            // Hello does not come.
            let actions = rig.wake()
            #expect(actions.first == .close(code: 4000))
            if addresses.last == Self.cached { rig.machine.gateway = GatewayAddress(Self.cached, allowLoopback: false) }
        }
        #expect(addresses == [Self.resume, Self.cached, Self.resume, Self.cached])
        #expect(rig.machine.session != nil, "the session is kept")
    }

    @Test("D34: where the cached address says no Hello, the gateway's address is asked for again")
    func silentCachedAddress() throws {
        var rig = try MachineRig()
        rig.connect()
        rig.on(.opened)
        rig.wake()
        #expect(nextAddress(&rig) == "locate")
    }

    @Test("D34: where READY never comes, it is tried again, with growing pauses and within the identifies")
    func readyNeverComes() throws {
        var rig = try MachineRig()
        rig.connect()
        var identifies = 0
        while rig.uptime < .seconds(3600) {
            let sent = rig.greet()
            identifies += sent.count { if case .send(let command) = $0 { command.isIdentify } else { false } }
            while rig.machine.isConnected { rig.wake() }
            while rig.machine.phase != .connecting {
                rig.wake()
                if rig.machine.phase == .locating { rig.on(.located(MachineRig.location())) }
            }
        }
        #expect((30...70).contains(identifies))
    }

    @Test("D8: an attempt that came to nothing only after a while has waited enough; one that failed at once has not")
    func aLongAttemptCountsAsAWait() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.uptime += .seconds(60)
        rig.on(.closed(code: nil))
        rig.wake()
        rig.on(.opened)
        // Hello does not come for a minute.
        rig.wake()
        #expect(rig.machine.phase == .waiting(until: rig.uptime))
        rig.wake()
        rig.on(.connectFailed(reason: "refused"))
        let wait = try #require(rig.machine.nextWake) - rig.uptime
        #expect(wait >= .seconds(2), "the third failure in a row")
    }

    @Test("D3: a gateway that answers heartbeats and tells of nothing is replaced, and in the end its session as well")
    func deafGateway() throws {
        var rig = try MachineRig()
        rig.comeUp()
        var commands: [Bool] = []
        var beats = 0
        while commands.count < 4 {
            rig.on(.received(.heartbeatAck))
            let actions = rig.wake()
            beats += 1
            guard actions.first == .close(code: 4000) else { continue }
            #expect(beats >= 22, "a quarter of an hour of heartbeats")
            beats = 0
            let next = rig.nextAttempt()
            #expect(next.wait <= .seconds(5))
            commands.append(next.command?.isResume == true)
            rig.arrive()
        }
        #expect(commands == [true, true, true, false])
    }

    @Test("D3: a gateway that tells of something now and then is left alone")
    func quietGateway() throws {
        var rig = try MachineRig()
        rig.comeUp()
        for number in 0..<200 {
            rig.on(.received(.heartbeatAck))
            if number % 20 == 0 { rig.on(.received(.dispatch(seq: Int64(number) + 2, .ignored("X")))) }
            let actions = rig.wake()
            #expect(actions == [.send(.heartbeat(seq: rig.machine.session?.seq))])
        }
    }

    @Test("D2: over 200 runs the first heartbeats are spread over the whole interval")
    func firstHeartbeatsAreSpread() throws {
        var tenths = [Int](repeating: 0, count: 10)
        for _ in 0..<200 {
            var rig = try MachineRig(random: Double.random(in: 0..<1))
            rig.connect()
            rig.greet(interval: .seconds(40))
            let hello = rig.uptime
            rig.arrive()
            let actions = rig.wake()
            #expect(actions == [.send(.heartbeat(seq: 1))])
            let wait = rig.uptime - hello
            #expect(wait < .seconds(40))
            tenths[Int(wait / .seconds(4))] += 1
        }
        // Twenty each are expected; fewer than three in one of them come once in a million times.
        #expect(tenths.allSatisfy { $0 >= 3 }, "\(tenths)")
    }

    @Test("D5: what was seen is known in the next session, and READY tells what was seen before it")
    func newestMessageIsKept() throws {
        var rig = try MachineRig()
        rig.connect()
        rig.greet()
        let first = rig.arrive()
        #expect(Self.ready(first)?.seen == nil, "a first session has missed nothing")
        let json = #"{"op":0,"s":2,"t":"MESSAGE_CREATE","d":{"id":"4711","channel_id":"5","author":{"id":"6"}}}"#
        let payload = try #require(GatewayPayload(json: Array(json.utf8)))
        rig.machine.seen = 4000
        rig.on(.received(payload))
        #expect(rig.machine.session?.seen == 4711)
        rig.on(.received(.invalidSession(canResume: false)))
        _ = rig.nextAttempt()
        let second = rig.arrive()
        #expect(Self.ready(second)?.seen == 4711)
    }

    private static func ready(_ actions: [GatewayMachine.Action]) -> GatewaySession? {
        for action in actions { if case .dispatch(.ready, let session) = action { return session } }
        return nil
    }
}
