import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// Sends of which nobody can know what became: how often they are repeated, how far apart, and what a person is told at last.
struct LabelledRepeatTests {
    private static let labelled = RepeatLabel.line + "\n\n"
    private let limit = DeliveryPolicy().labelledSends

    @Test("T33: an unknown first send is repeated once with its label, never silently")
    func labelsAPossibleRepeat() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .loseAnswer)
        world.advance(.seconds(1))
        world.settle()
        #expect(world.texts() == ["a", RepeatLabel.line + "\n\na"])
        #expect(world.notes.contains { if case .possibleRepeat = $0 { true } else { false } })
        #expect(!world.store.hasUnended)
    }

    /// Loses the answers of all sends of the first row until it is given up; returns when they went.
    private func loseAll(_ world: inout PlannerWorld, _ answer: PlannerWorld.Answer = .loseAnswer) -> [Duration] {
        var moments: [Duration] = []
        for _ in 0...limit {
            moments.append(world.uptime)
            world.perform(0, answer)
            world.write()
            guard world.pending.isEmpty, let due = world.due else { break }
            world.advance(due - world.uptime)
        }
        return moments
    }

    @Test("T33: labelled repeats are further and further apart: every one may leave a copy")
    func labelledRepeatsAreFurtherApart() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        let moments = loseAll(&world)
        let waits = zip(moments.dropFirst(), moments).map { $0 - $1 }
        #expect(waits == [.milliseconds(500)] + [4, 16, 64, 256, 600, 600, 600].map { .seconds($0) })
        #expect(world.texts().count == 1 + limit)
        #expect(world.texts().dropFirst().allSatisfy { $0 == Self.labelled + "a" })
    }

    @Test func anAnswerBehindItWaitsMinutesAtMost() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        _ = world.enqueue("b")
        let moments = loseAll(&world, .refuse(.outcomeUnknown("reset")))
        world.settle()
        #expect(world.texts() == [UndeliveredNotice.other, "b"])
        #expect(world.uptime < .seconds(330))
        #expect(moments.count == 1 + limit)
    }

    @Test func anAnswerThatComesBehindItShortensALongWait() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        for _ in 0..<5 {
            world.perform(0, .loseAnswer)
            world.write()
            if let due = world.due, due - world.uptime < .seconds(200) { world.advance(due - world.uptime) }
        }
        #expect(world.due.map { $0 - world.uptime } == .seconds(256))
        _ = world.enqueue("b")
        #expect(world.due.map { $0 - world.uptime } == .seconds(60))
        world.advance(.seconds(60))
        world.settle()
        #expect(world.texts().suffix(2) == [Self.labelled + "a", "b"])
    }

    @Test func whatSurelyFailedUsesUpNoRepeat() {
        var world = PlannerWorld()
        _ = world.enqueue("a")
        world.perform(0, .loseAnswer)
        for _ in 0..<(3 * limit) {
            world.write()
            guard let due = world.due else { break }
            world.advance(due - world.uptime)
            world.perform(0, .refuse(.notSent("the chat did not answer")))
        }
        world.write()
        world.advance(.seconds(60))
        world.settle()
        #expect(world.texts() == ["a", Self.labelled + "a"])
    }

    @Test(
        "a row that is given up at last is replaced by a word about that, in its place",
        arguments: [(nil, UndeliveredNotice.other), (TurnID(1), UndeliveredNotice.answer)])
    func aWordStandsInForARowThatWasGivenUp(_ turn: TurnID?, _ notice: String) throws {
        var world = PlannerWorld()
        var row = world.store.add(turn == nil ? "a" : nil, in: PlannerWorld.chat, turn: turn)
        if turn != nil {
            let ready = world.store.commit(row.id, "a")
            row = try #require(ready)
        }
        world.planner.enqueue([row], at: world.now)
        world.dispatch()
        _ = world.enqueue("b")
        _ = loseAll(&world, .refuse(.outcomeUnknown("reset")))
        #expect(world.store.rows[row.id]?.payload == RenderedChunk(text: notice))
        #expect(world.store.rows[row.id]?.isDoubtful == false, "it has not left yet")
        world.settle()
        #expect(world.texts() == [notice, "b"])
        #expect(world.store.fates[row.id] == .delivered)
        let reason = "no answer came to \(limit) labelled repeats"
        #expect(world.notes.contains(.abandoned(PlannerWorld.chat, row.id, reason: reason)))
    }

    @Test func noWordStandsInForSuchAWord() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        _ = world.enqueue("b")
        _ = loseAll(&world, .refuse(.outcomeUnknown("reset")))
        // The notice is on its way; also a start after a crash knows what it is.
        world.crash()
        for _ in 0..<2 {
            world.perform(0, .refuse(.outcomeUnknown("reset")))
            world.write()
            if world.pending.isEmpty { world.advance(.seconds(1)) }
        }
        world.settle()
        guard case .abandoned = world.store.fates[row] else {
            Issue.record("the row was not given up: \(String(describing: world.store.fates[row]))")
            return
        }
        #expect(world.texts() == ["b"])
    }

    @Test func whatIsRefusedForGoodIsReplacedAndTheNextRowGoes() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        _ = world.enqueue("b")
        world.perform(0, .refuse(.refused("message is too long")))
        world.settle()
        #expect(world.texts() == [UndeliveredNotice.other, "b"])
        #expect(world.notes == [.abandoned(PlannerWorld.chat, row, reason: "message is too long")])
    }

    @Test func whereNothingIsTakenTheRowIsGivenUp() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        _ = world.enqueue("b")
        world.perform(0, .refuse(.refused("not this")))
        world.write()
        world.perform(0, .refuse(.refused("nor that")))
        world.settle()
        #expect(world.store.fates[row] == .abandoned("nor that"))
        #expect(world.texts() == ["b"])
    }

    @Test func aDoubtfulRowStaysDoubtfulWhenItsRepeatSurelyFails() {
        var world = PlannerWorld()
        let row = world.enqueue("a")
        world.perform(0, .loseAnswer)
        world.advance(.seconds(1))
        world.perform(0, .refuse(.notSent("refused connection")))
        world.write()
        #expect(world.store.rows[row]?.isDoubtful == true)
    }
}
