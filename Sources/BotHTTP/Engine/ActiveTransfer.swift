import BotCore
import CCurl

/// A transfer as the loop drives it: its easy handle and what libcurl's callbacks need. Lives on the loop's thread only.
final class ActiveTransfer {
    let transfer: Transfer
    let easy: UnsafeMutableRawPointer
    var deadlines: DeadlineTracker
    /// Why the transfer was ended from inside a callback; libcurl's own code would only say that a callback ended it.
    private var failure: HTTPError?
    /// Whether a connection has stood, so that some of the request may have left.
    private var wasConnected = false
    private var isPaused = false
    private var head = HeadCollector()
    private var received = 0
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let alarm: Alarm
    private let clock = SystemTime()

    init(_ transfer: Transfer, easy: UnsafeMutableRawPointer, alarm: Alarm) {
        self.transfer = transfer
        self.easy = easy
        self.alarm = alarm
        deadlines = DeadlineTracker(transfer.request.deadlines, start: clock.uptime)
        alarm.bring(forwardTo: deadlines.next?.at)
    }

    deinit { curl_slist_free_all(headerList) }

    /// Sets the handle's options; the first that libcurl refused, if any.
    func configure(_ settings: HTTPClient.Configuration, share: UnsafeMutableRawPointer?) -> CURLcode {
        let request = transfer.request
        var options = EasyOptions(easy)
        options.setConnection(
            to: transfer.address, unixSocket: request.unixSocket, deadlines: request.deadlines, settings)
        // A stream may have to pause, and libcurl 7.88 delivers bytes twice when streams of one HTTP/2 connection pause while
        // others come and go. Over HTTP/1 each stream has a connection of its own, which closes when it is abandoned.
        options.set(
            CURLOPT_HTTP_VERSION,
            transfer.mode == .stream ? Int(CURL_HTTP_VERSION_1_1) : Int(CURL_HTTP_VERSION_2TLS))
        options.set(CURLOPT_ACCEPT_ENCODING, "")
        options.set(CURLOPT_USERAGENT, settings.userAgent)
        // No PIPEWAIT: it lets a request wait for another's connection, and over HTTP/1 even for the head of its answer.
        options.set(CURLOPT_SHARE, pointer: share)
        setMethod(request, &options)
        guard setHeaders(request, &options) else { return CURLE_OUT_OF_MEMORY }

        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        options.set(CURLOPT_HEADERFUNCTION, callback: takeHeaderLine)
        options.set(CURLOPT_HEADERDATA, pointer: context)
        options.set(CURLOPT_WRITEFUNCTION, callback: takeBody)
        options.set(CURLOPT_WRITEDATA, pointer: context)
        options.set(prereq: connectionStands)
        options.set(CURLOPT_PREREQDATA, pointer: context)
        return options.failure
    }

    /// Lets a paused transfer go on; tells how that went.
    func resume() -> CURLcode {
        guard isPaused else { return CURLE_OK }
        isPaused = false
        deadlines.progressed(at: clock.uptime)
        alarm.bring(forwardTo: deadlines.next?.at)
        // May call back at once with what libcurl kept, and may pause again.
        return curl_easy_pause(easy, Int32(CURLPAUSE_CONT))
    }

    /// The error for the caller when libcurl has done with the transfer; nil when all went well.
    func outcome(_ result: CURLcode) -> HTTPError? {
        if let failure { return failure }
        return result == CURLE_OK ? nil : CurlFailure(result, of: easy, wasConnected: wasConnected).error
    }

    private func setMethod(_ request: HTTPRequest, _ options: inout EasyOptions) {
        if let body = request.body {
            options.set(CURLOPT_POST, 1)
            options.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
            // An empty array may have no address, and no address would mean: ask a callback for the body.
            if body.isEmpty {
                options.set(CURLOPT_COPYPOSTFIELDS, "")
            } else {
                body.withUnsafeBytes { options.set(CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress) }
            }
            if request.method != "POST" { options.set(CURLOPT_CUSTOMREQUEST, request.method) }
            return
        }
        switch request.method {
        case "GET":
            options.set(CURLOPT_HTTPGET, 1)
        case "HEAD":
            options.set(CURLOPT_NOBODY, 1)
        case "POST", "PUT", "PATCH":
            // With no body these still announce a length, of nothing; servers refuse them otherwise.
            options.set(CURLOPT_POST, 1)
            options.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: 0)
            options.set(CURLOPT_COPYPOSTFIELDS, "")
            if request.method != "POST" { options.set(CURLOPT_CUSTOMREQUEST, request.method) }
        default:
            options.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    /// False when there is no memory.
    private func setHeaders(_ request: HTTPRequest, _ options: inout EasyOptions) -> Bool {
        // An "Expect: 100-continue" would cost each larger upload a second, and an announced form would be a lie.
        var lines = ["Expect:"]
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        for (name, value) in request.headers { lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)") }
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else { return false }
            headerList = list
        }
        options.set(CURLOPT_HTTPHEADER, pointer: headerList.map { UnsafeRawPointer($0) })
        return true
    }

    // MARK: - Callbacks

    fileprivate func take(headerLine: UnsafeBufferPointer<UInt8>) {
        guard let head = head.feed(headerLine) else { return }
        deadlines.progressed(at: clock.uptime)
        alarm.bring(forwardTo: deadlines.next?.at)
        transfer.publish(head)
    }

    /// Returns what the write callback returns.
    fileprivate func take(body: UnsafeBufferPointer<UInt8>) -> Int {
        let limit = transfer.request.maxResponseBytes
        guard received + body.count <= limit else {
            failure = .tooLarge(limit: limit)
            return Int(CURL_WRITEFUNC_ERROR)
        }
        guard transfer.accept(body) else {
            isPaused = true
            deadlines.paused()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        received += body.count
        deadlines.progressed(at: clock.uptime)
        return body.count
    }

    /// The connection stands, and the request is about to leave; false when it must not.
    ///
    /// libcurl tries once more on a new connection when a reused one breaks before a byte of the answer. The server may
    /// have acted on the first try, so only requests that change nothing may go out twice.
    fileprivate func mayLeave() -> Bool {
        let method = transfer.request.method
        if wasConnected, method != "GET", method != "HEAD" {
            failure = .connectionLost("the connection broke before an answer came")
            return false
        }
        wasConnected = true
        deadlines.connected()
        return true
    }
}

private func active(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
    // The loop keeps the object until its handle is removed, and libcurl calls back only while it is not.
    context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private let takeHeaderLine: ccurl_data_callback = { bytes, size, count, context in
    let length = size * count
    guard let bytes, let active = active(context) else { return 0 }
    bytes.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
        active.take(headerLine: UnsafeBufferPointer(start: bytes, count: length))
    }
    return length
}

private let takeBody: ccurl_data_callback = { bytes, size, count, context in
    let length = size * count
    guard let bytes, let active = active(context) else { return 0 }
    return bytes.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
        active.take(body: UnsafeBufferPointer(start: bytes, count: length))
    }
}

private let connectionStands: ccurl_prereq_callback = { context, _, _, _, _ in
    guard let active = active(context), active.mayLeave() else { return CURL_PREREQFUNC_ABORT }
    return CURL_PREREQFUNC_OK
}
