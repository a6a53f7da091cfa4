import BotCore

/// Finds out what an edit concerns, around the queue: a message that waits gets its new text, one that is being answered is begun again with
/// it, and one that is answered goes on in its lane. A message that is deleted while it waits is not answered; later that changes nothing.
struct EditHandler: Sendable {
    let services: ConversationServices

    func apply(_ entry: InboxEntry) async throws(StoreError) -> LaneDriver.JobEnd {
        let event = entry.event
        if case .deleted = event.body { return try await delete(entry) }
        let standing = services.access.standing(of: event.speaker, on: event.conversation.platform, in: event.scope)
        guard standing.isLetIn else { return try await end(entry) }
        let outcome = try await services.patiently { () async throws(StoreError) in
            try await services.store.applyEdit(entry.id)
        }
        switch outcome {
        // The edit ends only once the new text is sure to be answered; a crash before that applies it again.
        case .waiting(let message): return services.lanes.replace(message) ? try await end(entry) : .goesOn
        case .notWaiting: return .goesOn
        }
    }

    /// Whoever deletes a message, its person or a moderator, is asked by the platform whether they may.
    private func delete(_ entry: InboxEntry) async throws(StoreError) -> LaneDriver.JobEnd {
        let outcome = try await services.patiently { () async throws(StoreError) in
            try await services.store.applyEdit(entry.id)
        }
        if case .waiting(let message) = outcome { services.lanes.replaceWaiting(message) }
        return try await end(entry)
    }

    private func end(_ entry: InboxEntry) async throws(StoreError) -> LaneDriver.JobEnd {
        try await services.answer(entry, nil)
        return .done
    }
}

extension InboundEvent.Body {
    /// Whether it changes or takes away an earlier message.
    var changesMessage: Bool {
        switch self {
        case .edited, .deleted: true
        default: false
        }
    }
}
