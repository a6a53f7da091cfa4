import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// Replies that are too long for one message, while they are made and afterwards.
struct RollOverTests {
    private let edits = PreviewStyle.edit(interval: .seconds(3))
    private let drafts = PreviewStyle.draft(interval: .seconds(1))

    /// A text in which every place can be told from every other.
    private func text(_ length: Int) -> String {
        String((0..<length).map { "\($0) " }.joined().prefix(length))
    }

    private func world() -> PlannerWorld {
        var world = PlannerWorld()
        world.limit = 100
        return world
    }

    private func wait(_ world: inout PlannerWorld, _ span: Duration) {
        world.advance(span)
        world.settle()
    }

    @Test("T40: a reply that passes the limit goes on in a next message, and nothing of it is lost or doubled")
    func goesOnInANextMessage() {
        var world = world()
        let whole = text(250)
        let row = world.begin(edits)
        world.preview(String(whole.prefix(80)))
        world.settle()
        world.preview(String(whole.prefix(150)))
        wait(&world, .seconds(3))
        #expect(world.texts() == [String(whole.prefix(100))], "the first message is full")
        wait(&world, .seconds(3))
        #expect(world.texts() == [String(whole.prefix(100)), String(whole.prefix(150).dropFirst(100))])
        world.preview(String(whole.prefix(180)))
        wait(&world, .seconds(3))
        #expect(world.texts().last == String(whole.prefix(180).dropFirst(100)))
        #expect(world.requests.filter { $0.hasPrefix("edit") }.count == 2, "a full message is left alone")
        world.commit(row, whole: whole)
        world.settle()
        #expect(world.texts() == world.parts(of: whole))
        #expect(world.messages.count == 3)
        #expect(!world.store.hasUnended)
    }

    @Test("T37: a full draft becomes a message, and the draft goes on behind it")
    func draftsGoOnBehindAMessage() {
        var world = world()
        let whole = text(250)
        let row = world.begin(drafts)
        world.preview(String(whole.prefix(80)))
        world.settle()
        world.preview(String(whole.prefix(150)))
        wait(&world, .seconds(1))
        wait(&world, .seconds(2))
        let tail = String(whole.prefix(150).dropFirst(100))
        #expect(world.requests == ["draft \(whole.prefix(80))", "send \(whole.prefix(100))", "draft \(tail)"])
        world.commit(row, whole: whole)
        world.settle()
        #expect(world.texts() == world.parts(of: whole))
        #expect(!world.store.hasUnended)
    }

    @Test func messagesForWhichTheFinalTextHasNothingLeftAreTakenAwayLast() {
        var world = world()
        let whole = text(250)
        let row = world.begin(edits)
        world.preview(whole)
        for _ in 0..<3 {
            world.settle()
            world.advance(.seconds(3))
        }
        world.settle()
        #expect(world.texts() == world.parts(of: whole))
        let shown = world.requests.count
        world.commit(row, whole: "short")
        world.settle()
        #expect(world.requests.dropFirst(shown) == ["edit short", "remove m2", "remove m3"])
        #expect(world.texts() == ["short"])
        #expect(!world.store.hasUnended)
    }

    @Test func aMessageThatCannotBeTakenAwayIsLetBe() {
        var world = world()
        let row = world.begin(edits)
        world.preview(text(150))
        world.settle()
        wait(&world, .seconds(3))
        world.commit(row, whole: "short")
        world.perform()
        world.write()
        world.perform(0, .refuse(.rateLimited(retryAfter: .seconds(5), everywhere: false)))
        wait(&world, .seconds(10))
        #expect(world.texts() == ["short"])

        let next = world.begin(turn: 2, edits)
        world.preview(text(150), of: 2)
        world.settle()
        wait(&world, .seconds(6))
        world.commit(next, whole: "brief")
        world.settle()
        wait(&world, .seconds(1))
        world.advance(.seconds(1))
        if case .remove? = world.pending.first?.work { world.perform(0, .refuse(.refused("can't be deleted"))) }
        world.settle()
        #expect(world.texts().first == "short")
        #expect(world.texts().contains("brief"))
        #expect(!world.store.hasUnended)
    }

    @Test func theNextMessageIsOpenedInTheStoreBeforeAnythingOfItIsShown() {
        var world = world()
        _ = world.begin(edits)
        world.preview(text(150))
        world.perform()
        world.write()
        #expect(world.store.rows.count == 1)
        world.perform()
        #expect(world.store.rows.values.map(\.chunk).sorted() == [0, 1])
        world.settle()
        #expect(world.requests.count == 1)
        wait(&world, .seconds(3))
        #expect(world.requests.count == 2)
    }

    @Test func nothingMoreIsOpenedWhenTheReplyHasEnded() {
        var world = world()
        let row = world.begin(edits)
        world.preview(text(150))
        world.perform()
        _ = world.store.cancel(row.id, lastWord: "stopped")
        world.settle()
        wait(&world, .seconds(30))
        #expect(world.texts() == ["stopped"])
        #expect(world.store.rows.count == 1)
    }

    @Test func aDraftOfWhichNothingIsLeftIsNotRefreshedInALoop() {
        var world = world()
        _ = world.begin(drafts)
        world.preview(text(50))
        world.settle()
        world.preview("")
        wait(&world, .seconds(1))
        wait(&world, .seconds(30))
        #expect(world.pending.isEmpty)
        #expect(world.due.map { $0 > world.uptime } ?? true)
    }

    @Test func previewsEndAfterTenMessages() {
        var world = world()
        let whole = text(1500)
        let row = world.begin(edits)
        world.preview(whole)
        for _ in 0..<40 { wait(&world, .seconds(3)) }
        #expect(world.texts() == Array(world.parts(of: whole).prefix(10)))
        world.commit(row, whole: whole)
        world.settle()
        #expect(world.texts() == world.parts(of: whole))
    }

    @Test func aTurnThatIsBegunAgainEditsTheMessagesThatStand() {
        var world = world()
        _ = world.begin(edits)
        world.preview(text(150))
        world.settle()
        wait(&world, .seconds(3))
        #expect(world.messages.count == 2)
        world.crash()
        guard let row = world.store.rows.values.first(where: { $0.chunk == 0 }) else { return }
        let other = String(text(400).suffix(170))
        world.planner.begin(row, style: edits, typingInterval: nil, at: world.now)
        world.preview(other)
        for _ in 0..<3 { wait(&world, .seconds(3)) }
        #expect(world.texts() == world.parts(of: other))
        world.commit(row, whole: other)
        world.settle()
        #expect(world.messages.map(\.text) == world.parts(of: other))
    }

    // MARK: - Whatever happens

    /// A long reply with previews, with faults of the platform and kills of the program at any moment.
    @Test(.serialized, arguments: 0..<120)
    func noPartIsLostDoubledOrOutOfOrder(_ seed: UInt64) {
        var random = SeededRandom(seed: seed &+ 1000)
        var world = world()
        let style = seed % 2 == 0 ? edits : drafts
        let final = text(Int.random(in: 1...520, using: &random))
        var row = world.begin(style)
        var stale: Set<String> = []
        var shown = 0
        var runs = 1
        for _ in 0..<200 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0 where runs < 4:
                if Bool.random(using: &random) { world.carryOutUnheard() }
                world.crash()
                guard let again = world.store.rows[row.id], world.store.fates[row.id] == .open else { break }
                row = again
                runs += 1
                shown = 0
                world.planner.begin(row, style: style, typingInterval: nil, at: world.now)
                world.dispatch()
            case 1...6:
                shown += Int.random(in: 0...40, using: &random)
                // Each run of the model writes something else.
                let partial = String(repeating: "\(runs)", count: runs - 1) + text(shown)
                world.preview(partial)
                stale.formUnion(world.parts(of: partial))
            case 7: world.advance(.milliseconds(Int.random(in: 100...4000, using: &random)))
            default:
                if world.pending.isEmpty { break }
                let work = world.pending[0].work
                world.perform(0, work.isRequest ? Self.answer(&random) : .well)
            }
        }
        world.commit(row, whole: final)
        for _ in 0..<3000 where world.store.hasUnended {
            if world.pending.isEmpty {
                guard let due = world.due else { break }
                world.advance(max(due - world.uptime, .zero))
            } else {
                world.perform(0, world.pending[0].work.isRequest ? Self.answer(&random) : .well)
            }
        }
        #expect(!world.store.hasUnended)
        check(world, final, stale)
    }

    /// Every part stands once, in order; a further copy carries the label; and what else stands is a frame of a preview whose arrival
    /// nobody could know of.
    private func check(_ world: PlannerWorld, _ final: String, _ stale: Set<String>) {
        let label = RepeatLabel.line + "\n\n"
        let parts = world.parts(of: final)
        let texts = world.texts()
        for part in parts { #expect(texts.filter { $0 == part }.count <= 1, "an unlabelled repeat") }
        let plain = texts.map { $0.hasPrefix(label) ? String($0.dropFirst(label.count)) : $0 }
        var finals: [String] = []
        for text in plain where parts.contains(text) && finals.last != text { finals.append(text) }
        #expect(finals == parts)
        for text in plain where !parts.contains(text) { #expect(stale.contains(text)) }
    }

    private static func answer(_ random: inout SeededRandom) -> PlannerWorld.Answer {
        switch Int.random(in: 0..<24, using: &random) {
        case 0: .refuse(.notSent("500"))
        case 1: .refuse(.rateLimited(retryAfter: .seconds(Int.random(in: 1...20, using: &random)), everywhere: false))
        case 2: .loseAnswer
        default: .well
        }
    }
}
