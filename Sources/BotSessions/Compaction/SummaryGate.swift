import BotCore

/// Judges what a summariser wrote. Pure.
///
/// A summary replaces what people said, so it may hold only what they said. Each line must cite messages that it may cite, and its
/// numbers and names must stand in them or in the old notes; wishes and consents must have been uttered. Lines that fail are left out;
/// a summary of which less than half stays is rejected whole.
struct SummaryGate {
    enum Verdict: Equatable {
        /// The lines that may be kept, within the budget, with the tokens of their text.
        case accepted(SummaryNotes, text: String, tokens: Int)
        case rejected(SummaryRejection)
    }

    /// An answer beyond this many bytes is no summary, and what is read of it stays bounded.
    private static let maxBytes = 65_536

    private let counter: any TokenCounter
    private let budget: Int

    /// - Parameter budget: the longest summary in tokens, by which it frees enough.
    init(counter: any TokenCounter, budget: Int) {
        self.counter = counter
        self.budget = budget
    }

    func judge(_ answer: String, finish: FinishReason, source: SummarySource) -> Verdict {
        if finish == .refused { return .rejected(.refusal) }
        guard answer.utf8.count <= Self.maxBytes else { return .rejected(.noGain) }
        let written = SummaryNotes(parsing: answer)
        guard !written.lines.isEmpty else { return .rejected(.empty) }
        if written.lines.allSatisfy({ $0.sources.isEmpty }), RefusalWords.begin(answer) { return .rejected(.refusal) }
        if isForeign(written, to: source) { return .rejected(.otherLanguage) }
        let check = LineCheck(source: source)
        var kept: [SummaryLine] = []
        var rejections: [SummaryRejection: Int] = [:]
        var seen: Set<String> = []
        for line in written.lines where seen.insert(line.written).inserted {
            // The last line of an answer that was cut off may be half a line, and then it cites nothing: no fault of its writer.
            let isCutOff = finish != .stop && line == written.lines.last && line.sources.isEmpty
            if isCutOff { continue }
            if let rejection = check.rejection(of: line) {
                rejections[rejection, default: 0] += 1
            } else {
                kept.append(line)
            }
        }
        let lost = rejections.values.reduce(0, +)
        if kept.isEmpty || lost > kept.count {
            return .rejected(Self.mainReason(of: rejections) ?? .empty)
        }
        guard let fitting = SummaryFit(counter: counter).fit(SummaryNotes(lines: kept), within: budget) else {
            return .rejected(.noGain)
        }
        return .accepted(fitting.notes, text: fitting.text, tokens: fitting.tokens)
    }

    /// Lines that were taken over as they are say nothing about the language of the rest.
    private func isForeign(_ notes: SummaryNotes, to source: SummarySource) -> Bool {
        let old = Set(source.notes.map(\.text))
        var mine = ScriptShares()
        for line in notes.lines where !old.contains(line.text) { mine.add(line.text) }
        var theirs = ScriptShares()
        for message in source.messages where message.role != .tool { theirs.add(message.text) }
        return theirs.isForeign(mine)
    }

    private static func mainReason(of rejections: [SummaryRejection: Int]) -> SummaryRejection? {
        // By number, and between equals the one that comes first in the list, so that the result is always the same.
        SummaryRejection.allCases.filter { rejections[$0] != nil }
            .max { (rejections[$0] ?? 0) < (rejections[$1] ?? 0) }
    }
}

/// Makes a summary fit by leaving out whole lines, the least needed first. Pure.
struct SummaryFit {
    /// What goes first when there is too much: old topics, then the ends of the other parts.
    private static let order: [SummarySection] = [.topics, .preferences, .decisions, .open, .facts]

    let counter: any TokenCounter

    /// - Returns: nil when not even one line fits.
    func fit(_ notes: SummaryNotes, within budget: Int) -> (notes: SummaryNotes, text: String, tokens: Int)? {
        var left = notes
        while !left.lines.isEmpty {
            let text = left.text
            let tokens = counter.count(text)
            if tokens <= budget { return (left, text, tokens) }
            // Far too much is brought down in few steps, the rest line by line.
            let excess = max(1, (tokens - budget) * left.lines.count / max(1, tokens) / 2)
            for _ in 0..<excess { Self.dropLeast(from: &left) }
        }
        return nil
    }

    private static func dropLeast(from notes: inout SummaryNotes) {
        for section in order {
            let isTopics = section == .topics
            let place =
                isTopics
                ? notes.lines.firstIndex { $0.section == section } : notes.lines.lastIndex { $0.section == section }
            if let place {
                notes.lines.remove(at: place)
                return
            }
        }
    }
}
