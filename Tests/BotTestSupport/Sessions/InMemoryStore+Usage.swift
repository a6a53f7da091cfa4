package import BotCore

private struct UsageKind: Hashable {
    let model: String?
    let purpose: UsageShare.Purpose
    let period: UsageShare.Period
    let asker: UsageShare.Asker
}

extension InMemoryStore {
    package func bookSummary(
        _ usage: TokenUsage, model: String, of session: SessionID, at now: Timestamp
    ) async throws(StoreError) {
        try transaction { state in
            state.bookings.append(
                InMemoryState.Booking(
                    session: session, turn: nil, model: model, person: nil, usage: usage, at: now))
        }
    }

    package func usage(
        of session: SessionID, askedBy person: String?, at now: Timestamp
    ) async throws(StoreError) -> [UsageShare] {
        try transaction { state in
            guard state.sessions[session] != nil else { return [] }
            let own = state.bookings.filter { $0.session == session }
            let groups = Dictionary(grouping: own) { booking in
                UsageKind(
                    model: booking.model, purpose: booking.turn == nil ? .summary : .answer,
                    period: booking.at >= now.startOfDay
                        ? .today : booking.at >= now.startOfMonth ? .earlierThisMonth : .earlier,
                    asker: booking.person == nil
                        ? .unknown : booking.person == person ? .person : .somebodyElse)
            }
            return groups.map { kind, bookings in
                UsageShare(
                    model: kind.model, purpose: kind.purpose, period: kind.period, asker: kind.asker,
                    requests: bookings.count,
                    tokens: TokenUsage(
                        promptTokens: bookings.reduce(0) { $0 + $1.usage.promptTokens },
                        completionTokens: bookings.reduce(0) { $0 + $1.usage.completionTokens },
                        cachedTokens: bookings.reduce(0) { $0 + $1.usage.cachedTokens }))
            }
        }
    }
}
