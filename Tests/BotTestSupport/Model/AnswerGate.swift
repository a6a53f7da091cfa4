/// Holds one scripted answer back until a test lets it go on.
package struct AnswerGate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    package init() { (stream, continuation) = AsyncStream.makeStream(of: Never.self) }

    /// Lets the answer go on.
    package func open() { continuation.finish() }

    /// Waits until the gate is open or the task is cancelled. One task passes a gate.
    func pass() async {
        for await _ in stream {}
    }
}
