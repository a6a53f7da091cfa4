/// The one outbound HTTP client: Telegram, Discord's REST API and the models share it, its connections and its settings.
package final class HTTPClient: Sendable {
    /// Settings of the client.
    package struct Configuration: Sendable {
        /// The proxy for all requests but those to loopback; nil takes the usual environment variables.
        package var proxy: String?
        /// A file of certificate authorities (PEM) to trust instead of the system's.
        package var caFile: String?
        /// The `User-Agent` of requests that bring none.
        package var userAgent: String

        package init(proxy: String? = nil, caFile: String? = nil, userAgent: String = "mybot") {
            self.proxy = proxy
            self.caFile = caFile
            self.userAgent = userAgent
        }
    }

    /// Nil when the system had no room for the thread: then every request fails with `.cannotConnect`.
    private let engine: CurlEngine?

    /// Starts the client's thread.
    package init(_ configuration: Configuration = Configuration()) {
        engine = CurlEngine(configuration)
    }

    deinit { shutdown() }

    /// Sends a request and returns the whole response.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let transfer = try makeTransfer(request, mode: .whole)
        let result = await withTaskCancellationHandler {
            transfer.start()
            return await transfer.wholeResponse()
        } onCancel: {
            transfer.cancel()
        }
        return try result.get()
    }

    /// Sends a request and hands its response to the closure while it arrives. When the closure returns or throws, the rest
    /// of the body is abandoned and its connection closed; a slow closure pauses the transfer.
    ///
    /// - Throws: `HTTPError`, or what the closure throws.
    package func withStream<Result>(
        _ request: HTTPRequest, _ body: (HTTPResponseHead, HTTPBodyStream) async throws -> Result
    ) async throws -> Result {
        let transfer = try makeTransfer(request, mode: .stream)
        return try await withTaskCancellationHandler {
            transfer.start()
            defer { transfer.cancel() }
            return try await body(try await transfer.responseHead(), HTTPBodyStream(transfer))
        } onCancel: {
            transfer.cancel()
        }
    }

    /// Opens a connection that carries raw bytes: TCP, the proxy's part and, for https, TLS are done when it returns.
    ///
    /// Of the deadlines `connect` counts, and `total` if it is shorter; once the connection stands it has none.
    package func connect(
        to url: String, deadlines: HTTPDeadlines = HTTPDeadlines()
    ) async throws(HTTPError) -> any ByteConnection {
        let address = try WebAddress(url)
        let connection = Connection(to: address, deadlines: deadlines, mailbox: try runningEngine().mailbox)
        try await connection.establish()
        return CurlByteConnection(connection)
    }

    /// Ends all transfers with `HTTPError.shutDown` and the thread.
    package func shutdown() { engine?.stop() }

    private func makeTransfer(_ request: HTTPRequest, mode: Transfer.Mode) throws(HTTPError) -> Transfer {
        try request.validate()
        let address = try WebAddress(request.url)
        return Transfer(request, to: address, mode: mode, mailbox: try runningEngine().mailbox)
    }

    private func runningEngine() throws(HTTPError) -> CurlEngine {
        guard let engine else { throw .cannotConnect("no room for the network thread") }
        return engine
    }
}
