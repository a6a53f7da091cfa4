import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// What has to hold whatever the platform answers and whenever the program is killed.
struct DeliveryPropertyTests {
    @Test(.serialized, arguments: 0..<60)
    func nothingIsLostReorderedOrSilentlyRepeated(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var world = PlannerWorld()
        let keys = (0..<4).map { ConversationKey(platform: .telegram, account: "1", chat: "\($0)") }
        var expected: [ConversationKey: [String]] = [:]
        for number in 0..<24 {
            let key = keys[Int.random(in: 0..<4, using: &random)]
            expected[key, default: []].append("t\(number)")
            _ = world.enqueue("t\(number)", in: key)
        }
        var closedUntil: [ConversationKey: Duration] = [:]
        for step in 0..<4000 where world.store.hasUnended {
            if world.pending.isEmpty {
                guard let due = world.due else { break }
                world.advance(max(due - world.uptime, .zero))
                continue
            }
            if seed % 3 == 0, step < 300, Int.random(in: 0..<12, using: &random) == 0 {
                world.crash()
                // A wait that was not written yet is forgotten with the program; one that was, holds.
                closedUntil = closedUntil.filter { world.isStored($0.value, of: $0.key) }
                continue
            }
            let busy = world.pending.map(\.conversation)
            #expect(Set(busy).count == busy.count, "one operation per chat")
            let index = Int.random(in: 0..<world.pending.count, using: &random)
            let operation = world.pending[index]
            if operation.work.isWrite {
                world.perform(index)
                continue
            }
            #expect(closedUntil[operation.conversation, default: .zero] <= world.uptime, "sent into a flood wait")
            let answer = Self.answer(&random, losesMany: seed % 4 == 1)
            if case .refuse(.rateLimited(let span, _)) = answer {
                closedUntil[operation.conversation] = world.uptime + span
            }
            world.perform(index, answer)
        }
        #expect(!world.store.hasUnended)
        for (key, texts) in expected { check(world.texts(in: key), against: texts) }
    }

    /// Every text stands, in order, once without its label; further copies carry it and follow at once.
    private func check(_ messages: [String], against texts: [String]) {
        let label = RepeatLabel.line + "\n\n"
        let plain = messages.map { $0.hasPrefix(label) ? String($0.dropFirst(label.count)) : $0 }
        var runs: [String] = []
        for text in plain where runs.last != text { runs.append(text) }
        #expect(runs == texts)
        for text in texts { #expect(messages.filter { $0 == text }.count <= 1, "an unlabelled repeat of \(text)") }
    }

    private static func answer(_ random: inout SeededRandom, losesMany: Bool) -> PlannerWorld.Answer {
        if losesMany, Int.random(in: 0..<5, using: &random) == 0 { return .loseAnswer }
        return switch Int.random(in: 0..<10, using: &random) {
        case 0: .refuse(.notSent("500"))
        case 1: .refuse(.rateLimited(retryAfter: .seconds(Int.random(in: 1...40, using: &random)), everywhere: false))
        case 2: .refuse(.linkDown("down"))
        case 3: Int.random(in: 0..<3, using: &random) == 0 ? .loseAnswer : .well
        default: .well
        }
    }

    /// Kills the program before and after each step of a reply with a preview and a second message.
    @Test(.serialized, arguments: 0..<14, [false, true])
    func aKillAtAnyStepLosesNothing(_ steps: Int, _ isCarriedOut: Bool) {
        var world = PlannerWorld()
        let style = PreviewStyle.edit(interval: .seconds(1))
        let row = world.begin(style)
        world.preview(String(repeating: "p", count: 80))
        var left = steps
        func live(_ world: inout PlannerWorld) -> Bool {
            while !world.pending.isEmpty {
                if left == 0 {
                    // The last thing either reached the platform or the store, or it did not; nobody heard of it.
                    if isCarriedOut { world.carryOutUnheard() }
                    return false
                }
                left -= 1
                world.perform()
            }
            return true
        }
        var survived = live(&world)
        if survived {
            world.commit(row, "final")
            _ = world.enqueue("second")
            survived = live(&world)
        }
        if !survived {
            world.crash()
            if world.store.fates[row.id] == .open, let again = world.store.rows[row.id] {
                world.planner.begin(again, style: style, typingInterval: nil, at: world.now)
                world.commit(again, "final")
                _ = world.enqueue("second")
            }
            world.settle()
        }
        #expect(!world.store.hasUnended)
        let texts = world.texts()
        let label = RepeatLabel.line + "\n\n"
        #expect(texts.contains("final") || texts.contains(label + "final"))
        #expect(texts.filter { $0 == "final" }.count <= 1)
        #expect(texts.filter { $0 == "second" }.count <= 1)
        #expect(texts.last == "second" || texts.last == label + "second")
    }
}

/// A small generator with a seed (SplitMix64), so that a failing case can be run again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
