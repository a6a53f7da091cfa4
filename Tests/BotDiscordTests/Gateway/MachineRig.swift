import BotCore

@testable import BotDiscord

/// Moves a machine through its life with few words.
struct MachineRig {
    var machine: GatewayMachine
    var uptime: Duration = .zero
    static let wall = Timestamp(rawValue: 1_790_000_000_000)
    static let session = GatewaySession(
        id: "s1", seq: 41, resumeURL: "wss://gateway-eu.discord.gg", user: "100", application: "200")

    init(
        content: Bool = false, loopback: Bool = false, random: Double = 0.5
    ) throws {
        let token = try requireSecret("MTAw.x.y")
        machine = GatewayMachine(
            .init(token: token, wantsContent: content, shard: .only, allowsLoopback: loopback),
            random: { random })
    }

    var now: GatewayMoment { GatewayMoment(uptime: uptime, wall: Self.wall + uptime) }

    @discardableResult
    mutating func on(_ event: GatewayMachine.Event) -> [GatewayMachine.Action] { machine.handle(event, at: now) }

    /// Goes on to when the machine wants to be woken, and wakes it.
    @discardableResult
    mutating func wake() -> [GatewayMachine.Action] {
        if let wake = machine.nextWake { uptime = max(uptime, wake) }
        return on(.tick)
    }

    static func location(_ url: String = "wss://gateway.discord.gg", remaining: Int = 1000) -> GatewayLocation {
        GatewayLocation(url: url, total: 1000, remaining: remaining, resetAfter: .seconds(3600))
    }

    /// Starts, with or without a stored session, and goes on until something is to be connected.
    mutating func connect(resuming session: GatewaySession? = nil) {
        on(.start(session, IdentifyBudget()))
        wake()
        if machine.phase == .locating { on(.located(Self.location())) }
    }

    /// Goes on until the session is up.
    mutating func comeUp(resuming session: GatewaySession? = nil) {
        connect(resuming: session)
        greet()
        arrive()
    }

    /// Connected and greeted: Identify or Resume leaves.
    @discardableResult
    mutating func greet(interval: Duration = .seconds(40)) -> [GatewayMachine.Action] {
        on(.opened)
        return on(.received(.hello(interval: interval)))
    }

    @discardableResult
    mutating func arrive(seq: Int64 = 1) -> [GatewayMachine.Action] {
        if machine.isResuming { return on(.received(.dispatch(seq: 42, .resumed))) }
        let ready = GatewayReady(
            session: "s1", resumeURL: "wss://gateway-eu.discord.gg", user: "100", application: "200")
        return on(.received(.dispatch(seq: seq, .ready(ready))))
    }

    /// From a lost connection on: what is connected to next, after so many seconds, and what is said first.
    mutating func nextAttempt() -> (wait: Duration, address: String?, command: GatewayCommand?) {
        let start = uptime
        var address: String?
        for _ in 0..<10 {
            for action in wake() {
                if case .connect(let target) = action { address = target.url }
                if action == .locate {
                    for action in on(.located(Self.location())) {
                        if case .connect(let target) = action { address = target.url }
                    }
                }
            }
            if address != nil { break }
        }
        let wait = uptime - start
        let command = greet().compactMap { action -> GatewayCommand? in
            if case .send(let command) = action { command } else { nil }
        }.first
        return (wait, address, command)
    }
}

extension GatewayCommand {
    var isResume: Bool {
        if case .resume = self { true } else { false }
    }

    var isIdentify: Bool {
        if case .identify = self { true } else { false }
    }
}

struct NoSecret: Error {}

func requireSecret(_ text: String) throws -> Secret {
    guard let secret = Secret(text) else { throw NoSecret() }
    return secret
}
