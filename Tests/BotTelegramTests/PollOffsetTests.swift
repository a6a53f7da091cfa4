import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotTelegram

/// Offsets over long random runs: what was received decides, and nothing is asked for in a hot loop.
@Suite(.timeLimit(.minutes(5)))
struct PollOffsetTests {
    /// Plays a server at random and returns the violations.
    private static func walk(seed: UInt64, steps: Int = 400) -> [String] {
        var random = SeededRandom(seed: seed)
        let machine = PollMachineTests.polling(lastID: Bool.random(using: &random) ? nil : 41)
        var received: Int64? = machine.offset.map { $0 - 1 }
        var activity = machine.handle(.updates([], after: .seconds(50))).activity
        var lastPoll: Int64??
        var restedSince = true
        var found: [String] = []
        for _ in 0..<steps {
            let event: PollMachine.Event
            switch activity {
            case .call(.getUpdates(let offset, let limit, let timeout), let deadline):
                if offset != received.map({ $0 + 1 }) { found.append("offset \(String(describing: offset))") }
                if let offset, offset < 0 { found.append("negative offset") }
                if !(1...100).contains(limit) || timeout > .seconds(50) { found.append("limit or timeout") }
                if deadline < timeout + .seconds(5) || deadline > .seconds(65) { found.append("deadline") }
                if lastPoll == .some(offset), !restedSince { found.append("the same offset without a rest") }
                lastPoll = .some(offset)
                restedSince = false
                event = answer(after: received, &random)
                if case .updates(_, let span) = event, span >= .milliseconds(500) { restedSince = true }
            case .call: event = .webhookDeleted
            case .accept(_, let lastID):
                received = lastID
                event = .accepted
            case .wait(let span):
                if span < .milliseconds(500) { found.append("a wait of \(span)") }
                restedSince = true
                event = .waited
            case .loadCursor: event = .cursorLoaded(received)
            case .stop: return found + ["stopped"]
            }
            activity = machine.handle(event, random: .random(in: 0..<1, using: &random)).activity
        }
        return found
    }

    private static func answer(after last: Int64?, _ random: inout SeededRandom) -> PollMachine.Event {
        let next = (last ?? 700_000_000) + 1
        let spans: [Duration] = [.zero, .milliseconds(2), .seconds(3), .seconds(50)]
        let span = spans.randomElement(using: &random) ?? .zero
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return .updates([], after: span)
        case 1: return .updates(PollMachineTests.updates(next, next + 1, nil), after: span)
        // Ids begin again, lower or higher; or the same updates come once more.
        case 2: return .updates(PollMachineTests.updates(.random(in: 2_000_000...1_000_000_000)), after: span)
        case 3: return .updates(PollMachineTests.updates(next - 2, next - 1), after: span)
        case 4: return .updates(PollMachineTests.updates(nil), after: span)
        case 5: return .failed(.transport(.timedOut(.total)))
        case 6: return .failed(.unreadable(status: 200))
        case 7: return PollMachineTests.refusal(429, "Too Many Requests", retryAfter: .seconds(1))
        default: return PollMachineTests.refusal(409, "Conflict: terminated by other getUpdates request")
        }
    }

    @Test("T6 T7: an offset is always the last received id plus one, and never asked for again without a rest")
    func keepsOffsetsHonest() {
        for seed in 0..<100 as Range<UInt64> {
            let found = Self.walk(seed: seed)
            #expect(found == [], "seed \(seed)")
        }
    }

    @Test("T6: an id that is none of Telegram's never becomes an offset", arguments: [-5, 0, Int64.max, 1 << 60])
    func ignoresImpossibleIDs(id: Int64) async throws {
        try await TelegramRig.run { fake in
            fake.user(42).say("good")
            fake.pushUpdate(id: id)
            fake.user(42).say("more")
            // Last of all, where the next offset is taken from.
            fake.pushUpdate(id: id)
        } _: { rig in
            await rig.intake.until(stored: "more")
            let next: Int64 = 700_000_003
            try await rig.fake.until { $0.requests("getUpdates").contains { $0.integer("offset") == next } }
            let offsets = rig.fake.requests("getUpdates").compactMap { $0.integer("offset") }
            #expect(offsets.allSatisfy { $0 == next })
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T6: a stored place that is none of Telegram's is not sent", arguments: ["-7", "x", "9223372036854775807"])
    func ignoresAnImpossiblePlace(value: String) async throws {
        let intake = RecordingIntake()
        try await intake.setCursor(named: "telegram/110201543", to: value)
        try await TelegramRig.run(intake: intake) { rig in
            rig.fake.user(42).say("good")
            await intake.until(stored: "good")
            #expect(rig.fake.requests("getUpdates")[0].arguments["offset"] == nil)
        }
    }
}
