import BotCore
import BotSessions
import BotStore
import BotTestSupport
import BotTokenizer
import Testing

/// All that people do in a chat, in one with very many messages: each command is answered clearly, and nothing is lost.
///
/// `MYBOT_SOAK_LONG` names the number of messages: see `.ci/soak`.
@Suite("A huge chat", .timeLimit(.minutes(60)))
struct HugeChatTests {
    private static let soaked = Soak.number("MYBOT_SOAK_LONG")
    private static let size = soaked ?? 3000

    @Test("100,000 messages in one chat: a clear answer to everything, nothing lost")
    func everythingIsAnsweredInAHugeChat() async throws {
        let seconds = try await TemporaryDirectory.with { directory in
            let world = PipelineWorld(path: directory.file("mybot.db"))
            let notes = ScriptedModel(name: "notes")
            notes.script { .say([Self.notes(on: $0)]) }
            let counter = BytePairTokenCounter(.o200kBase)
            let soak = Soak("long", total: Self.size)
            var chat = HugeChat(world, size: Self.size, soak: soak)
            try await world.live(counter: counter, summarizer: notes) { try await chat.fill($0) }
            // The rooms begin anew, with nothing in memory.
            try await world.live(counter: counter, summarizer: notes) { life in
                try await chat.talk(life)
                try await chat.takeBackAndRestore(life)
                try await chat.forget(life)
            }
            return chat.seconds
        }
        if Self.soaked != nil {
            let line = seconds.map { "\($0.name)=\(($0.seconds * 1000).rounded() / 1000)" }.joined(separator: " ")
            Soak.print("soak long messages=\(Self.size) seconds: \(line)")
        }
    }

    /// Notes on the newest lines of what is to be summarised, by their first words.
    private static func notes(on request: CompletionRequest) -> String {
        let material = request.messages.last?.content ?? ""
        let lines = material.matches(of: /(?m)^\[#(\d+) [^\]]*\] (.*)$/).suffix(4).map { line in
            "- " + line.2.split(separator: " ").prefix(8).joined(separator: " ") + " [#\(line.1)]"
        }
        return (["TOPICS"] + lines).joined(separator: "\n")
    }
}

/// A chat, and what a person does there.
private struct HugeChat {
    private static let name = "1"
    private static let fact = "The code of my locker at the swimming pool is k4711z."
    private static let nothing = "I have found nothing in this conversation."

    let world: PipelineWorld
    private let size: Int
    private let soak: Soak
    /// How many messages the chat holds that were not taken back.
    private var messages = 0
    /// How long each step took.
    private let times = Lock<[(name: String, seconds: Double)]>([])

    init(_ world: PipelineWorld, size: Int, soak: Soak) {
        self.world = world
        self.size = size
        self.soak = soak
    }

    var seconds: [(name: String, seconds: Double)] { times.withLock { $0 } }

    private func measure<Result>(_ name: String, _ body: () async throws -> Result) async rethrows -> Result {
        let time = SystemTime()
        let begin = time.uptime
        let result = try await body()
        let seconds = (time.uptime - begin) / .seconds(1)
        times.withLock { $0.append((name, seconds)) }
        return result
    }

    // MARK: - The log

    /// Adds the messages as a program does that brings an old chat along.
    mutating func fill(_ life: PipelineWorld.Life) async throws {
        let session = try await life.sessions.getOrCreateSession(
            SessionDraft(
                conversation: .key(PipelineWorld.key(Self.name)), interfaceType: "telegram", externalUserID: Self.name,
                externalChatID: Self.name, tokenLimit: 4000, expiresAfter: .seconds(86_400)))
        let size = size
        try await measure("fill") {
            for start in stride(from: 0, to: size, by: 100) {
                try await withThrowingTaskGroup { group in
                    for number in start..<min(start + 100, size) {
                        let role: Role = number.isMultiple(of: 2) ? .user : .assistant
                        group.addTask {
                            try await life.sessions.addMessage(
                                to: session.id, role: role, content: Self.text(number)) != nil
                        }
                    }
                    for try await isAdded in group { #expect(isAdded) }
                }
                soak.did(100, problems: 0)
            }
        }
        messages = size
        let isSummarised = await life.waits { life.sessions.compaction.waiting + life.sessions.compaction.running == 0 }
        #expect(isSummarised)
    }

    private static func text(_ number: Int) -> String {
        switch number % 50 {
        case 40: return number == 140 ? fact : "On day \(number) we were at the river and talked of boats."
        case 41: return "第\(number)天我们去了公园，天气很好。"
        case 42: return String(repeating: "a long story without an end ", count: 40) + "told as number \(number)"
        case 43 where number == 243: return String(repeating: "漢字 and \u{301} words; ", count: 50_000)
        default: return "message \(number) is about nothing much, as most of them are, and has some words"
        }
    }

    /// What the store shows of the chat, all of it.
    private func log(_ life: PipelineWorld.Life) async throws -> (session: Session, texts: [String]) {
        let session = try #require(try await life.store.base.session(of: PipelineWorld.key(Self.name)))
        var texts: [String] = []
        var last: Int64 = 0
        while true {
            let page = try await life.store.base.messages(of: session.id, after: last, limit: 1000, maxBytes: 1 << 24)
            guard let end = page.last else { return (session, texts) }
            texts += page.map(\.text)
            last = end.seq
        }
    }

    private func expectNothingLost(_ life: PipelineWorld.Life) async throws {
        let (session, texts) = try await log(life)
        #expect(texts.count == messages)
        #expect(session.messageCount == messages)
        let said = Set(texts)
        let lost = (0..<size).filter { !said.contains(Self.text($0)) }
        #expect(lost.prefix(5).isEmpty)
        let findings = try await life.store.base.audit(limit: 5)
        #expect(findings.isEmpty, "\(findings)")
    }

    // MARK: - What a person does

    /// Sends a command and waits for its answer.
    private func answer(
        _ life: PipelineWorld.Life, _ command: String, _ arguments: String = ""
    ) async throws -> String {
        let before = world.transport.watch.state.texts(in: Self.name).count
        world.command(command, arguments, in: Self.name)
        try await measure("/\(command)") { try await world.settle(life) }
        return world.transport.watch.state.texts(in: Self.name).dropFirst(before).joined(separator: "\n")
    }

    private func expect(
        _ life: PipelineWorld.Life, _ command: String, _ arguments: String = "", says words: String
    ) async throws {
        let answer = try await answer(life, command, arguments)
        #expect(answer.contains(words), "/\(command) \(arguments)")
    }

    private mutating func ask(_ question: String, _ life: PipelineWorld.Life) async throws -> CompletionRequest {
        let before = world.transport.watch.state.texts(in: Self.name).count
        world.say(question, in: Self.name)
        try await measure("turn") { try await world.settle(life) }
        messages += 2
        let word = question.split(separator: " ").last.map(String.init) ?? ""
        let answers = world.transport.watch.state.texts(in: Self.name).dropFirst(before)
        #expect(Array(answers) == ["answer \(word) end"])
        let asked = try #require(world.model.requests.last)
        #expect(BytePairTokenCounter(.o200kBase).count(asked.messages) <= 4000)
        return asked
    }

    mutating func talk(_ life: PipelineWorld.Life) async throws {
        try await expectNothingLost(life)
        let asked = try await ask("What is the code of my locker?", life)
        #expect(asked.messages.contains { $0.content.contains("k4711z") })
        for number in 1...5 { _ = try await ask("and more number \(number)", life) }
        _ = try await ask(String(repeating: "漢字 and \u{301} words; ", count: 3000) + "long", life)
        try await expectNothingLost(life)

        try await expect(life, "search", "locker OR \"NEAR(", says: "k4711z")
        try await expect(life, "search", "公园", says: "公园")
        try await expect(life, "search", "xylophone", says: Self.nothing)
        let context = try await answer(life, "context")
        #expect(context.contains("of at most 4000 tokens") && context.contains("of \(messages) messages"))
        let summary = try await answer(life, "summary")
        let covered = try #require(summary.firstMatch(of: /It stands for (\d+) messages/).flatMap { Int($0.1) })
        // Summaries of a chat that grows this fast come after it; the next may be made meanwhile.
        let session = try #require(try await life.store.base.session(of: PipelineWorld.key(Self.name)))
        #expect(covered > 0 && covered <= messages - session.coverage.liveMessages)
        #expect(summary.contains("instead of"))
        try await expect(life, "summary", "undo", says: "I have taken back the summary")
        try await expectNothingLost(life)
    }

    mutating func takeBackAndRestore(_ life: PipelineWorld.Life) async throws {
        _ = try await ask("something to take back", life)
        try await expect(life, "undo", says: "I have taken back 2 messages")
        messages -= 2
        try await expectNothingLost(life)
        try await expect(life, "reset", says: "I have forgotten \(messages) messages")
        try await expect(life, "search", "locker", says: Self.nothing)
        let shown = try await log(life).texts
        #expect(shown.isEmpty)
        try await expect(life, "context", says: "of 0 messages")
        try await expect(life, "undo", says: "I remember \(messages) messages again")
        try await expectNothingLost(life)
        try await expect(life, "search", "locker", says: "k4711z")
        try await expect(life, "retry", says: "answer long end")
        try await expectNothingLost(life)
    }

    mutating func forget(_ life: PipelineWorld.Life) async throws {
        // What was taken back counts too.
        let question = try await answer(life, "forget")
        let held = try #require(
            question.firstMatch(of: /for good: (\d+) messages and \d+ summar/).flatMap { Int($0.1) }, "\(question)")
        #expect(held >= messages + 2)
        try await expect(life, "forget", "yes", says: "I have erased \(held) messages")
        try await expect(life, "search", "locker", says: Self.nothing)
        let holdings = try await life.store.base.holdings(of: .key(PipelineWorld.key(Self.name)))
        #expect(holdings.messages == 0)
        let asked = try await ask("What is the code of my locker now?", life)
        #expect(!asked.messages.contains { $0.content.contains("k4711z") })
        let findings = try await life.store.base.audit(limit: 5)
        #expect(findings.isEmpty, "\(findings)")
    }
}
