import BotCore
import BotTestSupport

/// Keeps events and cursors in memory, and can pretend that storing takes until the task is cancelled.
final class RecordingIntake: EventIntake, CursorStore {
    private struct State {
        var events: [InboundEvent] = []
        var cursors: [String: String] = [:]
        var isSlow = false
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())
    private let time = ManualTime()

    var events: [InboundEvent] { state.withLock { $0.events } }
    var texts: [String] {
        events.compactMap { if case .message(let message) = $0.body { message.text } else { nil } }
    }

    /// From now on `accept` stores, and returns only when its task is cancelled.
    func slowDown() { state.withLock { $0.isSlow = true } }

    func accept(_ events: [InboundEvent], cursor: Cursor?) async throws {
        let (isSlow, watchers) = state.withLock { state in
            let known = Set(state.events.map(\.externalID))
            state.events += events.filter { !known.contains($0.externalID) }
            if let cursor { state.cursors[cursor.name] = cursor.value }
            defer { state.watchers = [] }
            return (state.isSlow, state.watchers)
        }
        for watcher in watchers { watcher.resume() }
        // Nobody moves this clock: only the cancellation ends the wait.
        if isSlow { try? await time.sleep(for: .seconds(1)) }
    }

    func cursor(named name: String) async throws(StoreError) -> String? { state.withLock { $0.cursors[name] } }

    func setCursor(named name: String, to value: String?) async throws(StoreError) {
        state.withLock { $0.cursors[name] = value }
    }

    /// Waits until a message with the text was stored.
    func until(stored text: String) async {
        while true {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isThere = state.withLock { state in
                    let isThere = state.events.contains { $0.body == .message(InboundMessage(text: text)) }
                    if !isThere { state.watchers.append(continuation) }
                    return isThere
                }
                if isThere { continuation.resume() }
            }
            if texts.contains(text) { return }
        }
    }
}
