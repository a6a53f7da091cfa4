import BotCore

/// Checks single lines of a summary against what they cite. Pure.
struct LineCheck {
    /// Models miss the right number by one or two now and then: neighbours of a cited message count as cited.
    private static let neighbours: Int64 = 2
    /// A note repeats a fact, not a paragraph: no more of one message in a row, in characters.
    private static let maxCopied = 200

    private let source: SummarySource
    private let old: [SummaryEvidence]
    private let oldTexts: Set<String>
    private let messages: [(message: SourceMessage, evidence: SummaryEvidence)]
    /// The texts of the messages as copies are looked for in them.
    private let squeezed: [String]
    /// Whether every noun is written with a capital, so that capitals do not tell names.
    private let capitalizesNouns: Bool

    init(source: SummarySource) {
        self.source = source
        old = source.notes.map { SummaryEvidence(of: $0.text) }
        oldTexts = Set(source.notes.map(\.text))
        messages = source.messages.map {
            ($0, SummaryEvidence(of: "\($0.speaker ?? "") \($0.text)"))
        }
        squeezed = source.messages.map { Self.squeezed($0.text) }
        capitalizesNouns = Self.capitalizesNouns(source.messages)
    }

    /// Why the line cannot be used; nil when it can.
    func rejection(of line: SummaryLine) -> SummaryRejection? {
        if isTag(line.text) { return .markup }
        if isTurn(line.text) { return .imitation }
        guard !line.sources.isEmpty else { return .uncited }
        guard line.isWithin(source.citable) else { return .outOfRange }
        if oldTexts.contains(line.text) { return nil }
        if OrderWords.begin(line.text) { return .instruction }
        if isCopied(line.text) { return .echo }
        let cited = cited(by: line)
        guard !cited.messages.isEmpty || !cited.old.isEmpty else { return .outOfRange }
        let evidence = cited.messages.map(\.evidence) + cited.old
        if !hasNumbers(line, in: evidence, dates: cited.messages.map(\.message.createdAt)) { return .inventedNumber }
        if !hasNames(line.text, in: evidence) { return .inventedName }
        if let claim = ClaimWords(line.text) {
            let spoken = cited.messages.filter { claim.isOfAssistant || $0.message.role == .user }.map(\.evidence)
            if !claim.isSupported(by: spoken + cited.old) { return .unsupportedClaim }
        }
        return nil
    }

    // MARK: - Form

    private func isTag(_ text: String) -> Bool {
        let lowered = text.lowercased()
        let ownTags = ["<notes", "<transcript", "<summary", "<recall", "<system", "<|"]
        return lowered.contains("</") || ownTags.contains { lowered.contains($0) }
    }

    /// `user: ...`, or the header of a line of the transcript.
    private func isTurn(_ text: String) -> Bool {
        let start = text.drop { !$0.isLetter && $0 != "[" }.lowercased()
        if start.hasPrefix("[#") || start.hasPrefix("[ #") { return true }
        let roles = [
            "user", "assistant", "system", "human", "ai", "bot", "tool", "用户", "助手", "系统", "ユーザー", "アシスタント",
            "пользователь", "ассистент", "benutzer", "assistent", "usuario", "asistente", "utilisateur",
        ]
        return roles.contains { role in
            guard start.hasPrefix(role) else { return false }
            let sign = start.dropFirst(role.count).drop { $0 == "*" || $0.isWhitespace }.first
            return sign == ":" || sign == "：" || sign == ">"
        }
    }

    private func isCopied(_ text: String) -> Bool {
        let squeezed = Self.squeezed(text)
        guard squeezed.count >= Self.maxCopied else { return false }
        // Any copied run of this length holds one of the pieces that begin at every half of it.
        let step = Self.maxCopied / 2
        var start = squeezed.startIndex
        while let end = squeezed.index(start, offsetBy: step, limitedBy: squeezed.endIndex) {
            let piece = squeezed[start..<end]
            if self.squeezed.contains(where: { $0.contains(piece) }) { return true }
            start = end
        }
        return false
    }

    private static func squeezed(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    // MARK: - Content

    private func cited(
        by line: SummaryLine
    ) -> (messages: [(message: SourceMessage, evidence: SummaryEvidence)], old: [SummaryEvidence]) {
        let wide = line.sources.map { $0.lowerBound - Self.neighbours...$0.upperBound + Self.neighbours }
        let cited = messages.filter { entry in wide.contains { $0.contains(entry.message.seq) } }
        let notes = zip(source.notes, old).filter { $0.0.overlaps(line.sources) }.map(\.1)
        return (cited, notes)
    }

    private func hasNumbers(_ line: SummaryLine, in evidence: [SummaryEvidence], dates: [Timestamp]) -> Bool {
        let days = Set(dates.map { SummaryDay(of: $0) })
        for group in SummaryEvidence.groups(of: line.text) {
            let parts = group.map(SummaryEvidence.bare)
            let whole = SummaryEvidence.bare(group.joined())
            if evidence.contains(where: { $0.has(number: whole) }) { continue }
            let isKnown = parts.allSatisfy { part in
                evidence.contains { $0.has(number: part) || $0.has(month: part) }
            }
            if isKnown || Self.isDate(parts, near: days, in: line.text) { continue }
            if parts.count == 1, isUntil(whole, in: line.text) { continue }
            return false
        }
        return true
    }

    /// `2026-11-24` or `24 November` for "tomorrow": a day near those on which the messages were written, or its year alone.
    private static func isDate(_ parts: [String], near days: Set<SummaryDay>, in text: String) -> Bool {
        let numbers = parts.compactMap { Int($0) }
        if numbers.count == 1, let number = numbers.first {
            if days.contains(where: { abs($0.year - number) <= 1 }) { return true }
            let months = SummaryEvidence(of: text)
            let near = days.flatMap { day in (-31...31).map { SummaryDay(number: day.number + $0) } }
            return near.contains { $0.date.day == number && months.has(month: "\($0.date.month)") }
        }
        guard numbers.count == 3, let day = SummaryDay(year: numbers[0], month: numbers[1], day: numbers[2]) else {
            return false
        }
        return days.contains { abs($0.number - day.number) <= 31 }
    }

    /// `until #12`: the number of a message, if there can be one with it.
    private func isUntil(_ number: String, in text: String) -> Bool {
        guard let seq = Int64(number) else { return false }
        return text.contains("#\(seq)") && source.citable.contains(seq)
    }

    private func hasNames(_ text: String, in evidence: [SummaryEvidence]) -> Bool {
        let words = SummaryEvidence.words(of: text)
        var unknown = 0
        for (index, word) in words.enumerated() {
            guard let first = word.text.first, first.isUppercase, word.text.count >= 2 else { continue }
            if NameWords.isCommon(word.text) { continue }
            if word.isFirst {
                // A sentence begins with a capital anyway: it is a name where it does something.
                guard index + 1 < words.count, NameWords.followsName(words[index + 1].text) else { continue }
            }
            if !evidence.contains(where: { $0.has(word.text) }) { unknown += 1 }
        }
        guard capitalizesNouns else { return unknown == 0 }
        // Nouns may be put in other words; a line most of whose nouns are new was not taken from its source.
        let capitals = words.count { $0.text.first?.isUppercase == true }
        return unknown * 2 <= capitals
    }

    private static func capitalizesNouns(_ messages: [SourceMessage]) -> Bool {
        var all = 0
        var capitals = 0
        for message in messages where message.role != .tool {
            for word in SummaryEvidence.words(of: message.text) where !word.isFirst && word.text.count >= 2 {
                all += 1
                if word.text.first?.isUppercase == true { capitals += 1 }
            }
        }
        return all >= 20 && capitals * 5 > all
    }
}
