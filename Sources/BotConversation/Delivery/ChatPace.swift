import BotCore
import DequeModule

/// How many messages a chat has taken of late, and how fast it takes them as far as its 429s have taught. Pure.
struct ChatPace: Sendable {
    private static let minute: Duration = .seconds(60)
    /// How far apart messages are after the first 429, and at most.
    private static let firstSpacing: Duration = .seconds(1)
    private static let longestSpacing: Duration = .seconds(4)
    /// How long a 429 is remembered.
    private static let memory: Duration = .seconds(300)

    /// When the messages and edits of the last minute went, in order.
    private var recent: Deque<Duration> = []
    private var spacing: Duration = .zero
    private var floodedUntil: Duration = .zero

    /// Notes a message or an edit.
    mutating func used(at now: Duration) {
        recent.append(now)
        while let first = recent.first, first <= now - Self.minute { recent.removeFirst() }
        if now >= floodedUntil + Self.memory { spacing = .zero }
    }

    /// Notes a 429: from now on messages are further apart.
    mutating func flooded(until: Duration) {
        spacing = spacing == .zero ? Self.firstSpacing : min(spacing * 2, Self.longestSpacing)
        floodedUntil = max(floodedUntil, until)
    }

    /// Before when no message goes.
    var messageDue: Duration { (recent.last ?? .zero) + spacing }

    /// Before when no frame of a preview goes.
    ///
    /// Where only so many messages and edits are taken a minute, frames begin to be rarer when three tenths of them are used, and
    /// end at six tenths: the rest is for final texts.
    func frameDue(at now: Duration, perMinute: Int?) -> Duration {
        let learnt = (recent.last ?? .zero) + spacing * 2
        guard let perMinute, perMinute > 0, let last = recent.last else { return learnt }
        let used = recent.count { $0 > now - Self.minute }
        if used < perMinute * 3 / 10 { return learnt }
        let rare = last + Self.minute * 2 / perMinute
        let most = max(1, perMinute * 6 / 10)
        if used < most { return max(learnt, rare) }
        return max(learnt, rare, recent[recent.count - most] + Self.minute)
    }

    /// Whether nothing of it matters any more.
    func isIdle(at now: Duration) -> Bool {
        let isQuiet = recent.last.map { $0 <= now - Self.minute } ?? true
        return isQuiet && (spacing == .zero || now >= floodedUntil + Self.memory)
    }
}

extension PreviewStyle {
    /// How many messages and edits the platform takes of the chat a minute; nil where it states no number.
    var perMinute: Int? {
        if case .edit(_, let perMinute) = self { perMinute } else { nil }
    }
}
