import CCurl

/// Sets the options of one easy handle and keeps the first failure, so that the caller checks once.
struct EasyOptions {
    /// How long a peer may leave sent bytes unacknowledged, or a keep-alive probe unanswered, before the kernel gives the
    /// connection up. Without it a connection that has silently died would be taken for one request after another.
    static let silenceLimitMilliseconds: UInt32 = 20_000

    let easy: UnsafeMutableRawPointer
    private(set) var failure: CURLcode = CURLE_OK

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    mutating func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(easy, option, value)) }

    mutating func set(_ option: CURLoption, offset: Int) { note(ccurl_set_offset(easy, option, curl_off_t(offset))) }

    /// Sets a text, which libcurl copies; nil unsets it.
    mutating func set(_ option: CURLoption, _ value: String?) { note(ccurl_set_string(easy, option, value)) }

    /// Sets a pointer, which must outlive the transfer.
    mutating func set(_ option: CURLoption, pointer: UnsafeRawPointer?) {
        note(ccurl_set_pointer(easy, option, pointer))
    }

    mutating func set(_ option: CURLoption, callback: ccurl_data_callback) {
        note(ccurl_set_data_callback(easy, option, callback))
    }

    mutating func set(prereq callback: ccurl_prereq_callback) { note(ccurl_set_prereq_callback(easy, callback)) }

    /// Sets what requests and raw connections have in common.
    mutating func setConnection(
        to address: WebAddress, unixSocket: String?, deadlines: HTTPDeadlines, _ settings: HTTPClient.Configuration
    ) {
        set(CURLOPT_URL, address.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        // Removing a handle must not wait for a name that is being resolved; the resolver's thread cleans up after itself.
        set(CURLOPT_QUICK_EXIT, 1)
        // The loop's own deadline is the exact one. libcurl's shares the time out between a host's addresses.
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, deadlines.connect.wholeMilliseconds))
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let caFile = settings.caFile {
            set(CURLOPT_CAINFO, caFile)
            set(CURLOPT_PROXY_CAINFO, caFile)
        }
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 10)
        note(ccurl_set_socket_callback(easy, prepareSocket))
        if let unixSocket {
            set(CURLOPT_UNIX_SOCKET_PATH, unixSocket)
            set(CURLOPT_PROXY, "")
        } else if address.isLoopback {
            set(CURLOPT_PROXY, "")
        } else if let proxy = settings.proxy, !proxy.isEmpty {
            set(CURLOPT_PROXY, proxy)
            // Set in so many words, it is for every host: `no_proxy` belongs to the variables that it overrides.
            set(CURLOPT_NOPROXY, "")
        }
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private mutating func note(_ result: CURLcode) {
        if failure == CURLE_OK { failure = result }
    }
}

private let prepareSocket: ccurl_socket_callback = { _, socket, purpose in
    if purpose == CURLSOCKTYPE_IPCXN { ccurl_prepare_socket(socket, EasyOptions.silenceLimitMilliseconds) }
    return Int32(CURL_SOCKOPT_OK)
}

extension Duration {
    /// In milliseconds, rounded up, so that a wait of that length never ends before the span does.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow || milliseconds > Int64(Int32.max) ? Int(Int32.max) : Int(milliseconds + fraction)
    }
}
