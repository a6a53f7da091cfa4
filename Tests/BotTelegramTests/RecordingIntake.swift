import BotCore
import BotTestSupport

/// Keeps events and cursors in memory, and can pretend that storing takes until the task is cancelled.
final class RecordingIntake: EventIntake, CursorStore {
    private struct State {
        var events: [InboundEvent] = []
        var cursors: [String: String] = [:]
        var moves: [ChatMove] = []
        var order: [String] = []
    }

    private let state = Lock(State())
    private let room = Gate(isOpen: true)
    private let news = Gate(isOpen: false)

    var events: [InboundEvent] { state.withLock { $0.events } }
    var texts: [String] {
        events.compactMap { if case .message(let message) = $0.body { message.text } else { nil } }
    }

    /// From now on `accept` stores, and returns only when its task is cancelled or there is room again.
    func slowDown() { room.set(open: false) }

    /// There is room again.
    func hurryUp() { room.set(open: true) }

    func accept(_ events: [InboundEvent], cursor: Cursor?) async throws {
        state.withLock { state in
            let known = Set(state.events.map(\.externalID))
            let new = events.filter { !known.contains($0.externalID) }
            state.events += new
            state.order += new.map { if case .message(let message) = $0.body { message.text } else { "event" } }
            if let cursor { state.cursors[cursor.name] = cursor.value }
        }
        news.set(open: true)
        try? await room.wait()
    }

    /// What came, in order: texts of messages, and moves.
    var order: [String] { state.withLock { $0.order } }
    /// The chats that have moved, in order.
    var moves: [ChatMove] { state.withLock { $0.moves } }

    func move(_ move: ChatMove) async throws {
        state.withLock { state in
            state.moves.append(move)
            state.order.append("move")
        }
        news.set(open: true)
    }

    func cursor(named name: String) async throws(StoreError) -> String? { state.withLock { $0.cursors[name] } }

    func setCursor(named name: String, to value: String?) async throws(StoreError) {
        state.withLock { $0.cursors[name] = value }
    }

    /// Waits until a message with the text was stored, or the task is cancelled; one at a time.
    func until(stored text: String) async {
        while true {
            news.set(open: false)
            if texts.contains(text) { return }
            // Cancelled: what the test expects then fails.
            do { try await news.wait() } catch { return }
        }
    }
}
