import BotCore

/// Remembers where Telegram has refused drafts, so that previews there are shown by edits. Lost at a restart, and asked
/// for again then.
final class DraftSupport: Sendable {
    /// So many chats are remembered; then the memory begins anew.
    static let maxChats = 10_000

    private struct State {
        var isMissing = false
        var hasNoPlaceholder = false
        var chats: Set<Int64> = []
    }

    private let state = Lock(State())

    /// Whether drafts may be tried in a chat.
    func isPossible(in chat: Int64) -> Bool {
        state.withLock { !$0.isMissing && !$0.chats.contains(chat) }
    }

    /// Whether an empty draft may be tried, which shows that the answer is being thought about (Bot API 10.0).
    var hasPlaceholder: Bool { state.withLock { !$0.hasNoPlaceholder } }

    /// Notes that the server is too old for empty drafts.
    func placeholderIsRefused() { state.withLock { $0.hasNoPlaceholder = true } }

    /// Notes that a chat takes no drafts.
    func isRefused(in chat: Int64) {
        state.withLock { state in
            if state.chats.count >= Self.maxChats { state.chats.removeAll() }
            state.chats.insert(chat)
        }
    }

    /// Notes that the server does not know drafts at all.
    func isUnknownToServer() { state.withLock { $0.isMissing = true } }
}
