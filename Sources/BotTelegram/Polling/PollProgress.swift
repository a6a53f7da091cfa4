import BotCore

/// What polling has come to: shared with the farewell, which confirms the last updates.
final class PollProgress: Sendable {
    private struct State {
        var identity: BotIdentity?
        var lastStored: Int64?
        var lastAsked: Int64?
        var isConcernTold = false
    }

    private let state = Lock(State())
    private let isIdentified = Gate(isOpen: false)

    var identity: BotIdentity? { state.withLock { $0.identity } }

    func identified(_ bot: BotIdentity) {
        state.withLock { state in
            state.identity = bot
            state.isConcernTold = false
        }
        isIdentified.set(open: true)
    }

    /// Who the bot is, once Telegram has said so.
    ///
    /// - Throws: `CancellationError` alone.
    func waitForIdentity() async throws -> BotIdentity {
        while true {
            try await isIdentified.wait()
            if let identity { return identity }
        }
    }

    /// Whether what concerns the owner is still to be told.
    func takeConcern() -> Bool {
        state.withLock { state in
            defer { state.isConcernTold = true }
            return !state.isConcernTold
        }
    }

    /// Notes that all up to this update are stored.
    func stored(upTo id: Int64) { state.withLock { $0.lastStored = id } }

    /// Notes a poll and the offset that it sends.
    func asked(from offset: Int64?) { state.withLock { $0.lastAsked = offset } }

    /// The offset that Telegram has not been told yet; nil when there is nothing to tell.
    var unconfirmedOffset: Int64? {
        state.withLock { state in
            guard let id = state.lastStored, id + 1 != state.lastAsked else { return nil }
            return id + 1
        }
    }
}
