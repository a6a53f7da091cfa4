import BotCore

/// Decides which events of shared chats are the bot's business at all; the rest is not even stored.
final class IntakeFilter: Sendable {
    /// So many albums that were meant for the bot are remembered.
    private static let maxAlbums = 64

    /// An album in its chat.
    private struct Album: Equatable {
        let conversation: ConversationKey
        let id: String
    }

    let groups: GroupsMode
    private let addressed = Lock<[Album]>([])

    init(groups: GroupsMode) { self.groups = groups }

    /// The events that are taken, in order. Of an album one part alone has the caption, and with it the mention: the parts that come
    /// together with it, or later, are meant for the bot as well.
    func take(_ events: [InboundEvent]) -> [InboundEvent] {
        for event in events where event.scope.isShared && event.isAddressed { note(event) }
        return events.filter(takes)
    }

    func takes(_ event: InboundEvent) -> Bool {
        guard event.scope.isShared else { return true }
        if groups == .off { return false }
        switch event.body {
        case .broughtIn, .shutOut, .stopPressed, .buttonPressed, .deleted: return true
        // A command that is not addressed is another bot's, whatever the mode.
        case .command: return event.isAddressed
        case .unreadable: return event.isAddressed || isOfAddressedAlbum(event)
        case .message, .edited: return event.isAddressed || groups == .all || isOfAddressedAlbum(event)
        }
    }

    private func note(_ event: InboundEvent) {
        guard let album = album(of: event) else { return }
        addressed.withLock { albums in
            if !albums.contains(album) { albums.append(album) }
            if albums.count > Self.maxAlbums { albums.removeFirst() }
        }
    }

    private func isOfAddressedAlbum(_ event: InboundEvent) -> Bool {
        guard let album = album(of: event) else { return false }
        return addressed.withLock { $0.contains(album) }
    }

    private func album(of event: InboundEvent) -> Album? {
        let id: String? =
            switch event.body {
            case .message(let message): message.album
            case .unreadable(kind: _, let album): album
            default: nil
            }
        return id.map { Album(conversation: event.conversation, id: $0) }
    }
}
