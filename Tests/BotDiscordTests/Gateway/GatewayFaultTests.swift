import BotCore
import Testing

@testable import BotDiscord

/// The table of faults: what each must cause.
@Suite("D6: the table of faults")
struct GatewayFaultTests {
    enum Reaction: Sendable, Equatable {
        case resumesAtOnce
        case identifies
        case stops(GatewayStop)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let event: GatewayMachine.Event
        let reaction: Reaction
        var closes = false

        var testDescription: String { name }
    }

    static func close(_ code: Int?, _ reaction: Reaction) -> Fault {
        Fault(
            name: "close \(code.map(String.init) ?? "without a code")", event: .closed(code: code), reaction: reaction)
    }

    static let table: [Fault] =
        [nil, 1006, 4000, 4001, 4002, 4008, 4009, 4999].map { close($0, .resumesAtOnce) }
        + [1000, 1001, 4003, 4005, 4007].map { close($0, .identifies) }
        + [
            close(4004, .stops(.tokenRefused)),
            close(4010, .stops(.unusable(code: 4010))), close(4011, .stops(.unusable(code: 4011))),
            close(4012, .stops(.unusable(code: 4012))), close(4013, .stops(.unusable(code: 4013))),
            close(4014, .stops(.intentsRefused(withContent: false))),
            Fault(name: "op 7", event: .received(.reconnect), reaction: .resumesAtOnce, closes: true),
            Fault(
                name: "op 9 true", event: .received(.invalidSession(canResume: true)), reaction: .resumesAtOnce,
                closes: true),
            Fault(
                name: "op 9 false", event: .received(.invalidSession(canResume: false)), reaction: .identifies,
                closes: true),
        ]

    @Test("D6: each fault causes its reaction", arguments: table)
    func eachFaultCausesItsReaction(_ fault: Fault) throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.uptime += .seconds(100)
        let actions = rig.on(fault.event)
        let closed = actions.compactMap { if case .close(let code) = $0 { code } else { nil } }
        #expect(closed == (fault.closes ? [4000] : []))
        switch fault.reaction {
        case .stops(let reason):
            #expect(actions.contains(.stop(reason)))
            #expect(actions.contains(.report(.failed, problem: reason.sentence)))
            #expect(rig.machine.nextWake == nil)
            let later = rig.wake()
            #expect(later == [])
        case .resumesAtOnce:
            let next = rig.nextAttempt()
            #expect(next.wait == .zero)
            #expect(next.address == "wss://gateway-eu.discord.gg/?v=10&encoding=json")
            #expect(next.command?.isResume == true)
        case .identifies:
            #expect(actions.contains(.store(nil)))
            let next = rig.nextAttempt()
            #expect(next.wait > .zero && next.wait <= .seconds(5))
            #expect(
                next.address == "wss://gateway.discord.gg/?v=10&encoding=json", "the cached address, not asked again")
            #expect(next.command?.isIdentify == true)
        }
    }

    @Test(
        "D6: a sentence for the owner names what to do",
        arguments: [(4004, "token"), (4014, "intent"), (4011, "shard")])
    func sentencesNameWhatToDo(_ code: Int, _ word: String) throws {
        var rig = try MachineRig()
        rig.comeUp()
        let sentences = rig.on(.closed(code: code)).compactMap { action -> String? in
            if case .report(.failed, let problem) = action { problem } else { nil }
        }
        #expect(sentences.count == 1)
        #expect(sentences.allSatisfy { $0.lowercased().contains(word) && $0.contains("Discord") })
    }

    @Test("D11: refused content intent is tried once more without it, and said")
    func goesOnWithoutContentIntent() throws {
        var rig = try MachineRig(content: true)
        rig.connect()
        rig.greet()
        rig.on(.closed(code: 4014))
        let next = rig.nextAttempt()
        guard case .identify(_, let intents, _) = next.command else {
            Issue.record("it does not identify")
            return
        }
        #expect(intents & 1 << 15 == 0)
        let reports = rig.arrive().compactMap { action -> String? in
            if case .report(.connected, let problem) = action { problem } else { nil }
        }
        #expect(reports.first?.contains("intent") == true)
        let again = rig.on(.closed(code: 4014))
        #expect(again.contains(.stop(.intentsRefused(withContent: true))))
    }

    @Test("D7: three failed resumes in a row drop the session")
    func threeFailedResumesDropTheSession() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.on(.closed(code: nil))
        for attempt in 1...3 {
            let next = rig.nextAttempt()
            #expect(next.command?.isResume == true, "attempt \(attempt)")
            let actions = rig.on(.closed(code: 4000))
            #expect(actions.contains(.store(nil)) == (attempt == 3))
        }
        let next = rig.nextAttempt()
        #expect(next.command?.isIdentify == true)
    }

    @Test("D34: a dead resume address keeps the session and tries the cached one")
    func deadResumeAddressFallsBackToTheCachedOne() throws {
        var rig = try MachineRig()
        rig.comeUp()
        rig.on(.closed(code: nil))
        var addresses: [String] = []
        for _ in 0..<5 {
            for action in rig.wake() {
                if case .connect(let address) = action { addresses.append(address.url) }
            }
            rig.on(.connectFailed(reason: "refused"))
        }
        let resume = "wss://gateway-eu.discord.gg/?v=10&encoding=json"
        let cached = "wss://gateway.discord.gg/?v=10&encoding=json"
        #expect(addresses == [resume, resume, resume, cached, resume])
        #expect(rig.machine.session != nil)
    }

    @Test("D1: the address is asked for again only when it does not connect")
    func asksAgainOnlyWhenTheAddressDoesNotConnect() throws {
        var rig = try MachineRig()
        rig.on(.start(nil, IdentifyBudget()))
        let first = rig.wake()
        #expect(first == [.locate])
        rig.on(.located(MachineRig.location()))
        rig.greet()
        rig.arrive()
        rig.on(.closed(code: 1000))
        let cached = rig.wake()
        #expect(cached.contains(.locate) == false)
        rig.uptime += .seconds(10)
        rig.wake()
        rig.on(.connectFailed(reason: "refused"))
        let asked = rig.wake()
        #expect(asked == [.locate])
        rig.on(.notLocated(reason: "HTTP 500", tokenRefused: false))
        let again = rig.wake()
        #expect(again == [.locate])
        let refused = rig.on(.notLocated(reason: "401", tokenRefused: true))
        #expect(refused.contains(.stop(.tokenRefused)))
    }

    @Test("D8: waits grow to a minute and start again only after READY or RESUMED")
    func waitsGrow() throws {
        var rig = try MachineRig(random: 0.999_999)
        rig.connect()
        var waits: [Int64] = []
        for _ in 0..<8 {
            rig.on(.connectFailed(reason: "refused"))
            let before = rig.uptime
            rig.wake()
            waits.append((rig.uptime - before).components.seconds + 1)
            if rig.machine.phase == .locating { rig.on(.located(MachineRig.location())) }
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60])
        rig.on(.opened)
        rig.on(.closed(code: nil))
        #expect(rig.machine.backoff.failures == 9, "a connection alone is no success")
        rig.wake()
        rig.wake()
        rig.greet()
        rig.arrive()
        #expect(rig.machine.backoff.failures == 0)
    }

    @Test("D8: a link that flaps does not spin")
    func flappingLinkDoesNotSpin() throws {
        var rig = try MachineRig()
        rig.comeUp()
        var attempts = 0
        while rig.uptime < .seconds(30), attempts < 1000 {
            rig.on(.closed(code: nil))
            _ = rig.nextAttempt()
            rig.arrive()
            attempts += 1
        }
        #expect(attempts < 60)
    }

    @Test("D8: Hello has 60 s, READY 15 s")
    func deadlines() throws {
        var rig = try MachineRig()
        rig.connect()
        rig.on(.opened)
        #expect(rig.machine.nextWake == rig.uptime + .seconds(60))
        let late = rig.wake()
        #expect(late.contains(.close(code: 4000)))
        rig.wake()
        rig.on(.opened)
        rig.on(.received(.hello(interval: .seconds(120))))
        let start = rig.uptime
        rig.wake()
        #expect(rig.uptime - start == .seconds(15))
        #expect(rig.machine.isConnected == false)
    }

    @Test("D10: a cancelled machine closes so that the session stays")
    func cancelledMachineKeepsTheSession() throws {
        var rig = try MachineRig()
        rig.comeUp()
        let actions = rig.on(.cancelled)
        #expect(actions == [.close(code: 4000)])
        #expect(rig.machine.session != nil)
    }
}
