import BotCore

/// Makes notes of messages without a model: the facts that people state in plain phrases, and the sentences that tell most. Pure, and
/// the same for the same messages.
struct SummaryDigest {
    /// What is new in a digest has at most so many tokens.
    private static let maxNewTokens = 300
    /// A sentence is noted whole or not at all; longer ones tell too little for their place.
    private static let maxLength = 240
    /// Shorter ones tell nothing, if they state no plain fact.
    private static let minLength = 8

    private struct Sentence {
        let text: String
        let message: SourceMessage
        let terms: [String]
    }

    private let counter: any TokenCounter
    private let budget: Int

    init(counter: any TokenCounter, budget: Int) {
        self.counter = counter
        self.budget = budget
    }

    /// - Returns: nil when there is nothing to note.
    func digest(of source: SummarySource) -> (notes: SummaryNotes, text: String, tokens: Int)? {
        let sentences = sentences(of: source.messages)
        var facts = facts(in: sentences)
        let subjects = Set(facts.compactMap(\.subject))
        // An old line about the same thing gives way to the newer one.
        let old = source.notes.filter { line in
            guard let subject = Self.subject(of: line) else { return true }
            return !subjects.contains(subject)
        }
        let fitter = SummaryFit(counter: counter)
        let newBudget = min(Self.maxNewTokens, budget)
        // The newest facts matter most where not all fit.
        while let text = fitText(facts.map(\.line)), counter.count(text) > newBudget { facts.removeFirst() }
        var new = facts.map(\.line)
        var used = new.isEmpty ? 0 : counter.count(SummaryNotes(lines: new).text)
        for sentence in ranked(sentences, without: Set(new.map(\.text))) {
            let line = line(of: sentence, in: .topics)
            let cost = counter.count(line.written) + 2
            guard used + cost <= newBudget else { break }
            used += cost
            new.append(line)
        }
        let first: (SummaryLine) -> Int64 = { $0.sources.first?.lowerBound ?? 0 }
        new.sort { ($0.section.rawValue, first($0)) < ($1.section.rawValue, first($1)) }
        let lines = SummarySection.allCases.flatMap { section in
            (old + new).filter { $0.section == section }
        }
        return fitter.fit(SummaryNotes(lines: lines), within: budget)
    }

    private func fitText(_ lines: [SummaryLine]) -> String? {
        lines.isEmpty ? nil : SummaryNotes(lines: lines).text
    }

    // MARK: - Facts

    private func facts(in sentences: [Sentence]) -> [(line: SummaryLine, subject: String?)] {
        var facts: [(line: SummaryLine, subject: String?)] = []
        for sentence in sentences {
            let isUser = sentence.message.role == .user
            if isUser, let fact = FactPatterns.fact(in: sentence.text) {
                let owner = sentence.message.speaker ?? ""
                let subject = fact.subject.map { "\(owner): \($0)" }
                if let subject { facts.removeAll { $0.subject == subject } }
                let line = line(of: sentence, in: fact.section)
                if !facts.contains(where: { $0.line.text == line.text }) { facts.append((line, subject)) }
            } else if sentence.message.role != .tool, FactPatterns.isPromise(sentence.text) {
                facts.append((line(of: sentence, in: .open), nil))
            }
        }
        return facts
    }

    /// What a line that a digest wrote is about.
    private static func subject(of line: SummaryLine) -> String? {
        guard let said = line.text.firstRange(of: " said: ") else { return nil }
        let owner = line.text[..<said.lowerBound]
        guard let subject = FactPatterns.fact(in: String(line.text[said.upperBound...]))?.subject else { return nil }
        return "\(owner == Self.user ? "" : owner): \(subject)"
    }

    private static let user = "The user"

    private func line(of sentence: Sentence, in section: SummarySection) -> SummaryLine {
        let message = sentence.message
        let speaker = DisplayName.cleaned(message.speaker ?? "")
        let owner =
            switch message.role {
            case .user: speaker.isEmpty ? Self.user : speaker
            case .assistant: "The assistant"
            case .tool, .system: "A tool"
            }
        return SummaryLine(
            section: section, text: "\(owner) said: \(SummaryPrompt.defused(sentence.text))",
            sources: [message.seq...message.seq])
    }

    // MARK: - Sentences

    private func sentences(of messages: [SourceMessage]) -> [Sentence] {
        var sentences: [Sentence] = []
        var seen: Set<String> = []
        for message in messages where message.role != .tool {
            for text in Self.split(message.text) where text.count <= Self.maxLength {
                guard seen.insert("\(message.speaker ?? "")/\(message.role.rawValue)/\(text)").inserted else {
                    continue
                }
                sentences.append(Sentence(text: text, message: message, terms: SearchText.terms(of: text)))
            }
        }
        return sentences
    }

    /// The sentences that tell most, by the rareness of their words among these messages; numbers count extra.
    private func ranked(_ sentences: [Sentence], without taken: Set<String>) -> [Sentence] {
        var frequency: [String: Int] = [:]
        for sentence in sentences { for term in sentence.terms { frequency[term, default: 0] += 1 } }
        let scored = sentences.enumerated().map { place, sentence -> (score: Double, place: Int) in
            // A term that occurs everywhere tells nothing, one that occurs once is often a slip: both weigh less.
            let weights = sentence.terms.map { term -> Double in
                let count = Double(frequency[term] ?? 1)
                return Double(sentences.count) / count > 1 ? Self.log2(Double(sentences.count) / count) : 0
            }
            let weight = weights.reduce(0, +) / (4 + Double(sentence.terms.count)).squareRoot()
            let hasNumber = sentence.text.contains(where: \.isNumber)
            let isQuestion = sentence.text.hasSuffix("?") || sentence.text.hasSuffix("？")
            return (weight * (hasNumber ? 1.3 : 1) * (isQuestion ? 0.8 : 1), place)
        }
        let best = scored.sorted { ($0.score, -$0.place) > ($1.score, -$1.place) }.map { sentences[$0.place] }
        return best.filter { $0.text.count >= Self.minLength && !taken.contains(line(of: $0, in: .topics).text) }
    }

    /// The logarithm, as exact as ranking needs it and without a library: the exponent, and the significand as a line between powers.
    private static func log2(_ value: Double) -> Double { Double(value.exponent) + value.significand - 1 }

    /// Splits at the ends of sentences and at line breaks; the full stop of a number or an abbreviation is none, since no space follows.
    static func split(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var isEnding = false
        for character in text {
            if character.isNewline || (isEnding && character.isWhitespace) {
                sentences.append(current)
                current = ""
                isEnding = false
                continue
            }
            current.append(character)
            isEnding = ".!?…".contains(character)
            if "。！？".contains(character) {
                sentences.append(current)
                current = ""
                isEnding = false
            }
        }
        sentences.append(current)
        return sentences.map(\.trimmed).filter { !$0.isEmpty }.map { sentence in
            // The last full stop says nothing and costs a token.
            sentence.hasSuffix(".") && !sentence.hasSuffix("..") ? String(sentence.dropLast()) : sentence
        }
    }
}
