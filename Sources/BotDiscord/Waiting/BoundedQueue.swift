import BotCore
import DequeModule

/// A first-in-first-out queue with a bound, for one consumer: who pushes waits while it is full, who pops waits while it is
/// empty.
final class BoundedQueue<Element: Sendable>: Sendable {
    private let capacity: Int
    private let elements = Lock(Deque<Element>())
    private let filled = Signal()
    private let drained = Signal()

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { elements.withLock { $0.isEmpty } }
    var isFull: Bool { elements.withLock { $0.count >= capacity } }

    /// Appends the element; returns false, and drops it, when the queue is full.
    func offer(_ element: Element) -> Bool {
        let hasRoom = elements.withLock { elements in
            guard elements.count < capacity else { return false }
            elements.append(element)
            return true
        }
        if hasRoom { filled.notify() }
        return hasRoom
    }

    /// Appends the element as soon as there is room.
    ///
    /// - Throws: `CancellationError`; the element is dropped then.
    func push(_ element: Element) async throws {
        while !offer(element) {
            try Task.checkCancellation()
            await drained.wait(unless: { !self.isFull })
        }
    }

    /// Removes the oldest element if there is one.
    func take() -> Element? {
        let element = elements.withLock { $0.popFirst() }
        if element != nil { drained.notify() }
        return element
    }

    /// Waits for an element until the given uptime; nil when none came or the task was cancelled.
    func pop(until deadline: Duration? = nil, _ time: any TimeSource) async -> Element? {
        while true {
            if let element = take() { return element }
            if Task.isCancelled { return nil }
            if let deadline, time.uptime >= deadline { return nil }
            await filled.wait(unless: { !self.isEmpty }, until: deadline, time)
        }
    }

    /// Waits until there is room, the given uptime is reached or the task is cancelled.
    func waitForRoom(until deadline: Duration?, _ time: any TimeSource) async {
        await drained.wait(unless: { !self.isFull }, until: deadline, time)
    }
}
