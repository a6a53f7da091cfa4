import BotCore

@testable import BotSessions

/// Short ways to write what the tests of summaries need.
enum Sample {
    /// 2026-03-10 12:00 UTC.
    static let noon = Timestamp(rawValue: 1_773_144_000_000)

    static func message(_ seq: Int64, _ role: Role, _ text: String, speaker: String? = nil) -> SourceMessage {
        SourceMessage(seq: seq, role: role, speaker: speaker, text: text, createdAt: noon)
    }

    /// User and assistant in turn, from a number on.
    static func talk(from first: Int64 = 11, _ texts: [String]) -> [SourceMessage] {
        texts.enumerated().map { index, text in
            message(first + Int64(index), index.isMultiple(of: 2) ? .user : .assistant, text)
        }
    }

    static func line(_ text: String, _ sources: ClosedRange<Int64>..., in section: SummarySection = .facts)
        -> SummaryLine
    {
        SummaryLine(section: section, text: text, sources: sources)
    }

    static func session(
        live: [Int], limit: Int = 4000, summary: Int = 0, covered: Int64 = 0, nextAt: Int64 = 0
    ) -> Session {
        let head = covered + Int64(live.count)
        let coverage = Coverage(
            checkpoint: summary > 0 ? CheckpointID(1) : nil, summaryTokens: summary, seq: covered,
            liveMessages: live.count, liveTokens: live.reduce(0, +), nextSummaryAt: nextAt)
        return Session(
            id: SessionID(1), conversation: ConversationID(1), key: nil, interfaceType: "test", externalUserID: "1",
            externalChatID: "1", epoch: 1, headSeq: head, floorSeq: 0, messageCount: live.count,
            inputTokens: live.reduce(0, +), outputTokens: 0, tokenLimit: limit, toolCalls: 0, errors: 0, isActive: true,
            createdAt: noon, lastActiveAt: noon, expiresAfter: .seconds(60), state: [:], metadata: [:],
            coverage: coverage)
    }

    static func checkpoint(
        _ id: Int64, base: Int64?, _ range: ClosedRange<Int64>, _ text: String, author: SummaryAuthor = .model("m"),
        round: Int = 0, replaced: Int = 1000
    ) -> Checkpoint {
        Checkpoint(
            id: CheckpointID(id), session: SessionID(1), base: base.map { CheckpointID($0) }, fromSeq: range.lowerBound,
            toSeq: range.upperBound, text: text, tokens: text.count, tokenizer: "characters", replacedTokens: replaced,
            author: author, round: round, createdAt: noon)
    }
}
