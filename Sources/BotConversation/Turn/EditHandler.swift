import BotCore

/// Finds out what an edit concerns, around the queue: a message that waits gets its new text, one that is being answered is begun again with
/// it, and one that is answered goes on in its lane.
struct EditHandler: Sendable {
    let services: ConversationServices

    func apply(_ entry: InboxEntry) async throws(StoreError) -> LaneDriver.JobEnd {
        let event = entry.event
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

    private func end(_ entry: InboxEntry) async throws(StoreError) -> LaneDriver.JobEnd {
        try await services.answer(entry, nil)
        return .done
    }
}

extension InboundEvent.Body {
    var isEdit: Bool { if case .edited = self { true } else { false } }
}
