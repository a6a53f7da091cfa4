import BotCore

/// Decides which messages of a person are one question and are answered once: the parts of an album, a text that the client has cut,
/// and a bundle of forwards with the comment that the client sends before it. Pure.
enum MessageJoin {
    /// The most messages that are joined; what comes beyond is a question of its own.
    static let maxParts = 50
    /// The most bytes of text that are joined.
    static let maxBytes = 256 * 1024
    /// How long after a part of an album the next one may come.
    static let albumPause = Duration.seconds(1)
    /// How long after a part of a cut text the next one may come: clients send it once the part before has arrived.
    static let cutPause = Duration.milliseconds(1200)
    /// How long after a forward, or the comment to it, the next forward may come.
    static let forwardPause = Duration.seconds(1)

    /// Whether a message belongs to those that came before it, which are at least one.
    static func joins(_ next: InboxEntry, to parts: [InboxEntry]) -> Bool {
        guard let last = parts.last, parts.count < maxParts, last.event.speaker.id == next.event.speaker.id,
            let before = Part(last.event.body), let part = Part(next.event.body),
            parts.reduce(part.bytes, { $0 + (Part($1.event.body)?.bytes ?? 0) }) <= maxBytes
        else { return false }
        if let album = part.album, album == before.album { return true }
        if part.isForward {
            // Before a forward stands another one, or the comment in the person's own words.
            return (before.isForward || before.isPlain) && isSoon(next, after: last, within: forwardPause)
        }
        return before.isCut && part.isPlain && isSoon(next, after: last, within: cutPause)
    }

    /// How long to wait for more after these messages; nil when they are all.
    static func pause(after parts: [InboxEntry]) -> Duration? {
        guard parts.count < maxParts, let last = parts.last.flatMap({ Part($0.event.body) }) else { return nil }
        if last.album != nil { return albumPause }
        if last.isForward { return forwardPause }
        return last.isCut ? cutPause : nil
    }

    /// By the platform's clock where it tells the moment, for after an outage everything is received at once. It tells whole seconds.
    private static func isSoon(_ next: InboxEntry, after last: InboxEntry, within pause: Duration) -> Bool {
        if let one = last.event.body.message?.sentAt, let other = next.event.body.message?.sentAt {
            return other.since(one) <= pause + .seconds(1)
        }
        return next.event.receivedAt.since(last.event.receivedAt) <= pause
    }

    /// What matters of a message here.
    private struct Part {
        var album: String?
        var isForward = false
        var isCut = false
        /// Whether it is nothing but words of the person's own, so that it can be the rest of a cut text.
        var isPlain = false
        var bytes = 0

        init?(_ body: InboundEvent.Body) {
            switch body {
            case .message(let message):
                album = message.album
                isForward = message.forwardedFrom != nil
                isCut = message.isCut && !isForward
                isPlain =
                    !isForward && album == nil && (message.quoted.map { $0.ownMessage != nil } ?? true)
                    && message.unreadable.isEmpty
                    && message.attachments.allSatisfy { $0.isPaste == true }
                bytes = message.text.utf8.count
            case .unreadable(kind: _, let album):
                self.album = album
            default: return nil
            }
        }
    }
}

extension InboundEvent.Body {
    /// The message, if it is one.
    var message: InboundMessage? { if case .message(let message) = self { message } else { nil } }
}
