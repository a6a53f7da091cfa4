import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotWebSocket

/// What the driver does when the other side does not do its part: over a connection in memory, with a clock moved by hand.
@Suite(.timeLimit(.minutes(5)))
struct WebSocketDriverTests {
    private let bytes = MemoryConnection()
    private let time = ManualTime()

    private func withConnection(_ body: (WebSocketConnection) async throws -> Void) async rethrows {
        let machine = WebSocketMachine(maxMessageBytes: 1 << 20) { 0 }
        let connection = WebSocketConnection(bytes, machine: machine, time: time, timeouts: WebSocketTimeouts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await connection.run(first: []) }
            do {
                try await body(connection)
                connection.abort()
            } catch {
                connection.abort()
                throw error
            }
        }
    }

    @Test func closeGivesUpOnASilentPeer() async throws {
        await withConnection { connection in
            let closed = Lock(false)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await connection.close(code: 4000)
                    closed.withLock { $0 = true }
                }
                while !closed.withLock({ $0 }) {
                    time.advance(by: .seconds(1))
                    await Task.yield()
                }
            }
            #expect(bytes.sent == [[0x88, 0x82, 0, 0, 0, 0, 0x0F, 0xA0]])
            #expect(bytes.isClosed)
            #expect(time.uptime >= .seconds(3))
        }
    }

    @Test func dropsAConnectionThatTakesNothing() async throws {
        bytes.holdSends()
        await withConnection { connection in
            await withTaskGroup(of: WebSocketError?.self) { group in
                group.addTask { await failure { try await connection.send(text: "stuck") } }
                await bytes.waitForSend(1)
                await time.waitForSleepers()
                time.advance(by: .seconds(30))
                #expect(await group.next() == .connectionLost("a message did not leave in time"))
            }
            #expect(await failure { try await connection.receive() } == .connectionLost("aborted"))
            #expect(await failure { try await connection.send(text: "late") } != nil)
        }
    }

    @Test func refusesMoreThanTheQueueHolds() async throws {
        bytes.holdSends()
        await withConnection { connection in
            await withTaskGroup(of: WebSocketError?.self) { group in
                let send: @Sendable () async -> WebSocketError? = {
                    await failure { try await connection.send(text: "x") }
                }
                group.addTask { await send() }
                await bytes.waitForSend(1)
                for _ in 0..<65 { group.addTask { await send() } }
                #expect(await group.next() == .sendQueueFull, "64 wait and one is refused")
                connection.abort()
                for await error in group {
                    // The one that was under way says it in the connection's words.
                    #expect(error == .connectionLost("aborted") || error == .connectionLost("closed"))
                }
            }
        }
    }

    @Test func doesNotSendWhatACancelledSenderQueued() async throws {
        bytes.holdSends()
        try await withConnection { connection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await connection.send(text: "a") }
                await bytes.waitForSend(1)
                await withTaskGroup(of: WebSocketError?.self) { inner in
                    inner.addTask { await failure { try await connection.send(text: "b") } }
                    inner.cancelAll()
                    #expect(await inner.next() == .cancelled)
                }
                bytes.releaseSends()
                try await connection.send(text: "c")
                try await group.waitForAll()
            }
            #expect(bytes.sent.map(\.last) == [UInt8(ascii: "a"), UInt8(ascii: "c")])
        }
    }

    @Test func stillReadsWhyThePeerClosedWhenNothingCanBeSent() async throws {
        bytes.failSends()
        try await withConnection { connection in
            #expect(await failure { try await connection.send(text: "x") } != nil)
            bytes.put([0x88, 0x02, 0x0F, 0xA4])
            let message = try await connection.receive()
            #expect(message == .closed(code: 4004, reason: ""))
        }
    }

    @Test func pausesReadingWhileNobodyReceives() async throws {
        let message: [UInt8] = [0x82, 126, 0xFF, 0xF0] + [UInt8](repeating: 0, count: 0xFFF0)
        for _ in 0..<100 { bytes.put(message) }
        try await withConnection { connection in
            while bytes.taken < 16 { await Task.yield() }
            for received in 1...100 {
                _ = try await connection.receive()
                // 1 MiB holds 16 of these messages; one more may be under way.
                #expect(bytes.taken <= received + 17)
            }
        }
    }

    @Test func givesUpOnAPeerThatAsksForTooManyPongs() async throws {
        bytes.holdSends()
        try await withConnection { connection in
            // More pings than the queue holds, then a message: the pongs beyond are left out, the message comes.
            for _ in 0..<200 { bytes.put([0x89, 0x00]) }
            bytes.put([0x81, 0x01, 0x61])
            let message = try await connection.receive()
            #expect(message == .text("a"))
            bytes.releaseSends()
            await bytes.waitForSend(65)
        }
    }
}

/// The error of a call that ought to fail; nil when it did not.
private func failure<Value>(_ call: () async throws -> Value) async -> WebSocketError? {
    do {
        _ = try await call()
        return nil
    } catch let error as WebSocketError {
        return error
    } catch {
        Issue.record(error)
        return nil
    }
}

/// A connection in memory, whose sends the test can hold back or fail.
private final class MemoryConnection: ByteConnection {
    private enum SendMode { case pass, hold, fail }

    private struct State {
        var incoming: [[UInt8]] = []
        var taken = 0
        var sent: [[UInt8]] = []
        var begun = 0
        var isClosed = false
        var mode = SendMode.pass
    }

    private let state = Lock(State())

    var sent: [[UInt8]] { state.withLock { $0.sent } }
    var taken: Int { state.withLock { $0.taken } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func put(_ bytes: [UInt8]) { state.withLock { $0.incoming.append(bytes) } }
    func holdSends() { state.withLock { $0.mode = .hold } }
    func releaseSends() { state.withLock { $0.mode = .pass } }
    func failSends() { state.withLock { $0.mode = .fail } }

    /// Waits until so many sends have begun.
    func waitForSend(_ count: Int) async {
        while state.withLock({ $0.begun < count }) { await Task.yield() }
    }

    func receive() async throws(HTTPError) -> [UInt8]? {
        while true {
            if Task.isCancelled { throw .cancelled }
            if isClosed { throw .connectionLost("closed") }
            let next = state.withLock { state -> [UInt8]? in
                guard !state.incoming.isEmpty else { return nil }
                state.taken += 1
                return state.incoming.removeFirst()
            }
            if let next { return next }
            await Task.yield()
        }
    }

    func send(_ bytes: [UInt8]) async throws(HTTPError) {
        state.withLock { $0.begun += 1 }
        while true {
            if Task.isCancelled { throw .cancelled }
            if isClosed { throw .connectionLost("closed") }
            switch state.withLock({ $0.mode }) {
            case .pass: return state.withLock { $0.sent.append(bytes) }
            case .fail: throw .connectionLost("broken pipe")
            case .hold: await Task.yield()
            }
        }
    }

    func close() { state.withLock { $0.isClosed = true } }
}
