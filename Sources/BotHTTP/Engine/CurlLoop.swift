import BotCore
import CCurl

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Drives all transfers and raw connections on one thread: nothing here is reached from another.
final class CurlLoop {
    private enum Entry {
        case transfer(ActiveTransfer)
        case connection(ActiveConnection)
    }

    /// The most easy handles that are kept for later requests.
    private static let spareHandles = 16
    /// The most connections that are kept open with no request on them.
    private static let idleConnections = 32
    /// The longest sleep when nothing is due.
    private static let longestSleep = Duration.seconds(60)

    private let multi: MultiHandle
    private let mailbox: Mailbox
    private let settings: HTTPClient.Configuration
    private let clock = SystemTime()
    private let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ActiveConnection.pieceSize, alignment: 16)

    private var entries: [UnsafeMutableRawPointer: Entry] = [:]
    private var handles: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]
    private var spares: [UnsafeMutableRawPointer] = []
    private var pools = ConnectionPools()
    private let alarm = Alarm()
    private var polled: [curl_waitfd] = []
    private var polledConnections: [ActiveConnection] = []
    private var stopping = false

    init(multi: MultiHandle, mailbox: Mailbox, settings: HTTPClient.Configuration) {
        self.multi = multi
        self.mailbox = mailbox
        self.settings = settings
    }

    deinit { receiveBuffer.deallocate() }

    /// Runs until `.stop`, then ends everything and frees libcurl's handles.
    func run() {
        _ = ccurl_multi_set_long(multi.raw, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        _ = ccurl_multi_set_long(multi.raw, CURLMOPT_MAXCONNECTS, Self.idleConnections)
        while true {
            for command in mailbox.take() { carryOut(command) }
            if stopping { break }
            var running: Int32 = 0
            let result = curl_multi_perform(multi.raw, &running)
            takeMessages()
            if result == CURLM_OK, sleep(until: expire()) { continue }
            // Out of memory or descriptors for libcurl itself. Nothing under way can be trusted; what comes later may work.
            endAll(.connectionLost("the network loop failed"))
            usleep(10_000)
        }
        endAll(.shutDown)
        for command in mailbox.close() { refuse(command) }
        pools.removeAll()
        for easy in spares { curl_easy_cleanup(easy) }
        multi.free()
    }

    // MARK: - Commands

    private func carryOut(_ command: LoopCommand) {
        switch command {
        case .start(let transfer): start(transfer)
        case .abandon(let transfer): removeEntry(of: transfer)
        case .resume(let transfer):
            guard case .transfer(let active) = entry(of: transfer) else { return }
            if let error = active.outcome(active.resume()) { end(active.easy, error) }
        case .connect(let connection): start(connection)
        case .receive(let connection), .send(let connection):
            if case .connection(let active) = entry(of: connection) { serve(active) }
        case .close(let connection): removeEntry(of: connection)
        case .stop: stopping = true
        }
    }

    private func refuse(_ command: LoopCommand) {
        switch command {
        case .start(let transfer), .abandon(let transfer), .resume(let transfer): transfer.finish(.shutDown)
        case .connect(let connection), .receive(let connection), .send(let connection), .close(let connection):
            connection.end(.shutDown)
        case .stop: break
        }
    }

    private func start(_ transfer: Transfer) {
        guard !transfer.isOver else { return }
        guard let easy = spares.popLast() ?? curl_easy_init() else {
            transfer.finish(.cannotConnect("out of memory"))
            return
        }
        let active = ActiveTransfer(transfer, easy: easy, alarm: alarm)
        let share = transfer.request.connectionLabel.flatMap { pools.take($0) }
        let result = active.configure(settings, share: share)
        add(.transfer(active), easy: easy, for: transfer, configured: result)
    }

    private func start(_ connection: Connection) {
        guard !connection.isOver else { return }
        guard let easy = curl_easy_init() else {
            connection.end(.cannotConnect("out of memory"))
            return
        }
        guard let share = ConnectionPools.makeShare() else {
            curl_easy_cleanup(easy)
            connection.end(.cannotConnect("out of memory"))
            return
        }
        let active = ActiveConnection(connection, easy: easy, share: share)
        alarm.bring(forwardTo: active.deadlines.next?.at)
        add(.connection(active), easy: easy, for: connection, configured: active.configure(settings))
    }

    private func add(_ entry: Entry, easy: UnsafeMutableRawPointer, for owner: AnyObject, configured: CURLcode) {
        entries[easy] = entry
        handles[ObjectIdentifier(owner)] = easy
        guard configured == CURLE_OK, curl_multi_add_handle(multi.raw, easy) == CURLM_OK else {
            end(easy, CurlFailure(code: configured, wasConnected: false).error)
            return
        }
    }

    // MARK: - Progress

    private func takeMessages() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let result = ccurl_message_result(message)
            switch entries[easy] {
            case .transfer(let active):
                end(easy, active.outcome(result))
            case .connection(let active) where result == CURLE_OK:
                if active.established() == nil { end(easy, .connectionLost("the connection broke at once")) }
            case .connection:
                end(easy, CurlFailure(result, of: easy, wasConnected: false).error)
            case nil:
                break
            }
        }
    }

    private func serve(_ active: ActiveConnection) {
        do {
            try active.send()
            try active.receive(into: receiveBuffer)
        } catch {
            end(active.easy, error)
        }
    }

    /// Ends what is overdue; returns when something will be.
    private func expire() -> Duration {
        let now = clock.uptime
        guard alarm.at <= now else { return alarm.at }
        var next = now + Self.longestSleep
        for (easy, entry) in entries {
            let deadlines =
                switch entry {
                case .transfer(let active): active.deadlines
                case .connection(let active): active.deadlines
                }
            guard let due = deadlines.next else { continue }
            if due.at <= now { end(easy, .timedOut(due.phase)) } else { next = min(next, due.at) }
        }
        if let swept = pools.sweep(at: now) { next = min(next, swept) }
        alarm.set(to: next)
        return next
    }

    /// Sleeps until a socket, a command or the time; false when libcurl cannot.
    private func sleep(until wakeUp: Duration) -> Bool {
        polled.removeAll(keepingCapacity: true)
        polledConnections.removeAll(keepingCapacity: true)
        for case .connection(let active) in entries.values {
            guard let socket = active.socket, active.waitsForInput || active.waitsForRoom else { continue }
            let events =
                (active.waitsForInput ? CURL_WAIT_POLLIN : 0) | (active.waitsForRoom ? CURL_WAIT_POLLOUT : 0)
            polled.append(curl_waitfd(fd: socket, events: Int16(events), revents: 0))
            polledConnections.append(active)
        }
        let span = max(0, (wakeUp - clock.uptime).wholeMilliseconds)
        var ready: Int32 = 0
        let result = polled.withUnsafeMutableBufferPointer { polled in
            curl_multi_poll(multi.raw, polled.baseAddress, UInt32(polled.count), Int32(span), &ready)
        }
        guard result == CURLM_OK else { return false }
        for (index, active) in polledConnections.enumerated() where polled[index].revents != 0 { serve(active) }
        return true
    }

    // MARK: - Ends

    private func entry(of owner: AnyObject) -> Entry? {
        handles[ObjectIdentifier(owner)].flatMap { entries[$0] }
    }

    private func removeEntry(of owner: AnyObject) {
        guard let easy = handles[ObjectIdentifier(owner)] else { return }
        end(easy, .cancelled)
    }

    /// Takes a handle out of libcurl, which closes a connection that is not done, and tells its owner.
    private func end(_ easy: UnsafeMutableRawPointer, _ error: HTTPError?) {
        guard let entry = entries.removeValue(forKey: easy) else { return }
        curl_multi_remove_handle(multi.raw, easy)
        switch entry {
        case .transfer(let active):
            handles[ObjectIdentifier(active.transfer)] = nil
            recycle(easy)
            if let label = active.transfer.request.connectionLabel {
                let now = clock.uptime
                pools.release(label, at: now)
                alarm.bring(forwardTo: now + ConnectionPools.idleLimit)
            }
            active.transfer.finish(error)
        case .connection(let active):
            handles[ObjectIdentifier(active.connection)] = nil
            curl_easy_cleanup(easy)
            curl_share_cleanup(active.share)
            active.connection.end(error ?? .connectionLost("the connection ended"))
        }
    }

    private func recycle(_ easy: UnsafeMutableRawPointer) {
        guard spares.count < Self.spareHandles else { return curl_easy_cleanup(easy) }
        // A reset keeps the share, so that is taken off first.
        _ = ccurl_set_pointer(easy, CURLOPT_SHARE, nil)
        curl_easy_reset(easy)
        spares.append(easy)
    }

    private func endAll(_ error: HTTPError) {
        for easy in Array(entries.keys) { end(easy, error) }
    }
}
