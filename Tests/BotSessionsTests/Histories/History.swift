import BotCore

@testable import BotSessions

/// A random session: its live messages, some of them hidden, odd or broken off, and a summary now and then. Each text ends with the
/// number of its message, as ` #12.`.
struct History: Sendable {
    var session: Session
    var messages: [SessionMessage]
    var summary: SummaryBlock?

    static func mark(_ seq: Int64) -> String { " #\(seq)." }

    init(counter: any TokenCounter, pool: TextPool, random: inout SeededRandom) {
        let floor = Bool.random(using: &random) ? 0 : Int64.random(in: 0...50, using: &random)
        var seq = floor
        if Int.random(in: 0..<3, using: &random) == 0 { seq += Int64.random(in: 1...90, using: &random) }
        let covered = seq
        messages = []
        let count = Int.random(in: 0...60, using: &random) * Int.random(in: 1...2, using: &random) / 2
        let answers = Int.random(in: 2...10, using: &random)
        while messages.count < count {
            // A hole is what was taken back.
            seq += Int.random(in: 0..<12, using: &random) == 0 ? Int64.random(in: 2...6, using: &random) : 1
            switch Int.random(in: 0..<20, using: &random) {
            case 0: Self.addCalls(to: &messages, seq: &seq, counter: counter, pool: pool, random: &random)
            case let kind:
                let isAnswer = messages.last?.role == .user && kind % 10 < answers
                let role: Role = kind == 1 ? .system : isAnswer ? .assistant : .user
                messages.append(Self.message(seq, role, counter: counter, pool: pool, random: &random))
            }
        }
        let limits = [0, 5, 15, 60, 150, 400, 1000, 1000, 4000, 4000, 4000, 4000, 8000, 100_000]
        session = Session(
            id: SessionID(1), conversation: ConversationID(1), key: nil, interfaceType: "web", externalUserID: "a",
            externalChatID: "a", epoch: 1, headSeq: seq, floorSeq: floor, messageCount: 0, inputTokens: 0,
            outputTokens: 0, tokenLimit: limits.randomElement(using: &random) ?? 4000, toolCalls: 0, errors: 0,
            isActive: true, createdAt: Timestamp(rawValue: 0), lastActiveAt: Timestamp(rawValue: 0),
            expiresAfter: .seconds(1), state: [:], metadata: [:])
        session.coverage = Coverage(
            seq: covered, liveMessages: messages.count, liveTokens: messages.reduce(0) { $0 + $1.tokens })
        if covered > floor, Bool.random(using: &random) {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in pool.sample(&random).text.prefix(300) }
            let checkpoint = Checkpoint(
                id: CheckpointID(3), session: session.id, base: nil, fromSeq: floor + 1, toSeq: covered,
                text: text.joined(separator: "\n"), tokens: 0, tokenizer: "", replacedTokens: 0, author: .digest,
                round: 0, createdAt: Timestamp(rawValue: 0))
            session.coverage.checkpoint = checkpoint.id
            summary = SummaryBlock(checkpoint)
        }
    }

    /// Adds a message as a conversation goes on.
    mutating func append(_ role: Role, counter: any TokenCounter, pool: TextPool, random: inout SeededRandom) {
        session.headSeq += 1
        messages.append(Self.message(session.headSeq, role, counter: counter, pool: pool, random: &random))
        session.coverage.liveMessages += 1
        session.coverage.liveTokens += messages.last?.tokens ?? 0
    }

    private static func message(
        _ seq: Int64, _ role: Role, calls: [ToolCall] = [], callID: String? = nil, counter: any TokenCounter,
        pool: TextPool, random: inout SeededRandom
    ) -> SessionMessage {
        let sample = pool.sample(&random)
        let isEmpty = Int.random(in: 0..<40, using: &random) == 0
        let mark = mark(seq)
        let isForeign = Int.random(in: 0..<12, using: &random) == 0
        let tokens = isEmpty ? 0 : sample.tokens + counter.count(mark)
        let ofCalls = calls.reduce(0) { $0 + counter.count($1.name) + counter.count($1.arguments) }
        let isOffline = role == .assistant && calls.isEmpty && Int.random(in: 0..<15, using: &random) == 0
        return SessionMessage(
            session: SessionID(1), seq: seq, epoch: 1, role: role, text: isEmpty ? "" : sample.text + mark,
            speaker: role == .user && Int.random(in: 0..<5, using: &random) == 0 ? "Ann: <x>" : nil,
            tokens: isForeign ? Int.random(in: 0...5000, using: &random) : tokens + ofCalls,
            tokenizer: isForeign ? "foreign" : counter.name, model: isOffline ? "offline" : nil,
            createdAt: Timestamp(rawValue: 0), metadata: [:], toolCalls: calls, toolCallID: callID)
    }

    /// A message with calls and their results, of which some are missing, late, or without a call.
    private static func addCalls(
        to messages: inout [SessionMessage], seq: inout Int64, counter: any TokenCounter, pool: TextPool,
        random: inout SeededRandom
    ) {
        let prefix = Bool.random(using: &random) ? "call" : "call\(seq)-"
        let calls = (0..<Int.random(in: 1...4, using: &random)).map { number in
            let size = Int.random(in: 0..<30, using: &random) == 0 ? 5000 : Int.random(in: 0...40, using: &random)
            return ToolCall(
                id: "\(prefix)\(number)", name: "search",
                arguments: "{\"q\":\"" + String(repeating: "w", count: size) + "\"}")
        }
        messages.append(
            message(seq, .assistant, calls: calls, counter: counter, pool: pool, random: &random))
        var ids = calls.map(\.id).shuffled(using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 { ids.removeLast() }
        if Int.random(in: 0..<6, using: &random) == 0 { ids.append("nobody's") }
        if Int.random(in: 0..<8, using: &random) == 0, let again = ids.first { ids.append(again) }
        for id in ids {
            seq += 1
            if Int.random(in: 0..<15, using: &random) == 0 {
                messages.append(message(seq, .user, counter: counter, pool: pool, random: &random))
                seq += 1
            }
            messages.append(message(seq, .tool, callID: id, counter: counter, pool: pool, random: &random))
        }
    }
}
