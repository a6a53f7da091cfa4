/// One outbound request.
package struct HTTPRequest: Sendable {
    /// The method, as `GET`.
    package var method: String
    /// The absolute address, https or http. It may hold a token (Telegram), so it is never logged.
    package var url: String
    /// Header fields in the order they are sent.
    package var headers: [(name: String, value: String)]
    /// The body; nil for none.
    package var body: [UInt8]?
    package var deadlines: HTTPDeadlines
    /// The most bytes of body that are taken, after decompression, counted as they arrive.
    package var maxResponseBytes: Int
    /// Whether the request gets a connection of its own, so that it never waits for another and none waits for it (the
    /// long poll), closed afterwards unless the next such request with the same label takes it.
    package var connectionLabel: String?
    /// The path of a Unix socket to connect to instead of the address's host.
    package var unixSocket: String?

    package init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        deadlines: HTTPDeadlines = HTTPDeadlines(), maxResponseBytes: Int = 8 << 20, connectionLabel: String? = nil,
        unixSocket: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadlines = deadlines
        self.maxResponseBytes = maxResponseBytes
        self.connectionLabel = connectionLabel
        self.unixSocket = unixSocket
    }
}

/// How long each part of a request may take; nil is no limit of its own.
package struct HTTPDeadlines: Sendable, Equatable {
    /// Until the connection stands, TLS included.
    package var connect: Duration
    /// From the start until the response's head.
    package var firstByte: Duration?
    /// Between two pieces of the response's body.
    package var idle: Duration?
    /// For all of it.
    package var total: Duration?

    package init(
        connect: Duration = .seconds(10), firstByte: Duration? = .seconds(30), idle: Duration? = .seconds(30),
        total: Duration? = .seconds(60)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
