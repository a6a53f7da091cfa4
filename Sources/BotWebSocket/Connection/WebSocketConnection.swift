import BotCore
import BotHTTP
import NIOWebSocket

/// An open WebSocket connection. It is had from `WebSocketClient.withConnection` and lives as long as the closure there.
///
/// Pings are answered even while nobody receives. When 1 MiB of messages wait to be received, reading pauses, and with it
/// the peer; when 64 frames wait to be sent, further ones are refused.
package final class WebSocketConnection: Sendable {
    private let bytes: any ByteConnection
    private let time: any TimeSource
    private let timeouts: WebSocketTimeouts
    private let machine: Lock<WebSocketMachine>
    private let inbound = InboundQueue(limit: 1 << 20)
    private let outbound = OutboundQueue(limit: 64)
    private let ending = Lock<WebSocketMachine.Ending?>(nil)
    /// Set when everything has been sent that will be and the connection is closed.
    private let finished = OneShot<Void>()

    init(
        _ bytes: any ByteConnection, machine: sending WebSocketMachine, time: any TimeSource,
        timeouts: WebSocketTimeouts
    ) {
        self.bytes = bytes
        self.time = time
        self.timeouts = timeouts
        self.machine = Lock(machine)
    }

    // MARK: - For the caller

    /// The next message; `.closed` when the peer has closed, then again at each call. One task receives at a time.
    ///
    /// - Throws: `WebSocketError`; `.cancelled` loses no message.
    package func receive() async throws(WebSocketError) -> WebSocketMessage {
        if let message = await inbound.next() { return message }
        switch ending.withLock({ $0 }) {
        case nil: throw .cancelled
        case .closed(let code, let reason): return .closed(code: code, reason: reason)
        case .failed(let error): throw error
        }
    }

    /// Sends a text message; returns when the kernel has taken it. Messages of one task leave in order.
    ///
    /// - Throws: `WebSocketError`. After `.cancelled` the message may or may not leave, but never in part.
    package func send(text: String) async throws(WebSocketError) {
        try await send(.text, text.utf8)
    }

    /// Sends a binary message, as `send(text:)` does.
    package func send(binary: [UInt8]) async throws(WebSocketError) {
        try await send(.binary, binary)
    }

    /// Sends a ping; the answer is not reported.
    ///
    /// - Parameter payload: at most 125 bytes.
    package func ping(_ payload: [UInt8] = []) async throws(WebSocketError) {
        guard payload.count <= 125 else { throw .tooLarge(limit: 125) }
        try await send(.ping, payload)
    }

    private func send(
        _ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>
    ) async throws(WebSocketError) {
        if Task.isCancelled { throw .cancelled }
        // Framed and queued under one lock, so that no message comes after the close frame.
        let entry = try machine.withLock { machine throws(WebSocketError) in
            let entry = OutboundQueue.Entry(try machine.frame(opcode, payload))
            try outbound.put(entry)
            return entry
        }
        let outcome = await entry.outcome.wait()
        // Tells the writer, too, that nobody waits any more: a frame that has not begun to leave will not.
        entry.outcome.set(.failure(.cancelled))
        guard let outcome else { throw .cancelled }
        try outcome.get()
    }

    /// Closes the connection: sends a close frame, waits for the peer's for a while, then drops the connection. Messages
    /// that still come are thrown away. Harmless when repeated. In a cancelled task it drops the connection at once.
    ///
    /// - Parameters:
    ///   - code: 1000 for an orderly end, or 3000 to 4999 for the caller's own meaning.
    ///   - reason: is cut to 123 bytes.
    package func close(code: Int = 1000, reason: String = "") async {
        machine.withLock { perform($0.close(code: code, reason: reason)) }
        inbound.discard()
        let finished = finished
        _ = await withDeadline(timeouts.close, by: time) { await finished.wait() }
        abort()
    }

    /// Drops the connection without a close frame. Whoever receives or sends gets `.connectionLost`.
    package func abort() {
        let error = WebSocketError.connectionLost("aborted")
        end(.failed(error))
        outbound.fail(error)
        bytes.close()
    }

    // MARK: - For the client

    /// Reads and writes until the connection has ended, then closes it.
    ///
    /// - Parameter first: the bytes that came with the handshake.
    func run(first: [UInt8]) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.write() }
            group.addTask { await self.read(first: first) }
        }
        abort()
        finished.set(())
    }

    private func read(first: [UInt8]) async {
        machine.withLock { perform($0.receive(first)) }
        while ending.withLock({ $0 == nil }) {
            await inbound.waitForRoom()
            do {
                let received = try await bytes.receive()
                machine.withLock { machine in
                    perform(received.map { machine.receive($0) } ?? machine.receiveEnd())
                }
            } catch {
                end(.failed(WebSocketError(error)))
            }
        }
    }

    private func write() async {
        while let entry = await outbound.next() {
            let bytes = bytes
            let sent = await withDeadline(timeouts.send, by: time) { () async -> Result<Void, HTTPError> in
                do throws(HTTPError) {
                    return .success(try await bytes.send(entry.frame))
                } catch {
                    return .failure(error)
                }
            }
            switch sent {
            case .success: entry.outcome.set(.success(()))
            case .failure(let error):
                let lost = WebSocketError(error)
                entry.outcome.set(.failure(lost))
                // Nothing leaves any more, but what the peer said last (why it closed) can still be read: the reader goes on.
                outbound.fail(lost)
            case nil:
                entry.outcome.set(.failure(.connectionLost("a message did not leave in time")))
                abort()
            }
        }
    }

    /// Does what the machine says; under the machine's lock, so that frames are queued in its order.
    private func perform(_ actions: [WebSocketMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let frame):
                // Fails only when nothing can be sent any more, which the reader will find out.
                try? outbound.put(OutboundQueue.Entry(frame), isUrgent: true)
            case .sendPong(let frame):
                // A peer that lets so much wait that the queue is full misses this pong and gets a later one.
                try? outbound.put(OutboundQueue.Entry(frame))
            case .deliver(let message): inbound.put(message)
            case .end(let how): end(how)
            }
        }
    }

    private func end(_ how: WebSocketMachine.Ending) {
        ending.withLock { if $0 == nil { $0 = how } }
        inbound.finish()
        outbound.finish()
    }
}
