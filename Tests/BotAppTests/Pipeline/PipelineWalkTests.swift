import BotCore
import BotTestSupport
import Testing

@Suite("Random walks through the whole pipeline", .timeLimit(.minutes(5)))
struct PipelineWalkTests {
    private static let chats = ["1", "2", "3"]

    /// A small generator with a seed (SplitMix64), so that a failing walk can be walked again.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// What may go wrong in a walk.
    struct Weather: Sendable, CustomTestStringConvertible {
        var kills = false
        var outages = false
        var lostAnswers = false
        var style = PreviewStyle.off
        let testDescription: String
    }

    static let weathers = [
        Weather(testDescription: "calm"),
        Weather(style: .edit(interval: .seconds(1)), testDescription: "previews by edits"),
        Weather(outages: true, style: .edit(interval: .seconds(1)), testDescription: "outages of the store"),
        Weather(kills: true, style: .edit(interval: .seconds(1)), testDescription: "kills"),
        Weather(
            kills: true, outages: true, style: .draft(interval: .seconds(1)), testDescription: "kills, outages, drafts"),
        Weather(
            kills: true, outages: true, lostAnswers: true, style: .edit(interval: .seconds(1)),
            testDescription: "everything"),
    ]

    @Test("Promises 1, 3, 5 and 6 hold on every walk", arguments: weathers, 0..<6)
    func promisesHold(_ weather: Weather, seed: Int) async throws {
        try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            world.transport.watch.change { $0.style = weather.style }
            var random = Seeded(state: UInt64(seed) &* 7919 &+ UInt64(weather.testDescription.count))
            let lives = weather.kills ? 4 : 1
            for _ in 1..<max(2, lives) {
                let end: PipelineWorld.End = weather.kills && Bool.random(using: &random) ? .kill : .shutdown
                try await world.live(end: end) { life in
                    for _ in 0..<25 { await Self.step(life, weather, &random) }
                    if end == .shutdown { life.store.fail(with: nil) }
                }
            }
            try await world.live(end: .shutdown) { life in
                Self.calm(world)
                try await world.settle(life)
                try await world.checkInvariants(chats: Self.chats, answersLost: weather.lostAnswers, life)
            }
        }
    }

    /// No more trouble: everything can come to its end.
    private static func calm(_ world: PipelineWorld) {
        world.transport.watch.change { $0.faults = [:] }
        world.model.script { .say(["answer ", PipelineWorld.token(of: $0), " end"]) }
        world.model.release()
    }

    private static func step(
        _ life: PipelineWorld.Life, _ weather: Weather, _ random: inout some RandomNumberGenerator
    ) async {
        let world = life.world
        let chat = chats.randomElement(using: &random) ?? "1"
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9: world.say("w\(world.events.count)", in: chat)
        case 9: world.command("reset", in: chat)
        case 10: world.command("undo", in: chat)
        case 11: world.command("stop", in: chat)
        case 12: world.model.script { .hang(["answer ", PipelineWorld.token(of: $0), " begun"]) }
        case 13: calm(world)
        case 14: world.model.script { _ in .fail(.network("down")) }
        case 15: fault(.refuse(.notSent("500")), in: world, &random)
        case 16: fault(.refuse(.rateLimited(retryAfter: .seconds(3), everywhere: false)), in: world, &random)
        case 17: fault(.refuse(.linkDown("down")), in: world, &random)
        case 18: if weather.outages { life.store.fail(with: Bool.random(using: &random) ? .full : nil) }
        default: if weather.lostAnswers { fault(.loseAnswer, in: world, &random) }
        }
        await life.pass(Int.random(in: 0..<400, using: &random))
    }

    private static func fault(
        _ fault: RecordingTransport.Fault, in world: PipelineWorld, _ random: inout some RandomNumberGenerator
    ) {
        let kind: RecordingTransport.Request.Kind = Bool.random(using: &random) ? .send : .edit
        world.transport.watch.change { $0.faults[kind, default: []].append(fault) }
    }
}
