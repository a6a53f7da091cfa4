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

    private let configuration: Configuration

    /// Starts the client's thread.
    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Sends a request and returns the whole response.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        throw .shutDown
    }

    /// Sends a request and hands its response to the closure while it arrives. When the closure returns or throws, the rest
    /// of the body is abandoned and its connection closed; a slow closure pauses the transfer.
    ///
    /// - Throws: `HTTPError`, or what the closure throws.
    package func withStream<Result>(
        _ request: HTTPRequest, _ body: (HTTPResponseHead, HTTPBodyStream) async throws -> Result
    ) async throws -> Result {
        throw HTTPError.shutDown
    }

    /// Ends all transfers with `HTTPError.shutDown` and the thread.
    package func shutdown() {}
}
