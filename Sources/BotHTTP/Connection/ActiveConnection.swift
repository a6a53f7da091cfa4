import BotCore
import CCurl

/// A raw connection as the loop drives it. Lives on the loop's thread only.
///
/// It has a connection cache of its own, so that no other request's look for a connection can touch it. In the common cache it
/// would count as idle until the first bytes go over it, and idle connections are cleared away by age.
final class ActiveConnection {
    /// The most bytes that one `receive` returns, and that one call hands to TLS.
    static let pieceSize = 64 << 10

    let connection: Connection
    let easy: UnsafeMutableRawPointer
    let share: UnsafeMutableRawPointer
    var deadlines: DeadlineTracker
    private(set) var wasConnected = false
    /// The socket, once the connection stands.
    private(set) var socket: curl_socket_t?
    private(set) var waitsForInput = false
    private(set) var waitsForRoom = false

    /// What came after the bytes of the last `receive`, or that nobody took: the next one gets it first.
    private var leftover: [UInt8] = []
    private var hasEnded = false
    private var failure: HTTPError?

    private var outgoing: [UInt8] = []
    private var outgoingOffset = 0
    /// The bytes being sent. TLS wants a refused write repeated with the same memory, so they do not move.
    private let sendBuffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: ActiveConnection.pieceSize)
    private var sendRange = 0..<0

    init(_ connection: Connection, easy: UnsafeMutableRawPointer, share: UnsafeMutableRawPointer) {
        self.connection = connection
        self.easy = easy
        self.share = share
        deadlines = DeadlineTracker(connection.deadlines, start: SystemTime().uptime)
    }

    deinit { sendBuffer.deallocate() }

    /// Sets the handle's options; the first that libcurl refused, if any.
    func configure(_ settings: HTTPClient.Configuration) -> CURLcode {
        var options = EasyOptions(easy)
        options.setConnection(
            to: connection.address, unixSocket: nil, deadlines: connection.deadlines, settings)
        options.set(CURLOPT_CONNECT_ONLY, 1)
        // HTTP/2 has no place for raw bytes, and a proxy must not look into them.
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_HTTPPROXYTUNNEL, 1)
        options.set(CURLOPT_USERAGENT, settings.userAgent)
        options.set(CURLOPT_BUFFERSIZE, Self.pieceSize)
        options.set(CURLOPT_SHARE, pointer: share)
        return options.failure
    }

    /// Libcurl has done its part; nil when it lost the socket meanwhile.
    func established() -> curl_socket_t? {
        var socket = CURL_SOCKET_BAD
        guard ccurl_get_socket(easy, &socket) == CURLE_OK, socket != CURL_SOCKET_BAD else { return nil }
        self.socket = socket
        deadlines.ended()
        connection.established()
        return socket
    }

    /// Reads for the task that waits, if any: always tried before the socket is polled, because TLS may hold bytes that poll
    /// does not show. Nothing is read that nobody asked for, so a slow reader slows the peer.
    ///
    /// - Throws: `HTTPError` when the connection has broken.
    func receive(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) {
        waitsForInput = false
        guard socket != nil, connection.isReceiving else { return }
        if leftover.isEmpty, !hasEnded, failure == nil { read(into: buffer) }
        if !leftover.isEmpty {
            if connection.deliver(leftover) { leftover = [] }
        } else if let failure {
            throw failure
        } else if hasEnded {
            _ = connection.deliver(nil)
        } else {
            waitsForInput = true
        }
    }

    /// Takes all that is there, up to the buffer's size. An end or a failure behind bytes is kept for the next call, since the
    /// socket tells it only once.
    private func read(into buffer: UnsafeMutableRawBufferPointer) {
        var filled = 0
        reading: while filled < buffer.count {
            var count = 0
            let result = curl_easy_recv(easy, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, &count)
            switch result {
            case CURLE_OK where count > 0:
                filled += count
            case CURLE_OK:
                hasEnded = true
                break reading
            case CURLE_AGAIN:
                break reading
            default:
                failure = CurlFailure(code: result, wasConnected: true).error
                break reading
            }
        }
        leftover = Array(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    }

    /// Sends for the task that waits, as much as the kernel takes.
    ///
    /// - Throws: `HTTPError` when the connection has broken.
    func send() throws(HTTPError) {
        waitsForRoom = false
        guard socket != nil else { return }
        if let bytes = connection.takeOutgoing() {
            outgoing = bytes
            outgoingOffset = 0
        }
        while outgoingOffset < outgoing.count || !sendRange.isEmpty {
            if sendRange.isEmpty {
                let end = min(outgoingOffset + sendBuffer.count, outgoing.count)
                sendRange = 0..<sendBuffer.update(fromContentsOf: outgoing[outgoingOffset..<end])
                outgoingOffset = end
            }
            var count = 0
            let start = sendBuffer.baseAddress?.advanced(by: sendRange.lowerBound)
            let result = curl_easy_send(easy, start, sendRange.count, &count)
            switch result {
            case CURLE_OK:
                sendRange = (sendRange.lowerBound + count)..<sendRange.upperBound
            case CURLE_AGAIN:
                waitsForRoom = true
                return
            default:
                throw CurlFailure(code: result, wasConnected: true).error
            }
        }
        if !outgoing.isEmpty {
            outgoing = []
            outgoingOffset = 0
            connection.sent()
        }
    }
}
