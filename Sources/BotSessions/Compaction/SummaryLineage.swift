import BotCore

/// What the next summary is made from beside the newest messages: the notes that it takes over, and where its messages begin. Pure.
///
/// What a digest covers is read again, as long as that is not too much. And notes of notes of notes lose what they were about: every
/// so many rounds the notes are put together anew from the lines that each checkpoint wrote about its own messages.
struct SummaryLineage: Equatable {
    /// After so many summaries of summaries the notes are put together anew.
    static let maxRound = 8
    /// How many checkpoints are read for that.
    static let maxChain = 64
    /// The most tokens of notes that go into a prompt.
    private static let maxNoteTokens = 3000

    let notes: [SummaryLine]
    /// The messages after this number are read.
    let after: Int64
    let round: Int

    /// - Parameters:
    ///   - chain: the session's checkpoints, newest first.
    ///   - spare: how much source, in tokens, may be read again.
    init(of session: Session, chain: [Checkpoint], spare: Int, counter: any TokenCounter) {
        var rest = chain[...]
        var spare = spare
        while let digest = rest.first, digest.author == .digest, rest.count > 1 || digest.base == nil {
            spare -= Self.source(of: digest, before: rest.dropFirst().first)
            guard spare >= 0 else { break }
            rest = rest.dropFirst()
        }
        after = max(session.floorSeq, rest.first?.toSeq ?? session.floorSeq)
        guard let base = rest.first else {
            notes = []
            round = 0
            return
        }
        let isWorn = base.round >= Self.maxRound
        round = isWorn ? 1 : base.round + 1
        notes =
            isWorn
            ? Self.firstHand(of: Array(rest), counter: counter) : SummaryNotes(parsing: base.text).lines
    }

    /// How much source the messages are that a checkpoint newly covered.
    private static func source(of checkpoint: Checkpoint, before: Checkpoint?) -> Int {
        let messages = Int(checkpoint.toSeq - checkpoint.fromSeq + 1)
        return checkpoint.replacedTokens - (before?.tokens ?? 0) + messages * SourceMessage.headerTokens
    }

    /// The lines that each checkpoint wrote about its own messages, and what the newest one still knows of those before the oldest.
    private static func firstHand(of chain: [Checkpoint], counter: any TokenCounter) -> [SummaryLine] {
        guard let newest = chain.first, let oldest = chain.last else { return [] }
        let known = SummaryNotes(parsing: newest.text).lines
        var lines =
            oldest.base == nil ? [] : known.filter { line in line.sources.contains { $0.lowerBound < oldest.fromSeq } }
        for (place, checkpoint) in chain.enumerated().reversed() {
            let next = chain[..<place].last { $0.author != .digest }
            lines += own(of: checkpoint, after: chain.dropFirst(place + 1), before: next)
        }
        var seen: Set<String> = []
        // Of equal lines the newest stays.
        let unique = Array(lines.reversed().filter { seen.insert($0.text).inserted }.reversed())
        let sorted = SummarySection.allCases.flatMap { section in unique.filter { $0.section == section } }
        return bounded(sorted, counter: counter)
    }

    /// A digest's lines stand only until a model has read its messages again: then that one's do.
    private static func own(
        of checkpoint: Checkpoint, after older: ArraySlice<Checkpoint>, before next: Checkpoint?
    ) -> [SummaryLine] {
        if checkpoint.author == .digest, let next, next.round <= checkpoint.round { return [] }
        var first = checkpoint.fromSeq
        if checkpoint.author != .digest {
            for digest in older.prefix(while: { $0.author == .digest && checkpoint.round <= $0.round }) {
                first = digest.fromSeq
            }
        }
        guard first <= checkpoint.toSeq else { return [] }
        return SummaryNotes(parsing: checkpoint.text).lines.filter { $0.isWithin(first...checkpoint.toSeq) }
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
