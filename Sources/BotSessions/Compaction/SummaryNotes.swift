/// The parts of a summary, in their order.
package enum SummarySection: Int, Sendable, CaseIterable {
    case facts, preferences, decisions, open, topics

    /// The heading of the part.
    package var title: String {
        switch self {
        case .facts: "PEOPLE & FACTS"
        case .preferences: "PREFERENCES"
        case .decisions: "DECISIONS"
        case .open: "OPEN"
        case .topics: "TOPICS"
        }
    }

    /// The part that a line stands for as a heading; nil when it is none. Signs around the words do not matter.
    init?(heading line: some StringProtocol) {
        let letters = line.uppercased().filter { $0.isLetter || $0 == "&" }
        switch letters {
        case "PEOPLE&FACTS", "PEOPLEANDFACTS", "PEOPLEFACTS", "FACTS", "PEOPLE": self = .facts
        case "PREFERENCES": self = .preferences
        case "DECISIONS": self = .decisions
        case "OPEN": self = .open
        case "TOPICS": self = .topics
        default: return nil
        }
    }
}

/// One line of a summary, with the messages that it was taken from.
package struct SummaryLine: Sendable, Equatable {
    package let section: SummarySection
    /// What it says, without its sources.
    package let text: String
    /// The numbers of the messages; none when the line cites none.
    package let sources: [ClosedRange<Int64>]

    package init(section: SummarySection, text: String, sources: [ClosedRange<Int64>]) {
        self.section = section
        self.text = text
        self.sources = sources
    }

    /// The line as it is written: `- text [#3] [#5-6]`.
    package var written: String {
        let cited = sources.map {
            $0.lowerBound == $0.upperBound ? " [#\($0.lowerBound)]" : " [#\($0.lowerBound)-\($0.upperBound)]"
        }
        return "- " + text + cited.joined()
    }

    /// Whether all its sources lie in the range; never so for a line without any.
    func isWithin(_ range: ClosedRange<Int64>) -> Bool {
        !sources.isEmpty
            && sources.allSatisfy { $0.lowerBound >= range.lowerBound && $0.upperBound <= range.upperBound }
    }

    /// Whether it shares a source with the other.
    func overlaps(_ other: [ClosedRange<Int64>]) -> Bool {
        sources.contains { range in other.contains { $0.overlaps(range) } }
    }
}

/// A summary as lines.
package struct SummaryNotes: Sendable, Equatable {
    package var lines: [SummaryLine]

    package init(lines: [SummaryLine]) { self.lines = lines }

    /// Reads what was written, or what a model wrote: bullets of any kind, headings with any decoration. What stands before the
    /// first heading is a fact.
    package init(parsing text: String) {
        var section = SummarySection.facts
        lines = []
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            if trimmed.isEmpty { continue }
            if let heading = SummarySection(heading: trimmed) {
                section = heading
                continue
            }
            let (text, sources) = SourceMarks.take(from: trimmed.withoutBullet)
            // A line that ends with a colon and cites nothing introduces others.
            if sources.isEmpty, text.hasSuffix(":") || text.hasSuffix("：") || text.isEmpty { continue }
            lines.append(SummaryLine(section: section, text: text, sources: sources))
        }
    }

    /// The summary as it is stored and shown: each part that has lines under its heading.
    package var text: String {
        var parts: [String] = []
        for section in SummarySection.allCases {
            let lines = lines.filter { $0.section == section }
            guard !lines.isEmpty else { continue }
            parts.append(section.title)
            parts += lines.map(\.written)
        }
        return parts.joined(separator: "\n")
    }
}

extension StringProtocol {
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// The text after a bullet or an item's number.
    fileprivate var withoutBullet: String {
        guard let first else { return "" }
        if "-*•–—·・+".contains(first) { return drop { "-*•–—·・+ \t".contains($0) }.trimmed }
        let digits = prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, digits.count <= 2, let sign = dropFirst(digits.count).first, ".)".contains(sign),
            dropFirst(digits.count + 1).first?.isWhitespace == true
        {
            return dropFirst(digits.count + 1).trimmed
        }
        return String(self)
    }
}
