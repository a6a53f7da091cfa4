import BotCore

/// What the next summary stands on: the checkpoint that it continues, the notes that it takes over, and where its messages begin. Pure.
///
/// A digest is made again from the messages, as long as these are not too many. And notes of notes of notes lose what they were about:
/// every so many rounds the notes are put together anew from the lines that each checkpoint wrote about its own messages.
struct SummaryLineage: Equatable {
    /// After so many summaries of summaries the notes are put together anew.
    static let maxRound = 8
    /// How many checkpoints are read for that.
    static let maxChain = 64
    /// The most tokens of notes that go into a prompt.
    private static let maxNoteTokens = 3000

    let base: Checkpoint?
    let notes: [SummaryLine]
    /// The messages after this number are summarised.
    let after: Int64
    let round: Int

    /// - Parameters:
    ///   - chain: the session's checkpoints, newest first.
    ///   - spare: how many tokens of messages that a digest covers may be read again.
    init(of session: Session, chain: [Checkpoint], spare: Int, counter: any TokenCounter) {
        var rest = chain[...]
        var spare = spare
        while let digest = rest.first, digest.author == .digest, rest.count > 1 || digest.base == nil {
            let before = rest.dropFirst().first
            let raw = digest.replacedTokens - (before?.tokens ?? 0)
            guard raw <= spare else { break }
            spare -= raw
            rest = rest.dropFirst()
        }
        base = rest.first
        after = max(session.floorSeq, base?.toSeq ?? session.floorSeq)
        guard let base else {
            notes = []
            round = 0
            return
        }
        if base.round >= Self.maxRound {
            notes = Self.firstHand(of: Array(rest), counter: counter)
            round = 1
        } else {
            notes = SummaryNotes(parsing: base.text).lines
            round = base.round + 1
        }
    }

    /// The lines that each checkpoint wrote about its own messages, and what the newest one still knows of those before the oldest.
    private static func firstHand(of chain: [Checkpoint], counter: any TokenCounter) -> [SummaryLine] {
        guard let newest = chain.first, let oldest = chain.last else { return [] }
        var lines =
            oldest.base == nil
            ? []
            : SummaryNotes(parsing: newest.text).lines.filter { line in
                line.sources.contains { $0.lowerBound < oldest.fromSeq }
            }
        for checkpoint in chain.reversed() where checkpoint.fromSeq <= checkpoint.toSeq {
            let own = SummaryNotes(parsing: checkpoint.text).lines
            lines += own.filter { $0.isWithin(checkpoint.fromSeq...checkpoint.toSeq) }
        }
        var seen: Set<String> = []
        // Of equal lines the newest stays.
        let unique = lines.reversed().filter { seen.insert($0.text).inserted }.reversed()
        let sorted = SummarySection.allCases.flatMap { section in unique.filter { $0.section == section } }
        return bounded(sorted, counter: counter)
    }

    /// Leaves out the oldest lines, topics first.
    private static func bounded(_ lines: [SummaryLine], counter: any TokenCounter) -> [SummaryLine] {
        var costs = lines.map { counter.count($0.written) + 1 }
        var kept = lines
        var total = costs.reduce(0, +)
        while total > maxNoteTokens, !kept.isEmpty {
            let place = kept.firstIndex { $0.section == .topics } ?? 0
            total -= costs.remove(at: place)
            kept.remove(at: place)
        }
        return kept
    }
}
