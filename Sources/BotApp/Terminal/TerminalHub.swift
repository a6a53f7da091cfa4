import BotCore
import BotWeb

/// Hands what the bot says in the terminal's conversation to all terminals that listen.
final class TerminalHub: Sendable {
    /// How many events a terminal that does not read may be behind before it counts as gone.
    static let capacity = 1000

    private struct State {
        var nextID = 0
        var listeners: [Int: AsyncStream<ChatEvent>.Continuation] = [:]
    }

    private let state = Lock(State())

    /// A stream of events from now on; it ends when the hub closes.
    func listen() -> AsyncStream<ChatEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ChatEvent.self, bufferingPolicy: .bufferingOldest(Self.capacity))
        let id = state.withLock { state in
            state.nextID += 1
            state.listeners[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    /// Shows an event; returns whether any terminal took it.
    func show(_ event: ChatEvent) -> Bool {
        let listeners = state.withLock { $0.listeners }
        var taken = false
        for listener in listeners.values {
            switch listener.yield(event) {
            case .enqueued: taken = true
            case .dropped: listener.finish()
            case .terminated: break
            @unknown default: break
            }
        }
        return taken
    }

    /// Ends all streams.
    func close() {
        for listener in state.withLock({ $0.listeners }).values { listener.finish() }
    }
}
