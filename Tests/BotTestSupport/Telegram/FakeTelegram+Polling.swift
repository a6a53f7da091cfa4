import BotCore

extension FakeTelegram {
    /// `getUpdates`: an offset confirms all before it, one far in the future nothing; a poll that finds nothing is held
    /// until there is something, until its time is over, or until another poll replaces it.
    func getUpdates(_ arguments: [String: JSONValue]) async throws -> JSONValue {
        let offset = integer("offset", arguments) ?? 0
        let limit = min(max(integer("limit", arguments) ?? 100, 1), 100)
        let timeout = min(max(integer("timeout", arguments) ?? 0, 0), 50)
        let number = try change { state in
            if !state.webhook.isEmpty {
                throw FakeTelegramError(
                    code: 409,
                    description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                        + "delete the webhook first")
            }
            if case .array(let kinds) = arguments["allowed_updates"] {
                state.allowedUpdates = Set(
                    kinds.compactMap { if case .string(let kind) = $0 { kind } else { nil } })
            }
            if offset < 0 { state.violations.append("getUpdates: a negative offset deletes what waits") }
            if offset <= state.nextUpdateID + 10 {
                while let first = state.queue.first, first.id < offset { state.queue.removeFirst() }
            }
            state.pollNumber += 1
            return state.pollNumber
        }
        let deadline = time.uptime + .seconds(timeout)
        while true {
            let version = changes.version
            let (updates, current) = state.withLock { state in
                (state.queue.prefix(Int(limit)).map(\.json), state.pollNumber)
            }
            if current != number {
                throw FakeTelegramError(
                    code: 409,
                    description: "Conflict: terminated by other getUpdates request; make sure that only one bot "
                        + "instance is running")
            }
            if !updates.isEmpty || time.uptime >= deadline { return .array(updates) }
            try await wait(forChangeAfter: version, until: deadline)
        }
    }

    /// Ends at a change or at the deadline. A client that goes away is noticed when the answer is written.
    private func wait(forChangeAfter version: Int, until deadline: Duration) async throws {
        let time = time
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.changes.next(after: version) }
            group.addTask { try await time.sleep(untilUptime: deadline) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func integer(_ name: String, _ arguments: [String: JSONValue]) -> Int64? {
        if case .integer(let value) = arguments[name] { value } else { nil }
    }
}
