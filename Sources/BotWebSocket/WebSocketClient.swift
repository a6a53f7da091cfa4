package import BotCore
package import BotHTTP

/// How long the parts of a connection's life may take.
package struct WebSocketTimeouts: Sendable {
    /// From the start of the closing handshake until the connection is dropped.
    package var close: Duration
    /// For one frame to leave.
    package var send: Duration

    package init(close: Duration = .seconds(3), send: Duration = .seconds(30)) {
        self.close = close
        self.send = send
    }
}

/// Opens WebSocket connections (RFC 6455, without extensions) over the HTTP client's connections, TLS and proxies.
package struct WebSocketClient: Sendable {
    /// Opens the connection that frames are spoken over, to an `http` or `https` address.
    package typealias Connect =
        @Sendable (_ url: String, _ deadlines: HTTPDeadlines) async throws(HTTPError) -> any ByteConnection

    private let connect: Connect
    private let time: any TimeSource
    private let timeouts: WebSocketTimeouts

    /// Makes a client that connects as the HTTP client does.
    package init(
        http: HTTPClient, time: any TimeSource = SystemTime(), timeouts: WebSocketTimeouts = WebSocketTimeouts()
    ) {
        self.init(time: time, timeouts: timeouts) { url, deadlines throws(HTTPError) in
            try await http.connect(to: url, deadlines: deadlines)
        }
    }

    /// Makes a client with its own way to connect.
    package init(
        time: any TimeSource = SystemTime(), timeouts: WebSocketTimeouts = WebSocketTimeouts(),
        connect: @escaping Connect
    ) {
        self.connect = connect
        self.time = time
        self.timeouts = timeouts
    }

    /// Opens a connection, runs the body with it and closes it: with code 1000 when the body returns and has not closed it
    /// itself, and without a close frame when it throws.
    ///
    /// - Parameters:
    ///   - url: a `ws` or `wss` address.
    ///   - headers: further fields of the upgrade request.
    ///   - deadlines: `connect` until the connection stands, `firstByte` (or 30 s) from there until it is upgraded.
    ///   - maxMessageBytes: the largest message, received or sent.
    /// - Throws: `WebSocketError` when the connection cannot be opened, or what the body throws.
    package func withConnection<Result>(
        to url: String, headers: [(name: String, value: String)] = [], deadlines: HTTPDeadlines = HTTPDeadlines(),
        maxMessageBytes: Int = 16 << 20, _ body: (WebSocketConnection) async throws -> Result
    ) async throws -> Result {
        let (bytes, first) = try await open(url, headers: headers, deadlines: deadlines)
        let machine = WebSocketMachine(maxMessageBytes: maxMessageBytes) { UInt32.random(in: .min ... .max) }
        let connection = WebSocketConnection(bytes, machine: machine, time: time, timeouts: timeouts)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await connection.run(first: first) }
            do {
                let result = try await body(connection)
                await connection.close()
                return result
            } catch {
                connection.abort()
                throw error
            }
        }
    }

    /// Connects and shakes hands; returns the bytes that came after the handshake, too.
    private func open(
        _ url: String, headers: [(name: String, value: String)], deadlines: HTTPDeadlines
    ) async throws(WebSocketError) -> (bytes: any ByteConnection, first: [UInt8]) {
        let handshake: WebSocketHandshake
        let bytes: any ByteConnection
        do throws(HTTPError) {
            let address = try WebSocketAddress(url)
            var random = SystemRandomNumberGenerator()
            handshake = try WebSocketHandshake(
                address, key: WebSocketHandshake.makeKey(using: &random), headers: headers)
            bytes = try await connect(address.connectURL, deadlines)
        } catch {
            throw error == .cancelled ? .cancelled : .cannotConnect(error)
        }
        let outcome = await withDeadline(deadlines.firstByte ?? .seconds(30), by: time) {
            await Self.shakeHands(handshake, over: bytes)
        }
        switch outcome {
        case .success(let first): return (bytes, first)
        case .failure(let error):
            bytes.close()
            throw error
        case nil:
            bytes.close()
            throw Task.isCancelled ? .cancelled : .cannotConnect(.timedOut(.firstByte))
        }
    }

    private static func shakeHands(
        _ handshake: WebSocketHandshake, over bytes: any ByteConnection
    ) async -> Swift.Result<[UInt8], WebSocketError> {
        var handshake = handshake
        do {
            try await bytes.send(handshake.request)
            while let received = try await bytes.receive() {
                if let first = try handshake.receive(received) { return .success(first) }
            }
            return .failure(.connectionLost("the server closed it during the handshake"))
        } catch let error as WebSocketError {
            return .failure(error)
        } catch let error as HTTPError {
            return .failure(WebSocketError(error))
        } catch {
            return .failure(.connectionLost("\(error)"))
        }
    }
}
