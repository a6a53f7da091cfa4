import BotCore

/// A raw connection: where the tasks that use it and the loop's thread meet.
final class Connection: Sendable {
    private struct State {
        var establisher: CheckedContinuation<Void, Never>?
        var receiver: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?
        var sender: CheckedContinuation<HTTPError?, Never>?
        /// The bytes of the waiting sender, until the loop takes them.
        var outgoing: [UInt8]?
        /// Why the connection is of no more use.
        var ending: HTTPError?
    }

    let address: WebAddress
    let deadlines: HTTPDeadlines
    private let mailbox: Mailbox
    private let state = Lock(State())

    init(to address: WebAddress, deadlines: HTTPDeadlines, mailbox: Mailbox) {
        self.address = address
        self.deadlines = deadlines
        self.mailbox = mailbox
    }

    // MARK: - Called by tasks

    /// Waits until the connection stands.
    func establish() async throws(HTTPError) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.ending == nil else { return false }
                    state.establisher = continuation
                    return true
                }
                guard isWaiting else { return continuation.resume() }
                if !mailbox.post(.connect(self)) { end(.shutDown) }
            }
        } onCancel: {
            abandon(.cancelled)
        }
        if let ending = state.withLock({ $0.ending }) { throw ending }
    }

    /// Waits for bytes.
    func receive() async throws(HTTPError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Cancelled before or after this point, the task's receiver is found by one side or the other: the flag is
                // up before the handler runs, and both look under the lock.
                let refusal: HTTPError? = state.withLock { state in
                    if let ending = state.ending { return ending }
                    if Task.isCancelled { return .cancelled }
                    if state.receiver != nil { return .connectionLost("two tasks receive at once") }
                    state.receiver = continuation
                    return nil
                }
                if let refusal {
                    continuation.resume(returning: .failure(refusal))
                } else if !mailbox.post(.receive(self)) {
                    end(.shutDown)
                }
            }
        } onCancel: {
            takeReceiver()?.resume(returning: .failure(.cancelled))
        }
        return try result.get()
    }

    /// Sends bytes. When it is cancelled after some have left, the connection is closed: nobody could go on in the middle.
    func send(_ bytes: [UInt8]) async throws(HTTPError) {
        guard !bytes.isEmpty else { return }
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<HTTPError?, Never>) in
                let refusal: HTTPError? = state.withLock { state in
                    if let ending = state.ending { return ending }
                    if Task.isCancelled { return .cancelled }
                    if state.sender != nil { return .connectionLost("two tasks send at once") }
                    state.sender = continuation
                    state.outgoing = bytes
                    return nil
                }
                if let refusal {
                    continuation.resume(returning: refusal)
                } else if !mailbox.post(.send(self)) {
                    end(.shutDown)
                }
            }
        } onCancel: {
            cancelSend()
        }
        if let failure { throw failure }
    }

    /// Ends the connection and has its handle removed.
    func abandon(_ error: HTTPError) {
        if end(error) { mailbox.post(.close(self)) }
    }

    private func cancelSend() {
        let (sender, hasBegun) = state.withLock { state in
            let sender = state.sender
            let hasBegun = sender != nil && state.outgoing == nil
            state.sender = nil
            state.outgoing = nil
            return (sender, hasBegun)
        }
        if hasBegun { abandon(.connectionLost("a cancelled send had begun")) }
        sender?.resume(returning: .cancelled)
    }

    private func takeReceiver() -> CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>? {
        state.withLock { state in
            let receiver = state.receiver
            state.receiver = nil
            return receiver
        }
    }

    // MARK: - Called by the loop

    var isOver: Bool { state.withLock { $0.ending != nil } }

    var isReceiving: Bool { state.withLock { $0.receiver != nil } }

    /// The connection stands.
    func established() {
        let waiter = state.withLock { state in
            let waiter = state.establisher
            state.establisher = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Gives bytes, or nil for the end, to the task that waits; false when none does any more.
    func deliver(_ bytes: [UInt8]?) -> Bool {
        guard let receiver = takeReceiver() else { return false }
        receiver.resume(returning: .success(bytes))
        return true
    }

    /// The bytes that are to be sent; from here on a cancelled send closes the connection.
    func takeOutgoing() -> [UInt8]? {
        state.withLock { state in
            let outgoing = state.outgoing
            state.outgoing = nil
            return outgoing
        }
    }

    /// The kernel has taken all that was to be sent.
    func sent() {
        let sender = state.withLock { state in
            let sender = state.sender
            state.sender = nil
            return sender
        }
        sender?.resume(returning: nil)
    }

    /// Ends the connection for all who wait; false when it had ended before.
    @discardableResult
    func end(_ error: HTTPError) -> Bool {
        let (isNew, waiters) = state.withLock { state in
            let isNew = state.ending == nil
            if isNew { state.ending = error }
            let waiters = (state.establisher, state.receiver, state.sender)
            state.establisher = nil
            state.receiver = nil
            state.sender = nil
            state.outgoing = nil
            return (isNew, waiters)
        }
        waiters.0?.resume()
        waiters.1?.resume(returning: .failure(error))
        waiters.2?.resume(returning: error)
        return isNew
    }
}
