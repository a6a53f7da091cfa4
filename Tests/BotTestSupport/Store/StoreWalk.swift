package import BotCore
import Testing

/// A random life of a store: the same seed makes the same steps on any store.
///
/// What it shows of a session leaves out numbers that a store gives as it likes, so that the walks of two stores can be compared.
package struct StoreWalk {
    /// The store that the next step is done on, which may be another one with the same data.
    package var store: any Store
    private var random: SplitMix
    private var seconds = 100
    private var sessions: [SessionID?] = [nil, nil, nil]

    package init(store: any Store, seed: UInt64) {
        self.store = store
        random = SplitMix(state: seed)
    }

    /// Does one step and tells what the session that it concerned shows then.
    package mutating func step() async throws -> String {
        seconds += Int.random(in: 0..<40, using: &random)
        let now = StoreSamples.at(seconds)
        let chat = Int.random(in: 0..<sessions.count, using: &random)
        let request = CommandRequest(
            conversation: .number(ConversationID(Int64(chat + 1))), event: nil, at: now)
        let id = try await session(chat, at: now)
        let known = try #require(try await store.session(id))
        let choice = Int.random(in: 0..<100, using: &random)
        let number = Int.random(in: 0..<1000, using: &random)
        var told = "\(choice)"
        switch choice {
        case 0..<50:
            let roles: [Role] = [.user, .assistant, .assistant, .user, .tool, .system]
            let message = StoreSamples.message(
                "w\(number % 7) w\(number % 11)", role: roles[number % roles.count], tokens: number % 13,
                externalID: number % 5 == 0 ? "e\(number)" : nil)
            _ = try await store.append(message, to: id, at: now)
        case 50..<65:
            let undone = Lock<[Undone]>([])
            _ = try await store.undo(request, within: .seconds(600)) { what in
                undone.withLock { $0.append(what) }
                return []
            }
            told += "\(undone.withLock { $0 })"
        case 65..<71:
            let outcome = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
            told += "\(outcome.summary)"
        case 71..<84:
            let through = known.coverage.seq + 1 + Int64(number % 6)
            let commit = try await store.commit(
                StoreSamples.summary(of: known, through: through, tokens: number % 17),
                ifRevision: known.revision - (number % 10 == 0 ? 1 : 0), at: now)
            told += commit == .outdated ? "outdated" : "stored"
        case 84..<90:
            _ = try await store.takeBackSummary(request, pause: number % 9, confirmation: { _ in [] })
        case 90..<95:
            told += "\(try await store.deleteCleared(before: now - .seconds(number % 400), limit: 1000))"
        case 95..<98: _ = try await store.expire(at: now + .seconds(number * 10), limit: 99)
        case 98: try await store.scrub()
        default:
            _ = try await store.forget(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
            sessions[chat] = nil
        }
        return try await told + " " + shown(of: id)
    }

    private mutating func session(_ chat: Int, at now: Timestamp) async throws -> SessionID {
        if let known = sessions[chat] { return known }
        let draft = StoreSamples.session(
            .number(ConversationID(Int64(chat + 1))), interface: chat == 0 ? "web" : "rest")
        let made = try await store.getOrCreate(draft, at: now).id
        sessions[chat] = made
        return made
    }

    private func shown(of id: SessionID) async throws -> String {
        guard let session = try await store.session(id) else { return "gone" }
        let coverage = session.coverage
        let chain = try await store.checkpoints(of: id, limit: 99).map { "\($0.fromSeq)-\($0.toSeq)/\($0.tokens)" }
        let live = try await store.newestMessages(of: id, limit: 5).map(\.seq)
        let all = try await store.messages(of: id, after: 0, limit: 1000, maxBytes: .max).map(\.seq)
        // Not each time: a search may change how much is indexed.
        let hits =
            seconds % 8 > 0
            ? [] : try await store.search(for: ["w1", "w3"], in: id, range: 0..<Int64.max, limit: 1000).map(\.seq)
        return """
            e\(session.epoch) r\(session.revision) \(session.floorSeq)<\(session.headSeq) \(session.messageCount) \
            \(session.inputTokens)+\(session.outputTokens) s\(session.summaries) \(coverage.seq) \
            \(coverage.liveMessages)/\(coverage.liveTokens) \(coverage.summaryTokens) next \(coverage.nextSummaryAt) \
            \(session.isActive) \(session.lastActiveAt) chain \(chain) live \(live) all \(all) hits \(hits.sorted())
            """
    }
}

/// A small generator of random numbers that is the same everywhere.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
