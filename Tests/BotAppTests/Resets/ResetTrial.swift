import BotCore
import BotTestSupport

/// Two or three chats in which people talk, programs add messages and all of it is cleared, erased and taken back at any moment.
struct ResetTrial {
    let world: ResetWorld
    let number: Int
    var random: SeededRandom
    let chats: [String]
    private var said = 0
    /// Messages that may stay without an answer, for they were sent while a caller of the REST API cleared their chat.
    private(set) var cleared: Set<String> = []
    private(set) var problems: [String] = []

    init(_ world: ResetWorld, number: Int, random: SeededRandom) {
        self.world = world
        self.number = number
        self.random = random
        chats = (0..<Int.random(in: 2...3, using: &self.random)).map { "\(number)c\($0)" }
    }

    mutating func run() async throws {
        try await withThrowingTaskGroup { group in
            world.turnstile.set(open: true)
            for chat in chats {
                let texts = (0..<Int.random(in: 3...9, using: &random)).map { _ in text(in: chat) }
                group.addTask { [world] in
                    for (place, text) in texts.enumerated() {
                        try await world.append(text, role: place % 3 == 2 ? .assistant : .user, in: chat)
                    }
                }
            }
            try await group.waitForAll()
            world.turnstile.set(open: false)
            for _ in 0..<Int.random(in: 8...16, using: &random) { await step(&group) }
            if try await !world.settle(&random) { problems.append("trial \(number) did not come to its end") }
            try await group.waitForAll()
            // Whatever happened, each chat goes on.
            for chat in chats { world.push(.message(InboundMessage(text: text(in: chat))), in: chat) }
            if try await !world.settle(&random) { problems.append("trial \(number) did not go on") }
            world.turnstile.set(open: true)
        }
    }

    private mutating func text(in chat: String) -> String {
        said += 1
        return "the melon of my sister is number k\(chat)x\(said)"
    }

    private mutating func step(_ group: inout ThrowingTaskGroup<Void, any Error>) async {
        let chat = chats.randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7: world.push(.message(InboundMessage(text: text(in: chat))), in: chat)
        case 7..<10:
            let text = text(in: chat)
            group.addTask { [world] in try await world.append(text, role: .user, in: chat) }
        case 10..<14: command("reset", in: chat)
        case 14:
            // It drops all that waits, and no event says what came before it.
            cleared.insert(chat)
            group.addTask { [world] in try await world.clear(chat) }
        case 15: command("forget", "yes", in: chat)
        case 16, 17:
            // Several reach back into what is being summarised.
            for _ in 0..<Int.random(in: 1...4, using: &random) { command("undo", in: chat) }
        case 18: command("retry", in: chat)
        default: command("summary", "undo", in: chat)
        }
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            await world.pass(Int.random(in: 0..<15, using: &random))
            _ = world.turnstile.letOneGo()
        }
        if Int.random(in: 0..<3, using: &random) == 0 { world.time.advance(by: .milliseconds(500)) }
    }

    private func command(_ name: String, _ arguments: String = "", in chat: String) {
        world.push(.command(name: name, arguments: arguments), in: chat)
    }
}
